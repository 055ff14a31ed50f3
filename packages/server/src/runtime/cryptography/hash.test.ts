import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalInConstantTime, hmacSha256, sha256 } from './hash.ts';

test('RFC 7636 appendix B: sha256 is BASE64URL(SHA256(ASCII(code_verifier)))', () => {
  expect(sha256('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});

test('RFC 4231 §4.3: HMAC-SHA-256 of test case 2', () => {
  const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  expect(Buffer.from(hmacSha256('Jefe', 'what do ya want for nothing?'), 'base64url').toString('hex')).toBe(
    expected,
  );
  expect(hmacSha256(Buffer.from('Jefe'), 'x')).toBe(hmacSha256('Jefe', 'x'));
});

test('equalInConstantTime says exactly what === says, whatever the lengths and characters', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(equalInConstantTime(a, b)).toBe(a === b);
      expect(equalInConstantTime(a, `${a}${b}`)).toBe(b === '');
      expect(equalInConstantTime(a, `${a}`)).toBe(true);
    }),
  );
});

test('equalInConstantTime tells lone surrogates apart, which are one character in UTF-8', () => {
  expect(equalInConstantTime('\ud800', '\udfff')).toBe(false);
});
