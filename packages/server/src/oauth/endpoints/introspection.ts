// Token introspection (RFC 7662): whether a token is good now, for the client that it was issued to and for the
// resource server that it is meant for. Everybody else hears what is said of no token at all (contract AT-14, AT-16).
import { isPublicClient } from '../../model/client.ts';
import { orderedHash } from '../../runtime/cryptography/ordered-token.ts';
import { type OwnAccessToken, readOwnAccessToken } from '../issue/own-access-token.ts';
import type { TokenPorts } from '../issue/tokens.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { admitTokenRequest } from '../token/admit-client.ts';
import type {
  AuthenticatedClient,
  ClientAuthenticationPorts,
  ClientRequest,
} from '../token/client-authentication.ts';
import { isLive } from '../token/refresh-token-family.ts';

export interface IntrospectionPorts extends TokenPorts, ClientAuthenticationPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
}

/** RFC 7662 §2.2 */
export type IntrospectionResponse = { active: false } | ({ active: true } & Record<string, unknown>);

/**
 * RFC 7662 §2.2: "If the introspection call is properly authorized but the token is not active, does not exist …, or
 * the protected resource is not allowed to introspect this particular token, then the authorization server MUST return
 * … the "active" field set to "false"." Throws InvalidRequest, or InvalidClient also for a public client (§2.1).
 */
export async function introspectToken(
  request: ClientRequest,
  ports: IntrospectionPorts,
): Promise<IntrospectionResponse> {
  const isConfidential = (client: AuthenticatedClient) => !isPublicClient(client);
  const { client, token } = await admitTokenRequest(request, ports, isConfidential);
  const accessToken = await readOwnAccessToken(token, ports);
  const told =
    accessToken === undefined
      ? await describeRefreshToken(token, client, ports)
      : await describeAccessToken(accessToken, client, ports);
  return told === undefined ? { active: false } : { active: true, iss: ports.issuer, ...told };
}

async function describeAccessToken(
  token: OwnAccessToken,
  client: AuthenticatedClient,
  { unitOfWork }: IntrospectionPorts,
): Promise<Record<string, unknown> | undefined> {
  const { resource_server_identifier } = client;
  const isAddressed =
    resource_server_identifier !== null && token.audiences.includes(resource_server_identifier);
  if (token.client_id !== client.client_id && !isAddressed) return undefined;
  const { authorizations, clients } = unitOfWork.read;
  const lives =
    token.authorization === undefined
      ? await clients.find(token.client_id)
      : await authorizations.findTokenSubject({ ...token, ...token.authorization });
  if (lives === undefined) return undefined;
  const { claims, scope, client_id, cnf } = token;
  const { sub, aud, exp, iat, jti, permissions, act } = claims;
  const optional = Object.entries({ jti, permissions, cnf, act }).filter(([, value]) => value !== undefined);
  return {
    token_type: cnf?.jkt === undefined ? 'Bearer' : 'DPoP',
    scope: scope.join(' '),
    ...{ client_id, sub, aud, exp, iat },
    ...Object.fromEntries(optional),
  };
}

/** Of the client's own alone. Nothing is spent: a token that waits for a retry (RR-4) is not the one that lives. */
async function describeRefreshToken(
  refresh_token: string,
  client: AuthenticatedClient,
  { unitOfWork, clock }: IntrospectionPorts,
): Promise<Record<string, unknown> | undefined> {
  const { refreshTokens, authorizations, sessions } = unitOfWork.read;
  const now = clock.now();
  const found = await refreshTokens.find(orderedHash(refresh_token));
  if (found === undefined) return undefined;
  const { token, family } = found;
  const { client_id, user_id: sub, scope, absolute_at, idle_at } = family;
  const isCurrent = isLive(family, now) && family.current_token === token.hash;
  if (client_id !== client.client_id || !isCurrent) return undefined;
  const subject = { sub, ep: family.epoch, client_id, aid: family.aid };
  if ((await authorizations.findTokenSubject(subject)) === undefined) return undefined;
  // RT-20
  if (family.online && (await sessions.find(family.sid, now)) === undefined) return undefined;
  const exp = Math.min(absolute_at ?? Infinity, idle_at ?? Infinity);
  return {
    client_id,
    sub,
    scope: scope.join(' '),
    iat: token.issued_at,
    ...(exp === Infinity ? {} : { exp }),
  };
}
