// A client may be granted the Management API itself. Who has its secret has what it has: nobody gets by that what they
// lack.
import { managementScopes } from '../../model/management-scopes.ts';
import { systemAudience } from '../../model/resource-server.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';

type Stores = Pick<ManagementStores, 'clientGrants'>;
type Ports = Pick<ManagementPorts, 'issuer'>;

/** Whether the client may do something with the Management API that the caller may not. */
export async function holdsLess(
  caller: Caller,
  client_id: string,
  { clientGrants }: Stores,
  { issuer }: Ports,
): Promise<boolean> {
  if (caller.user === undefined && caller.client.client_id === client_id) return false;
  if (managementScopes.every((scope) => caller.permissions.has(scope))) return false;
  const grant = await clientGrants.find(client_id, systemAudience(issuer), 'client');
  if (grant === undefined) return false;
  const held = grant.allow_all_scopes ? managementScopes : grant.scope;
  return held.some((scope) => !caller.permissions.has(scope));
}

/** To be asked before the client's secret or credentials change. Throws ManagementError 403. */
export async function assertHoldsAsMuch(
  caller: Caller,
  client_id: string,
  stores: Stores,
  ports: Ports,
): Promise<void> {
  if (!(await holdsLess(caller, client_id, stores, ports))) return;
  const message = 'This client may do what you may not: one with the same permissions must do this';
  throw new ManagementError(403, message);
}
