// Cross-origin calls by browsers (contract CO-*): the origins of a client's callbacks and its Allowed Origins may read
// the answers to that client. Never `*` for what a client is told, never credentials, never `null`.
import type { FastifyRequest } from 'fastify';
import type { Client } from '../model/client.ts';
import { matchesSubdomainWildcard } from '../oauth/authorize/redirect-uri.ts';
import { reflected } from '../oauth/errors.ts';
import { networkOf } from '../runtime/network/ip-address.ts';
import type { Reply } from './reply.ts';
import { addressOf, requesterOf } from './request.ts';
import type { Tenant } from './tenant.ts';

export type Origins = Pick<Client, 'callbacks' | 'allowed_origins' | 'web_origins'>;

type CorsTenant = Pick<Tenant, 'unitOfWork' | 'oncePerMinute' | 'issuer'>;

/** Anybody may read what is public: discovery and the signing keys. */
export const publicCors = { 'access-control-allow-origin': '*' };

/** Where nothing depends on who the browser is, and no cookie goes along. */
export function publicPreflight(methods: string): Reply {
  const headers = {
    ...publicCors,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'Authorization, Content-Type',
    'access-control-max-age': '600',
  };
  return { status: 204, headers, body: '' };
}

/** CO-2, UI-8: what a script may read beside the body. */
const exposedHeaders = [
  'DPoP-Nonce',
  'WWW-Authenticate',
  'ETag',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
].join(', ');

/** What a script may send beside what every page may. */
const allowedHeaders = 'Authorization, Content-Type, Auth0-Client, DPoP, If-Match, X-Request-Language';

/**
 * Headers of an answer to `client`, or, where none is known, to nobody in particular: that the origins of every client
 * may read. `Vary` always, so that caches do not mix answers up.
 */
export async function corsHeaders(
  origin: string,
  client: Origins | undefined,
  withWebOrigins: boolean,
  request: FastifyRequest,
  tenant: CorsTenant,
): Promise<Record<string, string>> {
  const clients = client === undefined ? await tenant.unitOfWork.read.clients.listOrigins() : [client];
  if (!isAllowed(origin, clients, withWebOrigins)) return refuse(origin, request, tenant);
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposedHeaders,
  };
}

/** CO-6: a preflight names no client, so it is answered for the origins of all of them. */
export async function answerPreflight(
  methods: string,
  withWebOrigins: boolean,
  request: FastifyRequest,
  tenant: CorsTenant,
): Promise<Reply> {
  const { origin } = request.headers;
  if (origin === undefined) return { status: 204, headers: { vary: 'Origin' }, body: '' };
  const clients = await tenant.unitOfWork.read.clients.listOrigins();
  const headers = isAllowed(origin, clients, withWebOrigins)
    ? {
        vary: 'Origin',
        'access-control-allow-origin': origin,
        'access-control-allow-methods': methods,
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': '600',
      }
    : await refuse(origin, request, tenant);
  return { status: 204, headers, body: '' };
}

/** CO-1: `withWebOrigins` for cross-origin authentication and the device flow. */
function isAllowed(origin: string, clients: readonly Origins[], withWebOrigins: boolean): boolean {
  if (origin === 'null') return false;
  return clients.some(({ callbacks, allowed_origins, web_origins }) =>
    [...callbacks, ...allowed_origins, ...(withWebOrigins ? web_origins : [])].some((entry) => {
      // CO-5: the wildcard of a callback holds for its origin.
      if (entry.includes('*')) return matchesSubdomainWildcard(originOfPattern(entry), origin);
      return URL.canParse(entry) && new URL(entry).origin === origin;
    }),
  );
}

function originOfPattern(entry: string): string {
  return /^https?:\/\/[^/?#]*/.exec(entry)?.[0] ?? entry;
}

/** CO-3: no header, and an entry in the tenant log: one a minute for each network. */
async function refuse(
  origin: string,
  request: FastifyRequest,
  { unitOfWork, oncePerMinute, issuer }: CorsTenant,
): Promise<Record<string, string>> {
  const isOurs = origin === new URL(issuer).origin;
  if (!isOurs && oncePerMinute.take(`fco ${networkOf(addressOf(request))}`).allowed) {
    const event = { type: 'fco', description: `Origin ${reflected(origin)} is not allowed.` } as const;
    await unitOfWork.transaction(({ log }) => log.write(event, requesterOf(request)));
  }
  return { vary: 'Origin' };
}
