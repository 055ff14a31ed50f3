// An authorization request that has waited for the pages of a login, with what it needs of the database as it is now:
// what was taken away since (the client, its callback, a grant type, the resource server) ends it, and scopes only
// become fewer.
import type { Client } from '../../model/client.ts';
import type { DeviceCodeStore } from '../device-codes.ts';
import { findResourceAccess } from '../issue/resource-access.ts';
import { grantedScopes } from '../issue/scopes.ts';
import type { LoginRequest } from './login-request.ts';
import { isAllowedCallback } from './redirect-uri.ts';
import type { ParsedRequest, RequestPorts } from './request.ts';
import { findMissingGrantType } from './response-type.ts';

export type SuspendedStores = RequestPorts['stores'] & { deviceCodes: Pick<DeviceCodeStore, 'find'> };

/** A request with what login needs of the database beside it. */
export interface RequestInProgress extends Omit<ParsedRequest, 'request'> {
  request: LoginRequest;
}

export async function findSuspended(
  request: LoginRequest,
  stores: SuspendedStores,
  now: number,
): Promise<RequestInProgress | undefined> {
  const client = await stores.clients.find(request.client_id);
  if (client === undefined || !(await isAnswerable(request, client, stores, now))) return undefined;
  const access =
    request.audience === null ? undefined : await findResourceAccess(request.audience, client, stores);
  if (access === 'unknown' || access === 'denied') return undefined;
  const connections = (await stores.connections.listForClient(client.client_id)).filter(
    ({ name }) => request.connection === null || request.connection === name,
  );
  const scope = grantedScopes(request.scope, client, access);
  return { request: { ...request, scope }, client, resourceServer: access?.resourceServer, connections };
}

async function isAnswerable(
  request: LoginRequest,
  client: Client,
  { deviceCodes }: SuspendedStores,
  now: number,
): Promise<boolean> {
  if (!('device_code' in request)) {
    const mayAsk = findMissingGrantType(request.response_type, client) === undefined;
    return mayAsk && isAllowedCallback(client, request.redirect_uri);
  }
  const code = await deviceCodes.find(request.device_code);
  return code !== undefined && code.approved_at === null && code.denied_at === null && code.expires_at > now;
}
