// The password grants (RFC 6749 §4.3, and Auth0's of a named realm; contract PW-*): a trusted application sends the
// user's password.
import { type DatabaseConnection, isDatabase } from '../../../model/connection.ts';
import { InvalidRequest, reflected, ServerError } from '../../errors.ts';
import { authorizeLogin } from './embedded-login.ts';
import type { GrantPorts, GrantRequest, LoginGrant } from './grant.ts';

/** PW-1: in the tenant's `default_directory`. PW-5: a `realm` is not asked for here. */
export const passwordGrant = passwordGrantOf('password', async (request, ports) => {
  const { default_directory } = request.settings;
  const connection = await findDatabase(default_directory, request, ports);
  if (connection !== undefined) return connection;
  throw new ServerError('Authorization server not configured with default connection.');
});

export const passwordRealmGrant = passwordGrantOf(
  'http://auth0.com/oauth/grant-type/password-realm',
  async (request, ports) => {
    const realm = request.parameters.getRequired('realm');
    const connection = await findDatabase(realm, request, ports);
    if (connection !== undefined) return connection;
    throw new InvalidRequest(`Unknown realm ${reflected(realm)}`);
  },
);

function passwordGrantOf(
  grant_type: string,
  findConnection: (request: GrantRequest, ports: GrantPorts) => Promise<DatabaseConnection>,
): LoginGrant {
  return {
    grant_type,
    success: 'sepft',
    failure: 'fepft',

    // PW-12
    admits: (client) => client.is_first_party,

    async prove(request, ports, settle) {
      const { parameters, requester } = request;
      const identifier = parameters.getRequired('username').trim();
      const password = parameters.getRequired('password');
      const connection = await findConnection(request, ports);
      return ports.embeddedLogins.provePassword({ connection, identifier, password, requester }, settle);
    },

    exchange: (request, stores, proof) =>
      authorizeLogin(
        proof,
        { gty: 'password', wrongCredentials: 'Wrong email or password.' },
        request,
        stores,
      ),
  };
}

/** Of those that are enabled for the client. */
async function findDatabase(
  name: string,
  { client }: GrantRequest,
  { unitOfWork }: GrantPorts,
): Promise<DatabaseConnection | undefined> {
  const connections = await unitOfWork.read.connections.listForClient(client.client_id);
  return connections.filter(isDatabase).find((connection) => connection.name === name);
}
