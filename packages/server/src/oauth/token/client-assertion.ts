// private_key_jwt (RFC 7523 §3, OpenID Connect Core §9; contract CA-7 to CA-10): a client signs a short-lived statement
// that it is itself. It is good for one request, at this tenant.

import { type Client, isFapi } from '../../model/client.ts';
import { InvalidRequest } from '../errors.ts';
import { isUnstorable, type Parameters } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { isSignedByOneOf, type Jws, parseJws } from '../proof/jws.ts';
import type { KeySets } from '../proof/key-sets.ts';

export interface AssertionPorts {
  unitOfWork: UnitOfWork<Pick<OAuthStores, 'usedIdentifiers'>>;
  keySets: KeySets;
  issuer: string;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** CA-8, in bytes and characters. */
const longestAssertion = 2048;
const longestIdentifier = 64;
/** CA-7, in seconds. */
const longestLifetime = 300;
const clockSkew = 10;

/** The assertion that the request carries, and whose it says it is. Throws InvalidRequest. */
export function findAssertion(parameters: Parameters): { client_id: string; assertion: Jws } | undefined {
  const type = parameters.get('client_assertion_type');
  const text = parameters.get('client_assertion');
  if (type === undefined && text === undefined) return undefined;
  if (type !== assertionType) throw new InvalidRequest(`client_assertion_type must be ${assertionType}`);
  if (text === undefined) throw new InvalidRequest('Missing required parameter: client_assertion');
  const assertion = Buffer.byteLength(text) > longestAssertion ? undefined : parseJws(text);
  const client_id = assertion?.claims.sub;
  if (assertion === undefined || typeof client_id !== 'string' || isUnstorable(client_id)) {
    throw new InvalidRequest('client_assertion is not a JWT that names a client');
  }
  return { client_id, assertion };
}

/** Undefined if it proves the client; else why not, for the administrator's eyes. */
export async function findAssertionFault(
  assertion: Jws,
  client: Client,
  now: number,
  { unitOfWork, issuer, keySets }: AssertionPorts,
): Promise<string | undefined> {
  const { exp, jti } = assertion.claims;
  const fault = findClaimFault(assertion.claims, client, issuer, now);
  if (fault !== undefined) return fault;
  const { jwks_uri, token_endpoint_auth_signing_alg: alg } = client.registration ?? {};
  const keys = [
    ...(client.client_authentication_methods?.private_key_jwt?.credentials ?? []),
    ...(jwks_uri === undefined ? [] : await keySets.find(jwks_uri, { kid: assertion.header.kid, alg })),
  ];
  // OpenID Connect Dynamic Client Registration §2: requests "MUST be rejected, if the JWT is not signed with this algorithm"
  const only = alg ?? assertion.header.alg;
  if (assertion.header.alg !== only || !isSignedByOneOf(assertion, keys, now))
    return 'it is signed by no credential of the client';
  // RFC 7523 §3: "The authorization server MAY ensure that JWTs are not replayed by maintaining the set of used "jti"
  // values" — it does.
  const identifier = { id: [client.client_id, String(jti)], now, until: Math.ceil(Number(exp)) };
  const isFirst = await unitOfWork.transaction(({ usedIdentifiers }) =>
    usedIdentifiers.claimOnce({ ...identifier, purpose: 'client_assertion' }),
  );
  return isFirst ? undefined : 'its jti was used before';
}

function findClaimFault(
  { iss, aud, exp, iat, nbf, jti }: Jws['claims'],
  client: Client,
  issuer: string,
  now: number,
): string | undefined {
  if (iss !== client.client_id) return 'its iss is not the client';
  // FAPI 2.0 Security Profile §5.3.2.1: the issuer as a string, and nothing else.
  if (isFapi(client) ? aud !== issuer : !isAudience(aud, issuer)) return 'its aud is not the issuer';
  if (typeof exp !== 'number' || exp <= now) return 'it has expired or has no exp';
  const issued_at = iat ?? now;
  if (typeof issued_at !== 'number' || issued_at > now + clockSkew) return 'its iat is in the future';
  if (exp - issued_at > longestLifetime) return 'it lives too long';
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now + clockSkew)) return 'it is not valid yet';
  if (typeof jti !== 'string' || jti === '' || jti.length > longestIdentifier)
    return 'its jti is missing or too long';
  return undefined;
}

/**
 * RFC 7523bis: the issuer, so that a statement made for another server is none for us. Older libraries list the issuer
 * with the endpoint that they call.
 */
function isAudience(aud: unknown, issuer: string): boolean {
  if (!Array.isArray(aud)) return aud === issuer;
  return aud.includes(issuer) && aud.every((one) => typeof one === 'string' && one.startsWith(issuer));
}
