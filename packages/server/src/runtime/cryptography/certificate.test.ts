import { generateKeyPairSync, hash, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificateThumbprint, selfSignedCertificate } from './certificate.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const content = {
  ...rsa,
  commonName: 'login.example.com',
  notBefore: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000,
  notAfter: Date.UTC(2036, 0, 2, 3, 4, 5) / 1000,
  serial: Buffer.from('8f00112233445566', 'hex'),
};

function certificate(differing: Partial<typeof content> = {}): X509Certificate {
  return new X509Certificate(Buffer.from(selfSignedCertificate({ ...content, ...differing }), 'base64'));
}

test.each([
  ['RSA', rsa, 'sha256WithRSAEncryption', p256],
  ['P-256', p256, 'ecdsa-with-SHA256', rsa],
])(
  'SG-4: a certificate is signed by the key it holds, and by no other: %s',
  (_type, pair, algorithm, another) => {
    const made = certificate(pair);
    expect(made.verify(pair.publicKey)).toBe(true);
    expect(made.verify(another.publicKey)).toBe(false);
    expect(made.publicKey.equals(pair.publicKey)).toBe(true);
    expect(made.checkPrivateKey(pair.privateKey)).toBe(true);
    expect(made.signatureAlgorithm).toBe(algorithm);
  },
);

test('RFC 5280 §4.1: subject, issuer, serial number and validity are as given', () => {
  const made = certificate();
  expect([made.subject, made.issuer]).toEqual(['CN=login.example.com', 'CN=login.example.com']);
  expect(made.checkIssued(made)).toBe(true);
  expect(made.serialNumber).toBe('8F00112233445566');
  expect(made.validFromDate.toISOString()).toBe('2026-01-02T03:04:05.000Z');
  expect(made.validToDate.toISOString()).toBe('2036-01-02T03:04:05.000Z');
  expect(made.ca).toBe(false);
});

test('RFC 5280 §4.1.2.5: 2049 is the last year of UTCTime, 2050 the first of GeneralizedTime', () => {
  const made = certificate({
    notBefore: Date.UTC(2049, 11, 31, 23, 59, 59) / 1000,
    notAfter: Date.UTC(2050, 0, 1) / 1000,
  });
  expect(made.validFromDate.toISOString()).toBe('2049-12-31T23:59:59.000Z');
  expect(made.validToDate.toISOString()).toBe('2050-01-01T00:00:00.000Z');
  expect(made.raw.includes('\x17\x0d491231235959Z')).toBe(true);
  expect(made.raw.includes('\x18\x0f20500101000000Z')).toBe(true);
});

test('RFC 5280 §4.1.2.2: the serial number is positive, in as few bytes as hold it, and at most 20', () => {
  expect(certificate({ serial: Buffer.from('00007f', 'hex') }).serialNumber).toBe('7F');
  expect(certificate({ serial: Buffer.alloc(20, 0x7f) }).serialNumber).toBe('7F'.repeat(20));
  expect(certificate({ serial: Buffer.alloc(19, 0xff) }).serialNumber).toBe('FF'.repeat(19));
  for (const serial of [Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(21, 1), Buffer.alloc(20, 0x80)]) {
    expect(() => certificate({ serial })).toThrow(RangeError);
  }
});

test('RFC 5280 appendix A.1: a common name ends after 64 characters, in any script', () => {
  expect(certificate({ commonName: 'ü'.repeat(80) }).subject).toBe(`CN=${'ü'.repeat(64)}`);
});

test('other keys are refused', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const ed25519 = generateKeyPairSync('ed25519');
  expect(() => certificate(p384)).toThrow(TypeError);
  expect(() => certificate(ed25519)).toThrow(TypeError);
});

test('RFC 7517 §4.8: x5t is the SHA-1 of the DER, in base64url', () => {
  const made = selfSignedCertificate(content);
  const digest = hash('sha1', Buffer.from(made, 'base64'), 'buffer');
  expect(certificateThumbprint(made)).toBe(digest.toString('base64url'));
  expect(new X509Certificate(Buffer.from(made, 'base64')).fingerprint.replaceAll(':', '').toLowerCase()).toBe(
    digest.toString('hex'),
  );
});
