import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeChallengeMethods, isCodeChallenge, provesCodeChallenge } from './pkce.ts';

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const unreserved = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'];
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...unreserved), minLength, maxLength });

test('RFC 7636 appendix B: the verifier proves its challenge', () => {
  expect(provesCodeChallenge(verifier, challenge)).toBe(true);
});

test('RFC 7636 §4.6: any other verifier does not', () => {
  expect(provesCodeChallenge(`${verifier.slice(0, -1)}l`, challenge)).toBe(false);
  expect(provesCodeChallenge(challenge, challenge)).toBe(false);
  expect(provesCodeChallenge(verifier, verifier)).toBe(false);
});

test('RFC 7636 §4.6: every verifier of 43 to 128 unreserved characters proves its own challenge', () => {
  fc.assert(
    fc.property(text(43, 128), (any) => {
      expect(provesCodeChallenge(any, createHash('sha256').update(any).digest('base64url'))).toBe(true);
    }),
  );
});

test('RFC 7636 §4.1: a verifier of 42 or 129 characters proves nothing', () => {
  for (const length of [0, 42, 129]) {
    const wrong = 'a'.repeat(length);
    expect(provesCodeChallenge(wrong, createHash('sha256').update(wrong).digest('base64url'))).toBe(false);
  }
});

test('RFC 7636 §4.2, AZ-14: a challenge has 43 to 128 unreserved characters', () => {
  expect(isCodeChallenge(challenge)).toBe(true);
  expect(isCodeChallenge('~'.repeat(128))).toBe(true);
  const malformed = [
    '',
    challenge.slice(1),
    'a'.repeat(129),
    `${challenge}=`,
    challenge.replace('-', '+'),
    challenge.replace('E', '/'),
    challenge.replace('E', 'é'),
    `${challenge}\n`,
    ` ${challenge}`,
  ];
  for (const wrong of malformed) expect(isCodeChallenge(wrong), wrong).toBe(false);
});

test('AZ-11: S256 is the only transformation', () => {
  expect(codeChallengeMethods).toEqual(['S256']);
});
