// The users of databases, as applications with forms of their own make them and help them (Auth0's /dbconnections/*;
// contract SU-*, CP-*). Errors have a shape of their own here (SU-6).

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requestPasswordChange } from '../../login/passwords/password-change.ts';
import { aboutClient } from '../../model/events.ts';
import type { PasswordChangeRequest } from '../../model/password-change-request.ts';
import { isEmail } from '../../model/user.ts';
import { type OAuthError, TooManyRequests } from '../../oauth/errors.ts';
import { addEndpoint } from '../endpoint.ts';
import { logError, retryAfter, toOAuthError } from '../errors.ts';
import { json, noStore, type Reply, send } from '../reply.ts';
import { bodyOf, requesterOf } from '../request.ts';
import type { Tenant } from '../tenant.ts';
import { DatabaseError, findDatabase, getClient, recordingRefusal, required } from './database-requests.ts';
import { signUpUser } from './database-sign-up.ts';

export function addDatabaseRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) =>
    send(reply, errorReply(thrown, request, tenant)),
  );
  addEndpoint(server, tenant, {
    url: '/dbconnections/signup',
    methods: ['POST'],
    // CO-1
    cors: { withWebOrigins: () => true },
    answer: async (request) => json(await signUpUser(request, tenant), 200, noStore),
  });
  addEndpoint(server, tenant, {
    url: '/dbconnections/change_password',
    methods: ['POST'],
    cors: { withWebOrigins: () => true },
    answer: (request) => changePassword(request, tenant),
  });
}

/** How long who asked too often is told to wait, in milliseconds: the limits are by the hour. */
const pause = 3_600_000;

async function changePassword(request: FastifyRequest, tenant: Tenant): Promise<Reply> {
  const asked = await recordingRefusal('fcpr', request, tenant, () => parseChange(request, tenant));
  if (!(await requestPasswordChange(asked, requesterOf(request), tenant))) throw new TooManyRequests(pause);
  // CP-2: "or user not found".
  const body = "We've just sent you an email to reset your password.";
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', ...noStore }, body };
}

async function parseChange(request: FastifyRequest, tenant: Tenant): Promise<PasswordChangeRequest> {
  const parameters = bodyOf(request);
  const email = required(parameters, 'email').trim();
  const named = parameters.get('client_id');
  const client = named === undefined ? undefined : await getClient(named, tenant);
  const connection = await findDatabase(required(parameters, 'connection'), client, tenant);
  if (connection.options.disable_self_service_change_password === true) {
    throw new DatabaseError('change_password_disabled', 'Changing the password yourself is disabled');
  }
  if (!isEmail(email)) throw new DatabaseError('invalid_email', 'Invalid email address');
  return { email, connection: connection.name, ...aboutClient(client) };
}

function errorReply(thrown: unknown, request: FastifyRequest, tenant: Tenant): Reply {
  if (thrown instanceof DatabaseError) return json(thrown.body, thrown.body.statusCode, noStore);
  const error: OAuthError = toOAuthError(thrown);
  logError(error, request, tenant);
  const { error: code, message: description, status } = error;
  const name = status < 500 ? 'BadRequestError' : 'InternalServerError';
  return json({ name, code, description, statusCode: status }, status, { ...noStore, ...retryAfter(error) });
}
