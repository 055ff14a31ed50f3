// Auth0's passwordless grant: the code that was sent to the user (contract PL-*).
import { isDatabase, type PasswordlessConnection } from '../../../model/connection.ts';
import { InvalidRequest, reflected } from '../../errors.ts';
import { authorizeLogin } from './embedded-login.ts';
import type { GrantPorts, GrantRequest, LoginGrant } from './grant.ts';

/** TK-91, by the strategy of the connection. */
const wrongCredentials: Record<PasswordlessConnection['strategy'], string> = {
  email: 'Wrong email or verification code.',
  sms: 'Wrong phone number or verification code.',
};

export const passwordlessOtpGrant: LoginGrant = {
  grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
  success: 's',
  failure: 'fepotpft',

  // PL-1, PW-12
  admits: (client) => client.is_first_party && client.app_type !== 'spa',

  async prove(request, ports, settle) {
    const { parameters, client, requester } = request;
    const identifier = parameters.getRequired('username').trim();
    const code = parameters.getRequired('otp').trim();
    const connection = await findRealm(parameters.getRequired('realm'), request, ports);
    return ports.embeddedLogins.proveCode({ connection, client, identifier, code, requester }, settle);
  },

  exchange(request, stores, proof) {
    const { strategy } = proof.connection;
    const wrong = wrongCredentials[strategy === 'sms' ? 'sms' : 'email'];
    return authorizeLogin(proof, { gty: undefined, wrongCredentials: wrong }, request, stores);
  },
};

async function findRealm(
  realm: string,
  { client }: GrantRequest,
  { unitOfWork }: GrantPorts,
): Promise<PasswordlessConnection> {
  for (const connection of await unitOfWork.read.connections.listForClient(client.client_id)) {
    if (connection.name === realm && !isDatabase(connection)) return connection;
  }
  throw new InvalidRequest(`Unknown realm ${reflected(realm)}`);
}
