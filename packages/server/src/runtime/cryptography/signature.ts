// The signature algorithms of RFC 7518 §3 by Node's cryptography, and which key fits which: a key serves one
// algorithm, so that nobody chooses by a header what is done with it (RFC 8725 §3.1).
import { constants, createPublicKey, hash, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

interface Algorithm {
  digest: 'sha256' | 'sha384';
  fits(key: KeyObject): boolean;
  options: { padding?: number; saltLength?: number; dsaEncoding?: 'ieee-p1363' };
}

/** RFC 7518 §3.3 and §3.5: "A key of size 2048 bits or larger MUST be used". */
const isRsa = (key: KeyObject) =>
  key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
const isP256 = (key: KeyObject) =>
  key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
/** RFC 7518 §3.5: "The size of the salt value is the same size as the hash function output." */
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

const algorithms = {
  RS256: { digest: 'sha256', fits: isRsa, options: {} },
  RS384: { digest: 'sha384', fits: isRsa, options: {} },
  PS256: { digest: 'sha256', fits: isRsa, options: pss },
  // RFC 7518 §3.4: the signature is R || S, not DER.
  ES256: { digest: 'sha256', fits: isP256, options: { dsaEncoding: 'ieee-p1363' } },
} as const satisfies Record<string, Algorithm>;
export type SignatureAlgorithm = keyof typeof algorithms;

const signInThreadPool = promisify(sign);

export function fitsAlgorithm(key: KeyObject, alg: SignatureAlgorithm): boolean {
  return algorithms[alg].fits(key);
}

/** RSA takes a millisecond, so it runs beside the event loop; P-256 takes less than the way there and back. */
export async function signBytes(bytes: Buffer, key: KeyObject, alg: SignatureAlgorithm): Promise<Buffer> {
  const { digest, options }: Algorithm = algorithms[alg];
  // A key in an object with options costs Node as much as the P-256 signature itself: hence not for those without.
  if (alg === 'ES256') return concatenated(sign(digest, bytes, key));
  return signInThreadPool(digest, bytes, alg === 'PS256' ? { key, ...options } : key);
}

/**
 * RFC 7518 §3.4: "The JWS Signature … MUST be a 64-octet sequence", R and S of 32 octets; from the DER that Node writes:
 * a sequence of two integers, each without leading zeros but the one that keeps it positive.
 */
function concatenated(der: Buffer): Buffer {
  const signature = Buffer.alloc(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const integer = der.subarray(at + 2, at + 2 + length).subarray(-32);
    integer.copy(signature, end - integer.length);
    at += 2 + length;
  }
  return signature;
}

/** False as well where the key is not one for the algorithm. */
export function isSignature(
  bytes: Buffer,
  signature: Buffer,
  key: KeyObject,
  alg: SignatureAlgorithm,
): boolean {
  const { digest, options }: Algorithm = algorithms[alg];
  return fitsAlgorithm(key, alg) && verify(digest, bytes, { key, ...options }, signature);
}

/** The key in a PEM text (SPKI, PKCS #1 or an X.509 certificate); undefined for anything else, private keys too. */
export function parsePublicKey(pem: string): KeyObject | undefined {
  if (/PRIVATE KEY/.test(pem)) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

export interface PublicJwk {
  kid: string | undefined;
  alg: SignatureAlgorithm;
  key: KeyObject;
}

/**
 * A JSON Web Key (RFC 7517); undefined for what is no public key for signatures. RFC 8725 §3.1: it is for one
 * algorithm, which is the one that it names, else `alg`, else the usual one of its kind.
 */
export function parsePublicJwk(
  jwk: Readonly<Record<string, unknown>>,
  alg: SignatureAlgorithm | undefined,
): PublicJwk | undefined {
  const named = isAlgorithm(jwk.alg) ? jwk.alg : undefined;
  if (jwk.use === 'enc' || (jwk.alg !== undefined && named === undefined)) return undefined;
  // A private or a shared key is nobody's to send.
  if ('d' in jwk || 'k' in jwk) return undefined;
  try {
    return {
      kid: typeof jwk.kid === 'string' ? jwk.kid : undefined,
      alg: named ?? alg ?? (jwk.kty === 'EC' ? 'ES256' : 'RS256'),
      key: createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }),
    };
  } catch {
    return undefined;
  }
}

function isAlgorithm(name: unknown): name is SignatureAlgorithm {
  return typeof name === 'string' && Object.hasOwn(algorithms, name);
}

/** RFC 7638 §3: SHA-256 over the members that make the key, in lexicographic order, in base64url. */
export function jwkThumbprint(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' });
  return hash('sha256', JSON.stringify({ crv, e, kty, n, x, y }), 'base64url');
}
