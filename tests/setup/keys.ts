// Key pairs of applications, and the JWTs that they sign with them.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

export interface KeyPair {
  alg: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** SPKI, as a client registers it. */
  pem: string;
}

export function newKeyPair(alg: string): KeyPair {
  const { privateKey, publicKey } = alg.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { alg, privateKey, publicKey, pem: publicKey.export({ format: 'pem', type: 'spki' }).toString() };
}

/** Claims and header members that are `undefined` are left out. */
export function signJwt(
  { alg, privateKey }: Pick<KeyPair, 'alg' | 'privateKey'>,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  // What is critical is no matter of the library's: the server has to judge it.
  const crit = Object.fromEntries(Object.keys(header).map((name) => [name, true]));
  return new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(privateKey, { crit });
}

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The parameters by which a client proves itself (RFC 7523 §2.2): valid for a minute, unless `claims` differ. */
export async function clientAssertion(
  key: Pick<KeyPair, 'alg' | 'privateKey'>,
  { client_id, issuer, now }: { client_id: string; issuer: string; now: number },
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<{ client_assertion_type: string; client_assertion: string }> {
  const valid = { iss: client_id, sub: client_id, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  const client_assertion = await signJwt(key, { ...valid, ...claims }, header);
  return { client_assertion_type: assertionType, client_assertion };
}
