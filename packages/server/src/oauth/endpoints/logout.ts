// Where a logout may lead, and whether the person has to confirm it: Auth0's /v2/logout (contract LO-1 to LO-6) and
// OpenID Connect RP-Initiated Logout (LO-7 to LO-12). Ending the session is the caller's.
import type { Client } from '../../model/client.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { isPattern, matchesSubdomainWildcard } from '../authorize/redirect-uri.ts';
import { InvalidRequest, reflected } from '../errors.ts';
import type { IdTokenHint } from '../issue/tokens.ts';
import { assertNothingRepeated, type Parameters } from '../parameters.ts';
import type { ClientStore } from '../ports.ts';

export interface LogoutPorts {
  clients: Pick<ClientStore, 'find'>;
  readIdTokenHint(id_token_hint: string): Promise<IdTokenHint | undefined>;
  settings: TenantSettings;
}

export interface Logout {
  client: Client | undefined;
  /** Absolute; absent: the signed-out page. */
  location: string | undefined;
  /** LO-11: whether this browser's session, of that sid, is ended only when the person says so. */
  needsConfirmation(sid: string): boolean;
}

/** Throws InvalidRequest (400): nothing is ended then (LO-4). */
export async function parseAuth0Logout(parameters: Parameters, ports: LogoutPorts): Promise<Logout> {
  assertNothingRepeated(parameters);
  const client_id = parameters.get('client_id');
  const returnTo = parameters.get('returnTo');
  const client = client_id === undefined ? undefined : await findClient(client_id, ports);
  const allowed = client?.allowed_logout_urls ?? ports.settings.allowed_logout_urls;
  // LO-3: "client_id given and no returnTo ⇒ first Allowed Logout URL of the client."
  const location = returnTo === undefined ? firstUrl(client) : matchReturnTo(returnTo, allowed);
  if (returnTo !== undefined && location === undefined) {
    const url = reflected(returnTo);
    throw new InvalidRequest(
      `The "returnTo" querystring parameter "${url}" is not defined as a valid URL in "Allowed Logout URLs"`,
    );
  }
  return { client, location, needsConfirmation: () => false };
}

/** Throws InvalidRequest (400): nothing is ended then. */
export async function parseOidcLogout(parameters: Parameters, ports: LogoutPorts): Promise<Logout> {
  assertNothingRepeated(parameters);
  const hint = await parseHint(parameters, ports);
  const client_id = parameters.get('client_id') ?? hint?.aud;
  const client = client_id === undefined ? undefined : await findClient(client_id, ports);
  const allowed = client?.allowed_logout_urls ?? ports.settings.allowed_logout_urls;
  const post_logout_redirect_uri = parameters.get('post_logout_redirect_uri');
  // LO-8: "must match exactly including query"
  const exact = allowed.filter((url) => !isPattern(url));
  if (post_logout_redirect_uri !== undefined && !exact.includes(post_logout_redirect_uri)) {
    const url = reflected(post_logout_redirect_uri);
    throw new InvalidRequest(
      `The "post_logout_redirect_uri" parameter "${url}" is not defined as a valid URL in "Allowed Logout URLs"`,
    );
  }
  const known = hint?.sid ?? parameters.get('logout_hint');
  return {
    client,
    location: withState(post_logout_redirect_uri, parameters.get('state')),
    needsConfirmation: (sid) => ports.settings.sessions.oidc_logout_prompt_enabled && known !== sid,
  };
}

/** LO-11: one that is not valid is none, and the person is asked. Throws InvalidRequest where two contradict (LO-10). */
async function parseHint(parameters: Parameters, ports: LogoutPorts): Promise<IdTokenHint | undefined> {
  const id_token_hint = parameters.get('id_token_hint');
  const hint = id_token_hint === undefined ? undefined : await ports.readIdTokenHint(id_token_hint);
  const client_id = parameters.get('client_id');
  const logout_hint = parameters.get('logout_hint');
  if (hint !== undefined && client_id !== undefined && client_id !== hint.aud) {
    throw new InvalidRequest('client_id is not the audience of id_token_hint');
  }
  if (hint !== undefined && logout_hint !== undefined && logout_hint !== hint.sid) {
    throw new InvalidRequest('logout_hint is not the session of id_token_hint');
  }
  return hint;
}

async function findClient(client_id: string, { clients }: LogoutPorts): Promise<Client> {
  const client = await clients.find(client_id);
  if (client === undefined) throw new InvalidRequest(`Unknown client: ${reflected(client_id)}`);
  return client;
}

function firstUrl(client: Client | undefined): string | undefined {
  return client?.allowed_logout_urls.find((url) => !isPattern(url));
}

/**
 * LO-5: query and fragment do not count, scheme and host are compared without case. LO-4: what was matched, the
 * parsed URL, is what is sent; undefined if nothing matches.
 */
function matchReturnTo(returnTo: string, allowed: string[]): string | undefined {
  if (
    /[\\\p{Cc}]/u.test(returnTo) ||
    !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(returnTo) ||
    !URL.canParse(returnTo)
  ) {
    return undefined;
  }
  const url = new URL(returnTo);
  if (url.username !== '' || url.password !== '') return undefined;
  const target = comparable(url);
  const matches = allowed.some((entry) =>
    isPattern(entry)
      ? matchesSubdomainWildcard(entry.replace(/[?#].*$/, ''), target)
      : URL.canParse(entry) && comparable(new URL(entry)) === target,
  );
  return matches ? url.href : undefined;
}

function comparable(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** LO-9. Nothing of the registered URL is written anew. */
function withState(location: string | undefined, state: string | undefined): string | undefined {
  if (location === undefined || state === undefined) return location;
  return `${location}${location.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`;
}
