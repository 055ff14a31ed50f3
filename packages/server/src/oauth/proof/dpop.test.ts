import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TurnableClock } from '../../runtime/clock.ts';
import { InvalidDpopProof, UseDpopNonce } from '../errors.ts';
import { parseClientCertificate } from './client-certificate.ts';
import { createDpopNonces, parseDpopProof } from './dpop.ts';

const now = 1_800_000_000;
const clock = new TurnableClock(now);
const dpopNonces = createDpopNonces(Buffer.alloc(32, 1), clock);
const request = { method: 'POST', url: 'https://op.example/oauth/token', needsNonce: false };
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

function proof(header: unknown, claims: unknown): string {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** What a proof is refused with; undefined if it is accepted. */
function refusalOf(header: string | string[]): unknown {
  try {
    parseDpopProof(header, request, { clock, dpopNonces });
    return undefined;
  } catch (error) {
    return error;
  }
}

const validHeader = { typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) };
const validClaims = { jti: 'x', htm: 'POST', htu: request.url, iat: now };
const isOurs = (error: unknown) =>
  error === undefined || error instanceof InvalidDpopProof || error instanceof UseDpopNonce;

describe('DP-5: whatever comes as a proof is accepted or refused, never a fault of ours', () => {
  test('a valid one is accepted', () => {
    expect(refusalOf(proof(validHeader, validClaims))).toBeUndefined();
  });

  test('any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.string())), (text) => isOurs(refusalOf(text))));
  });

  test('any member of the header, of the key, or of the claims, signed', () => {
    const member = <Valid extends object>(valid: Valid) =>
      fc.record({ name: fc.constantFrom(...Object.keys(valid)), value: fc.jsonValue() });
    const changed = (valid: object, { name, value }: { name: string; value: unknown }) => ({
      ...valid,
      [name]: value,
    });
    fc.assert(
      fc.property(
        member(validHeader),
        member(validHeader.jwk),
        member({ ...validClaims, nonce: '', ath: '', exp: 0, nbf: 0 }),
        (ofHeader, ofKey, ofClaims) => {
          expect(isOurs(refusalOf(proof(changed(validHeader, ofHeader), validClaims)))).toBe(true);
          const jwk = changed(validHeader.jwk, ofKey);
          expect(isOurs(refusalOf(proof({ ...validHeader, jwk }, validClaims)))).toBe(true);
          expect(isOurs(refusalOf(proof(validHeader, changed(validClaims, ofClaims))))).toBe(true);
        },
      ),
    );
  });
});

describe('DP-3: nonces', () => {
  test('one is good in its five minutes and the next, and never a guess', () => {
    const nonce = dpopNonces.current();
    const at = (seconds: number) =>
      createDpopNonces(Buffer.alloc(32, 1), new TurnableClock(now + seconds)).isValid(nonce);
    expect([0, 299, 599].map(at)).toEqual([true, true, true]);
    expect([600, -300].map(at)).toEqual([false, false]);
    expect(createDpopNonces(Buffer.alloc(32, 2), clock).isValid(nonce)).toBe(false);
    fc.assert(fc.property(fc.string(), (guess) => !dpopNonces.isValid(guess)));
  });
});

test('CA-11: whatever comes as a certificate is one, or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => encodeURIComponent(`-----BEGIN CERTIFICATE-----\n${text.toWellFormed()}`)),
      ),
      (certificate) => parseClientCertificate({ certificate, caVerified: 'SUCCESS' }) === undefined,
    ),
  );
});
