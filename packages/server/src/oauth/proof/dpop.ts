// DPoP (RFC 9449; contract DP-*): a proof that whoever sends a request holds a key, and the nonces by which a server
// knows that the proof was not made in advance. What is bound to the key is decided in issue/confirmation.ts.
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';
import { equalInConstantTime, hmacSha256, sha256 } from '../../runtime/cryptography/hash.ts';
import { jwkThumbprint } from '../../runtime/cryptography/signature.ts';
import { InvalidDpopProof, UseDpopNonce } from '../errors.ts';
import { isSignedBy, type Jws, parseJws } from './jws.ts';

/** What discovery lists (WK-5). */
export const dpopAlgorithms = ['ES256'] as const;

/** Seconds that the clock of a client may be wrong, and that a proof may be old. */
const proofWindow = 300;
/** Seconds; a nonce is good while it is given out and for as long again. */
const nonceInterval = 300;

export interface DpopNonces {
  /** RFC 9449 §8.2: "The server can use the DPoP-Nonce HTTP header … to supply a new nonce value". */
  current(): string;
  isValid(nonce: string): boolean;
}

/** No row: every process of the tenant makes the same. `secret`: 32 bytes. */
export function createDpopNonces(secret: Buffer, clock: Clock): DpopNonces {
  const nonceOf = (interval: number) => hmacSha256(secret, String(interval));
  const now = () => Math.floor(clock.now() / nonceInterval);
  return {
    current: () => nonceOf(now()),
    isValid: (nonce) => [now(), now() - 1].some((interval) => equalInConstantTime(nonce, nonceOf(interval))),
  };
}

export interface DpopPorts {
  clock: Clock;
  dpopNonces: DpopNonces;
}

export interface ProvedRequest {
  method: string;
  /** Without query and fragment. */
  url: string;
  /** At a resource: the token that the proof has to be for. */
  access_token?: string;
  /** DP-3, DP-4. */
  needsNonce: boolean;
}

/** A proof that is genuine and for this request. */
export interface DpopProof {
  /** The key's JWK thumbprint (RFC 7638). */
  jkt: string;
  jti: string;
  /** From then on the proof is too old. */
  until: number;
}

/** RFC 9449 §4.3. Throws InvalidDpopProof or UseDpopNonce. */
export function parseDpopProof(
  header: string | string[],
  request: ProvedRequest,
  { clock, dpopNonces }: DpopPorts,
): DpopProof {
  const jws = typeof header === 'string' ? parseJws(header) : undefined;
  if (jws === undefined) throw new InvalidDpopProof('The DPoP proof is not one JWT');
  if (jws.header.typ !== 'dpop+jwt') throw new InvalidDpopProof('typ of the DPoP proof must be dpop+jwt');
  const key = parseKey(jws.header.jwk);
  if (key === undefined || !dpopAlgorithms.some((alg) => isSignedBy(jws, key, alg))) {
    throw new InvalidDpopProof('The DPoP proof is not signed by its key, by one of ES256');
  }
  const { jti, iat, nonce } = jws.claims;
  const fault = findFault(jws.claims, request, clock.now());
  if (fault !== undefined) throw new InvalidDpopProof(`The DPoP proof is not for this request: ${fault}`);
  if (typeof nonce === 'string' ? !dpopNonces.isValid(nonce) : nonce !== undefined || request.needsNonce) {
    const server = request.access_token === undefined ? 'Authorization' : 'Resource';
    throw new UseDpopNonce(`${server} server requires nonce in DPoP proof`);
  }
  return { jkt: jwkThumbprint(key), jti: String(jti), until: Math.floor(Number(iat)) + proofWindow + 1 };
}

/** RFC 9449 §4.3: "The JWT has a valid signature with the public key, and "jwk" … does not contain a private key." */
function parseKey(jwk: unknown): KeyObject | undefined {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk) return undefined;
  const { kty, crv, x, y } = jwk as Record<string, unknown>;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return undefined;
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function findFault(
  { jti, htm, htu, iat, nbf, exp, ath }: Jws['claims'],
  { method, url, access_token }: ProvedRequest,
  now: number,
): string | undefined {
  if (typeof jti !== 'string' || jti === '') return 'jti';
  if (htm !== method) return 'htm';
  if (!isSameUrl(htu, url)) return 'htu';
  if (typeof iat !== 'number' || Math.abs(iat - now) > proofWindow) return 'iat';
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf - now > proofWindow)) return 'nbf';
  if (exp !== undefined && (typeof exp !== 'number' || now - exp > proofWindow)) return 'exp';
  // RFC 9449 §4.3: "ensure that the value of the ath claim equals the hash of that access token"
  if (access_token !== undefined && ath !== sha256(access_token)) return 'ath';
  return undefined;
}

/** RFC 9449 §4.3: "ignoring any query and fragment parts", after the normalization of RFC 3986 §6.2.2 and §6.2.3. */
function isSameUrl(htu: unknown, url: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false;
  const sent = new URL(htu);
  sent.search = '';
  sent.hash = '';
  return sent.href === new URL(url).href;
}
