// The request object (RFC 9101, contract PA-7, PA-8): an authorization request that its client has signed. It is read by
// the keys that the client registered for it and by nothing that it names itself.
import { type Client, isFapi } from '../../model/client.ts';
import { InvalidRequestObject } from '../errors.ts';
import { isUnstorable, Parameters } from '../parameters.ts';
import { isSignedByOneOf, type Jws, parseJws } from '../proof/jws.ts';

type Read = { parameters: Parameters } | { fault: InvalidRequestObject };

/** In seconds, for clocks that differ. */
const clockSkew = 10;
const fapiWindow = 3600;
const longestIdentifier = 64;
/** RFC 7519 §4.1: they are about the object, not about the request. */
const registeredClaims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];

/** The request's own parameters: of what is beside it nothing counts. */
export function readRequestObject(
  request: string,
  client: Client,
  { issuer, now }: { issuer: string; now: number },
): Read {
  const credentials = client.signed_request_object?.credentials ?? [];
  const jws = parseJws(request);
  if (jws === undefined) return faulty('is not a signed JWT');
  if (!isTyped(jws.header)) return faulty('must have the type oauth-authz-req+jwt');
  if (!isSignedByOneOf(jws, credentials, now)) return faulty('is signed by no key of the client');
  const fault =
    findIdentityFault(jws.claims, client.client_id, issuer) ?? findTimeFault(jws.claims, client, now);
  return fault === undefined ? readParameters(jws.claims) : faulty(fault);
}

function faulty(what: string): Read {
  return { fault: new InvalidRequestObject(`The request object ${what}`) };
}

/** RFC 9101 §10.8: explicit typing. RFC 7515 §4.1.9: the prefix "application/" may be left out. */
function isTyped({ typ }: Jws['header']): boolean {
  return typeof typ === 'string' && /^(?:application\/)?(?:jwt|oauth-authz-req\+jwt)$/i.test(typ);
}

function findIdentityFault(
  { iss, aud, sub, client_id, jti }: Jws['claims'],
  expected: string,
  issuer: string,
): string | undefined {
  if (iss !== expected || client_id !== expected) return 'must have the client as iss and client_id';
  // RFC 9101 §10.8: so that it can never pass for the assertion by which the client authenticates.
  if (sub === expected) return 'must not have the client as sub';
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(issuer)) return 'must have the issuer as aud';
  if (jti !== undefined && (typeof jti !== 'string' || Buffer.byteLength(jti) > longestIdentifier)) {
    return 'has a jti that is too long';
  }
  return undefined;
}

function findTimeFault({ exp, nbf, iat }: Jws['claims'], client: Client, now: number): string | undefined {
  if (isFapi(client)) {
    // FAPI 2.0 Message Signing §5.3.1: an nbf of the last 60 minutes, and an exp at most 60 minutes after it.
    if (typeof nbf !== 'number' || nbf < now - fapiWindow) return 'must have an nbf of the last hour';
    if (typeof exp !== 'number' || exp - nbf > fapiWindow)
      return 'must have an exp within an hour of its nbf';
  }
  if (exp !== undefined && !(typeof exp === 'number' && exp > now)) return 'has expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + clockSkew)) return 'is not valid yet';
  if (iat !== undefined && typeof iat !== 'number') return 'has an iat that is no number';
  return undefined;
}

/** RFC 9101 §4: the parameters are claims; those that are no text stand as JSON. */
function readParameters(claims: Jws['claims']): Read {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(claims)) {
    if (registeredClaims.includes(name) || value === null) continue;
    // RFC 9101 §4: "request and request_uri parameters MUST NOT be included in Request Objects."
    if (name === 'request' || name === 'request_uri') return faulty(`must not hold ${name}`);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (isUnstorable(name) || isUnstorable(text)) return faulty('holds a NUL or an ill-formed character');
    pairs.push([name, text]);
  }
  return { parameters: new Parameters(pairs) };
}
