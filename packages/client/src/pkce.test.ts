import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCodeChallenge, createCodeVerifier } from './index.ts';

test('SD-9, RFC 7636 Appendix B: the verifier of the example has the challenge of the example', async () => {
  expect(await createCodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});

test('SD-7, RFC 7636 §4.1: a code verifier is 32 octets, base64url, without padding', () => {
  const created = Array.from({ length: 200 }, createCodeVerifier);
  for (const verifier of created) {
    expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(verifier, 'base64url')).toHaveLength(32);
  }
  expect(new Set(created).size).toBe(created.length);
});

const unreserved = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'];
const verifiers = fc.string({ unit: fc.constantFrom(...unreserved), minLength: 43, maxLength: 128 });

test('SD-10, RFC 7636 §4.2: any verifier of 43 to 128 unreserved characters has the challenge BASE64URL(SHA256(ASCII(verifier)))', async () => {
  await fc.assert(
    fc.asyncProperty(verifiers, async (verifier) => {
      expect(await createCodeChallenge(verifier)).toBe(
        createHash('sha256').update(verifier, 'ascii').digest('base64url'),
      );
    }),
  );
});
