import { hasEmail } from '../../login/tickets.ts';
import { type Connection, isDatabase } from '../../model/connection.ts';
import { usernameDemandOf } from '../../model/database-options.ts';
import { newUser } from '../../model/new-user.ts';
import { ManagementError } from '../errors.ts';
import { route } from '../route.ts';
import { invalidBody } from '../validation.ts';
import { hashNewPassword } from './passwords.ts';
import { inexistentConnection, isDisabled, unsupported } from './user-access.ts';
import { userBody, userSchema } from './user-body.ts';
import { type NewUserBody, newUserSchema } from './user-fields.ts';
import { sendVerificationEmail } from './verification-email.ts';

export const createUser = route({
  method: 'POST',
  path: '/users',
  summary: 'Create a User',
  scopes: ['create:users'],
  body: newUserSchema,
  status: 201,
  response: userSchema,
  async prepare({ body, caller }, ports) {
    const { connections } = ports.unitOfWork.read;
    const connection = await connections.findByName(body.connection);
    if (connection === undefined) throw inexistentConnection();
    assertFits(body, connection);
    if (await isDisabled(connection, ports.unitOfWork.read)) throw unsupported('Connection is disabled.');
    const hash =
      isDatabase(connection) && body.password !== undefined
        ? await hashNewPassword(
            { password: body.password, connection, owner: body, identity: undefined },
            caller,
            ports,
          )
        : null;
    return { connection, hash };
  },
  async answer({ body, caller }, stores, ports, { connection, hash }) {
    const { connection: _name, user_id, password: _password, verify_email, ...profile } = body;
    const id = user_id === '' ? undefined : user_id;
    const { user, identity } = newUser({ ...profile, id }, connection, ports.clock.now(), ports.random);
    if (!(await stores.users.insert(user, identity, hash)))
      throw new ManagementError(409, 'The user already exists.', 'auth0_idp_error');
    const isToVerify = verify_email ?? !user.email_verified;
    if (isDatabase(connection) && isToVerify && hasEmail(identity)) {
      await sendVerificationEmail({ user, identity }, caller.requester, stores, ports);
    }
    return userBody(user, [identity]);
  },
});

/** What users of the connection must have, and cannot. Throws ManagementError 400. */
function assertFits(body: NewUserBody, connection: Connection): void {
  const required = requiredOf(connection);
  const missing = required.find((name) => body[name] === undefined);
  if (missing !== undefined) throw invalidBody(`Missing required property: ${missing}`);
  if (!isDatabase(connection) && body.password !== undefined)
    throw invalidBody('Additional properties not allowed: password');
  const demand = isDatabase(connection) ? usernameDemandOf(connection.options) : undefined;
  if (body.username !== undefined && demand === undefined)
    throw unsupported('Cannot set username for connection without requires_username.');
}

function requiredOf(connection: Connection): ('email' | 'username' | 'phone_number' | 'password')[] {
  switch (connection.strategy) {
    case 'auth0':
      return usernameDemandOf(connection.options)?.required
        ? ['email', 'username', 'password']
        : ['email', 'password'];
    case 'email':
      return ['email'];
    case 'sms':
      return ['phone_number'];
    default:
      throw unsupported(
        'Connection does not support user creation through the API. It must either be a database or passwordless connection.',
      );
  }
}
