// Whether somebody may be invited as it is asked for (contract §3.6, IV-2, IV-5).
import { type Client, loginRouteOf } from '../../model/client.ts';
import { isPasswordless } from '../../model/connection.ts';
import type { Organization } from '../../model/organization.ts';
import { rolesAmong } from '../access/found.ts';
import { administrative, assertMayAdminister, mayGrant } from '../administration.ts';
import { hasFreshLogin } from '../authorization.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';
import type { Invited } from './ports.ts';

interface AskedInvitation {
  client_id: string;
  connection_id?: string | undefined;
  roles?: string[] | undefined;
}

/** Throws ManagementError 400, and 401 or 403 for roles that the caller may not give. */
export async function judgeInvitation(
  { client_id, connection_id, roles = [] }: AskedInvitation,
  organization: Organization,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<{ client: Client; login_url: string }> {
  const client = await stores.clients.find(client_id);
  if (client === undefined) throw refusal('The specified client_id does not exist.');
  if ((client.organization_usage ?? 'deny') === 'deny')
    throw refusal('The specified client_id does not allow organizations.');
  if (connection_id !== undefined) await judgeConnection(connection_id, organization, stores);
  await judgeRoles(roles, caller, stores, ports);
  const login_url = loginRouteOf(client) || (await stores.tenant.get())?.default_redirection_uri;
  if (!login_url) {
    throw refusal(
      'A default login route is required to generate the invitation url. Set the initiate_login_uri of the application, or the default_redirection_uri of the tenant.',
    );
  }
  return { client, login_url };
}

async function judgeConnection(
  connection_id: string,
  organization: Organization,
  stores: ManagementStores,
): Promise<void> {
  const connection = await stores.connections.find(connection_id);
  if (connection === undefined) throw refusal('The specified connection does not exist.');
  if (isPasswordless(connection)) throw refusal('Passwordless connections are not supported.');
  const connected = await stores.organizationConnections.find(organization.id, connection_id);
  if (!connected?.is_enabled)
    throw refusal(`The specified connection (${connection_id}) is not enabled for the organization`);
}

/** Whoever accepts gets them: to invite is to give. */
async function judgeRoles(
  ids: string[],
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const found = await rolesAmong(ids, stores);
  const missing = ids.filter((id) => !found.some((role) => role.id === id));
  if (missing.length > 0)
    throw refusal(`One or more of the specified roles do not exist: ${missing.join(', ')}`);
  for (const role of found) await assertMayAdminister(role.permissions, caller, [], stores, ports);
}

/** Which of these invitations the caller could make now, roles of administrators included. */
export async function inviting(
  invited: readonly Invited[],
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<(invited: Invited) => boolean> {
  if (!caller.scopes.has('create:organization_invitations')) return () => false;
  const roles = await rolesAmong(
    invited.flatMap(({ invitation }) => invitation.roles),
    stores,
  );
  const ofAdministrators = roles.filter(({ permissions }) => administrative(permissions, ports).length > 0);
  const isFresh = ofAdministrators.length === 0 || hasFreshLogin(caller, ports);
  const refused = ofAdministrators
    .filter(({ permissions }) => !isFresh || !mayGrant(caller, permissions, ports))
    .map(({ id }) => id);
  return ({ invitation }) => !invitation.roles.some((id) => refused.includes(id));
}

function refusal(message: string): ManagementError {
  return new ManagementError(400, message);
}
