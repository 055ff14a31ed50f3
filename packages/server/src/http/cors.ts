// Cross-origin calls by browsers (contract CO-*): the origins of a client's callbacks and its Allowed Origins may read
// the answers to that client. Never `*` for what a client is told, never credentials, never `null`.
import type { FastifyRequest } from 'fastify';
import type { Client } from '../model/client.ts';
import { matchesSubdomainWildcard } from '../oauth/authorize/redirect-uri.ts';
import type { ClientStore } from '../oauth/ports.ts';
import { deviceCodeGrant } from '../oauth/token/grants/device-code.ts';
import { deviceAuthorizationPath } from './paths.ts';
import type { Reply } from './reply.ts';
import { bodyOf } from './request.ts';

type Origins = Pick<Client, 'callbacks' | 'allowed_origins' | 'web_origins' | 'grant_types'>;

/** Anybody may read what is public: discovery and the signing keys. */
export const publicCors = { 'access-control-allow-origin': '*' };

/** `forDevice`: DV-12. */
export function isAllowedOrigin(
  { callbacks, allowed_origins, web_origins, grant_types }: Origins,
  origin: string,
  forDevice = false,
): boolean {
  if (origin === 'null') return false;
  const ofDevice = forDevice && grant_types.includes(deviceCodeGrant.grant_type) ? web_origins : [];
  return [...callbacks, ...allowed_origins, ...ofDevice].some((entry) => {
    // CO-5: the wildcard of a callback holds for its origin.
    if (entry.includes('*')) return matchesSubdomainWildcard(originOfPattern(entry), origin);
    return URL.canParse(entry) && new URL(entry).origin === origin;
  });
}

/** CO-2, UI-8: what a script may read beside the body. */
const exposedHeaders = [
  'DPoP-Nonce',
  'WWW-Authenticate',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
].join(', ');

function originOfPattern(entry: string): string {
  return /^https?:\/\/[^/?#]*/.exec(entry)?.[0] ?? entry;
}

/** Headers for the answer to `client`, or to nobody known; `Vary` always, so that caches do not mix answers up. */
export function corsHeaders(request: FastifyRequest, client: Origins | undefined): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  if (client === undefined || !isAllowedOrigin(client, origin, isOfDevice(request)))
    return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposedHeaders,
  };
}

/** For an answer that is about no client in particular: the origins of all of them may read it. */
export async function anyClientCors(
  request: FastifyRequest,
  clients: ClientStore,
): Promise<Record<string, string>> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  const origins = await clients.listOrigins();
  return corsHeaders(
    request,
    origins.find((client) => isAllowedOrigin(client, origin)),
  );
}

/** DV-12: the device flow may also be called from Allowed Web Origins: a request for codes, or a poll. */
function isOfDevice(request: FastifyRequest): boolean {
  if (request.url.startsWith(deviceAuthorizationPath)) return true;
  try {
    return bodyOf(request).get('grant_type') === deviceCodeGrant.grant_type;
  } catch {
    // It came as something that is not text.
    return false;
  }
}

/** CO-6: a preflight names no client, nor the grant type, so it is answered for the origins of all of them. */
export async function answerPreflight(
  request: FastifyRequest,
  clients: ClientStore,
  methods: string,
): Promise<Reply> {
  const { origin } = request.headers;
  const allowed =
    origin !== undefined &&
    (await clients.listOrigins()).some((client) => isAllowedOrigin(client, origin, true));
  const granted: Record<string, string> = allowed
    ? {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': methods,
        'access-control-allow-headers': 'Authorization, Content-Type, Auth0-Client, DPoP',
        'access-control-max-age': '600',
      }
    : {};
  return { status: 204, headers: { vary: 'Origin', ...granted }, body: '' };
}
