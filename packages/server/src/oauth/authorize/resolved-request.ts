// What an authorization request says, wherever it says it: in itself, in what its client pushed before (RFC 9126), or in
// an object that its client signed (RFC 9101). Resolved before everything else (contract AZ-51, PA-4 to PA-10).
import type { TenantSettings } from '../../model/tenant.ts';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import { InvalidRequest, InvalidRequestUri, type OAuthError } from '../errors.ts';
import { Parameters } from '../parameters.ts';
import type { ClientStore } from '../ports.ts';
import type { PushedRequestStore } from '../pushed-requests.ts';
import { readRequestObject } from './request-object.ts';
import { UnanswerableRequest } from './response-target.ts';

export interface ResolvedRequest {
  parameters: Parameters;
  /** The hash of the `request_uri` under which its client pushed it; null where the browser alone brought it. */
  pushed: string | null;
  /** Whether its client vouches for it: signed, or taken as it was when it was pushed. */
  vouched: boolean;
}

export interface ResolvePorts {
  stores: { clients: Pick<ClientStore, 'find'>; pushedRequests: Pick<PushedRequestStore, 'find'> };
  settings: TenantSettings;
  issuer: string;
  now: number;
}

/** RFC 9126 §2.2. */
export const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:';

/** The key of a pushed request: typed by its purpose, so that no other one-time value is found as one. */
export function pushedRequestHash(request_uri: string): string {
  return sha256(request_uri);
}

/** `browser`: the secret of the browser cookie. Throws UnanswerableRequest. */
export async function resolveRequest(
  sent: Parameters,
  browser: string | undefined,
  ports: ResolvePorts,
): Promise<ResolvedRequest> {
  const request_uri = sent.get('request_uri');
  const request = sent.get('request');
  if (request_uri === undefined && request === undefined) return asSent(sent);
  for (const name of ['client_id', 'request_uri', 'request']) {
    if (sent.repeated.has(name))
      throw refused(new InvalidRequest(`Parameter '${name}' must not be repeated`));
  }
  if (request_uri === undefined) return resolveRequestObject(sent, ports);
  // RFC 9101 §5: "the "request" and "request_uri" parameters MUST NOT be used together"
  if (request !== undefined) throw refused(new InvalidRequest('request and request_uri exclude each other'));
  // PA-10: no address outside is ever asked; parseAuthorizationRequest says so at the callback.
  const isPushed =
    ports.settings.pushed_authorization_requests_supported && request_uri.startsWith(requestUriPrefix);
  return isPushed ? resolvePushed(request_uri, sent, browser, ports) : asSent(sent);
}

function asSent(parameters: Parameters): ResolvedRequest {
  return { parameters, pushed: null, vouched: false };
}

/** RFC 9101 §6.3: "MUST only use the parameters in the Request Object" (PA-8). */
export async function resolveRequestObject(
  sent: Parameters,
  { stores, issuer, now }: Omit<ResolvePorts, 'settings'>,
): Promise<ResolvedRequest> {
  const request = sent.get('request');
  const client_id = sent.get('client_id');
  const client = client_id === undefined ? undefined : await stores.clients.find(client_id);
  // A client that has registered no keys signs nothing: `request_not_supported`, at the callback.
  if (request === undefined || !client?.signed_request_object?.credentials.length) return asSent(sent);
  const read = readRequestObject(request, client, { issuer, now });
  if ('fault' in read) throw refused(read.fault);
  return { parameters: read.parameters, pushed: null, vouched: true };
}

/** PA-4: the same client, and of all browsers the first one that was shown a page for it. */
async function resolvePushed(
  request_uri: string,
  sent: Parameters,
  browser: string | undefined,
  { stores, now }: ResolvePorts,
): Promise<ResolvedRequest> {
  const client_id = sent.get('client_id');
  if (client_id === undefined) throw refused(new InvalidRequest('Missing required parameter: client_id'));
  const hash = pushedRequestHash(request_uri);
  const found = await stores.pushedRequests.find(hash, now);
  const isOurs = found?.browser == null || (browser !== undefined && found.browser === sha256(browser));
  if (found === undefined || found.client_id !== client_id || !isOurs) {
    throw refused(new InvalidRequestUri('The request_uri is unknown, expired or was used'));
  }
  return { parameters: new Parameters(found.parameters), pushed: hash, vouched: true };
}

function refused(error: OAuthError): UnanswerableRequest {
  return new UnanswerableRequest(error);
}
