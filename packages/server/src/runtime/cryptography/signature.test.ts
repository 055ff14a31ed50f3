import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSignature, signBytes } from './signature.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test('RFC 7518 §3.4: an ES256 signature is R and S, 32 octets each, whatever zeros they begin with', async () => {
  // One in 128 has a shorter R or S.
  for (let count = 0; count < 1000; count += 1) {
    const bytes = Buffer.from(`text ${count}`);
    const signature = await signBytes(bytes, p256.privateKey, 'ES256');
    expect(signature).toHaveLength(64);
    expect(isSignature(bytes, signature, p256.publicKey, 'ES256')).toBe(true);
  }
});

test.each(['RS256', 'RS384', 'PS256'] as const)(
  '%s: what is signed is verified, and nothing else',
  async (alg) => {
    const bytes = Buffer.from('text');
    const signature = await signBytes(bytes, rsa.privateKey, alg);
    expect(isSignature(bytes, signature, rsa.publicKey, alg)).toBe(true);
    expect(isSignature(Buffer.from('test'), signature, rsa.publicKey, alg)).toBe(false);
    expect(isSignature(bytes, signature, p256.publicKey, alg)).toBe(false);
  },
);
