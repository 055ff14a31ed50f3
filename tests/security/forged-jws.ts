// What is tried on a JWS that a client signs, whatever it carries. Mirrors jsonwebtoken CVE-2022-23539, CVE-2022-23540 and
// CVE-2022-23541: who does not hold a client's private key does not speak for it, whatever the header says.
import { createHmac, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { newKeyPair } from '../setup/keys.ts';

/** Of the client `signer-rsa`. */
export const rsa = newKeyPair('RS256');
/** Of the client `signer-ec`. */
export const ec = newKeyPair('ES256');
const stranger = newKeyPair('RS256');
const evilUrl = 'https://evil.example/keys';

type Signature = (signed: Buffer) => Buffer;
export const byRsa: Signature = (bytes) => sign('sha256', bytes, rsa.privateKey);
const byStranger: Signature = (bytes) => sign('sha256', bytes, stranger.privateKey);

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWS of whatever header, claims and signature. */
export function forgeJws(header: object, claims: object, signature: Signature): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${signature(Buffer.from(signed)).toString('base64url')}`;
}

export interface ClientJws {
  /** What `signer-rsa` might send, but for the header and the signature. */
  forge(header: object, signature: Signature): string;
  isAccepted(jws: string): Promise<boolean>;
}

export function testForgeries({ forge, isAccepted }: ClientJws): void {
  test('what the client signed is accepted', async () => {
    expect(await isAccepted(forge({ alg: 'RS256' }, byRsa))).toBe(true);
  });

  test.each(['none', 'None', 'NONE', '', null, undefined])(
    'RFC 8725 §3.1: alg %j is refused',
    async (alg) => {
      expect(await isAccepted(forge({ alg }, () => Buffer.alloc(0)))).toBe(false);
      expect(await isAccepted(forge({ alg }, () => Buffer.from('x')))).toBe(false);
      expect(await isAccepted(forge({ alg }, byRsa))).toBe(false);
    },
  );

  test('RFC 8725 §2.1: HS256 over any writing of the public key is refused', async () => {
    const jwk = rsa.publicKey.export({ format: 'jwk' });
    const der = rsa.publicKey.export({ format: 'der', type: 'spki' });
    for (const secret of [rsa.pem, rsa.pem.trim(), der, String(jwk.n), JSON.stringify(jwk), '']) {
      const mac = (bytes: Buffer) => createHmac('sha256', secret).update(bytes).digest();
      for (const alg of ['HS256', 'RS256']) expect(await isAccepted(forge({ alg }, mac))).toBe(false);
    }
  });

  test.each([
    ['jwk', { jwk: stranger.publicKey.export({ format: 'jwk' }) }],
    ['jku', { jku: evilUrl }],
    ['x5u', { x5u: evilUrl }],
    ['x5c', { x5c: [stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] }],
    ['a path in kid', { kid: '../../../../dev/null' }],
    ['the right kid', { kid: 'kid-of-signer-rsa' }],
    ['the kid of another client', { kid: 'kid-of-signer-ec' }],
  ])('RFC 8725 §3.5: a key of its own by %s is refused', async (_name, header) => {
    expect(await isAccepted(forge({ alg: 'RS256', ...header }, byStranger))).toBe(false);
  });

  test('RFC 7515 §4.1.11: an extension that is critical is refused, though the client signed it', async () => {
    expect(await isAccepted(forge({ alg: 'RS256', crit: ['exp'], exp: 1 }, byRsa))).toBe(false);
    expect(await isAccepted(forge({ alg: 'RS256', crit: ['b64'], b64: false }, byRsa))).toBe(false);
  });
}
