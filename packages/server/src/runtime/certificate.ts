// A certificate around a signing key of ours, for x5c and x5t in the key set (contract SG-4). Nobody relies on who
// signed it: it is the key in another dress, for software that takes keys no other way. DER, by hand, as RFC 5280 says.

import { hash, type KeyObject, sign } from 'node:crypto';

export interface CertificateContent {
  /** RSA, or EC on P-256. */
  privateKey: KeyObject;
  publicKey: KeyObject;
  commonName: string;
  /** Epoch seconds. */
  notBefore: number;
  notAfter: number;
  /** A positive number of at most 20 bytes in DER, the most significant first: 16 random bytes will do. */
  serial: Buffer;
}

/** Base64 of the DER, not base64url: "Each string in the array is a base64-encoded […] DER": RFC 7517 §4.7. */
export function selfSignedCertificate(content: CertificateContent): string {
  const algorithm = signatureAlgorithm(content.publicKey);
  const name = distinguishedName(content.commonName);
  // TBSCertificate, RFC 5280 §4.1.
  const toBeSigned = sequence(
    element(0xa0, integer(Buffer.from([2]))), // version: v3 (§4.1.2.1)
    integer(content.serial),
    algorithm,
    name, // issuer
    sequence(time(content.notBefore), time(content.notAfter)),
    name, // subject
    content.publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, extensions),
  );
  const signature = sign('sha256', toBeSigned, content.privateKey);
  return sequence(toBeSigned, algorithm, bitString(signature)).toString('base64');
}

/** "a base64url-encoded SHA-1 thumbprint (a.k.a. digest) of the DER encoding of an X.509 certificate": RFC 7517 §4.8. */
export function certificateThumbprint(certificate: string): string {
  return hash('sha1', Buffer.from(certificate, 'base64'), 'base64url');
}

// Object identifiers, contents only.
const sha256WithRsa = Buffer.from('2a864886f70d01010b', 'hex'); // 1.2.840.113549.1.1.11, RFC 4055 §5
const ecdsaWithSha256 = Buffer.from('2a8648ce3d040302', 'hex'); // 1.2.840.10045.4.3.2, RFC 5758 §3.2
const commonNameId = Buffer.from('550403', 'hex'); // 2.5.4.3, RFC 5280 appendix A.1
const basicConstraints = Buffer.from('551d13', 'hex'); // 2.5.29.19

const derTrue = element(0x01, Buffer.from([0xff]));
const derNull = element(0x05);

// No certification authority: cA is false by default, and defaults are not encoded (RFC 5280 §4.2.1.9).
const extensions = sequence(sequence(objectIdentifier(basicConstraints), derTrue, octetString(sequence())));

function signatureAlgorithm(publicKey: KeyObject): Buffer {
  // RSA: "the parameters MUST be NULL" (RFC 4055 §5).
  if (publicKey.asymmetricKeyType === 'rsa') return sequence(objectIdentifier(sha256WithRsa), derNull);
  // ECDSA: "the encoding MUST omit the parameters field" (RFC 5758 §3.2).
  if (publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    return sequence(objectIdentifier(ecdsaWithSha256));
  }
  throw new TypeError('A certificate is made for RSA and P-256 keys only');
}

/** One attribute, the common name as UTF8String, of at most 64 characters (RFC 5280 appendix A.1, ub-common-name). */
function distinguishedName(commonName: string): Buffer {
  const value = element(0x0c, Buffer.from([...commonName].slice(0, 64).join('')));
  return sequence(element(0x31, sequence(objectIdentifier(commonNameId), value)));
}

/** "dates through the year 2049 as UTCTime; […] dates in 2050 or later MUST be encoded as GeneralizedTime": §4.1.2.5. */
function time(epochSeconds: number): Buffer {
  const digits = `${new Date(epochSeconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

/** A positive integer, in as few bytes as hold it: the first bit is the sign (X.690 §8.3). */
function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const sign = Buffer.alloc((bytes[start] ?? 0) < 0x80 ? 0 : 1);
  const content = Buffer.concat([sign, bytes.subarray(start)]);
  // "The serial number MUST be a positive integer", of at most 20 octets: RFC 5280 §4.1.2.2.
  if (start < 0 || content.length > 20)
    throw new RangeError('A serial number is 1 to 20 bytes, and positive');
  return element(0x02, content);
}

function bitString(content: Buffer): Buffer {
  return element(0x03, Buffer.from([0]), content);
}

function octetString(content: Buffer): Buffer {
  return element(0x04, content);
}

function objectIdentifier(content: Buffer): Buffer {
  return element(0x06, content);
}

function sequence(...elements: Buffer[]): Buffer {
  return element(0x30, ...elements);
}

/** Tag, length and content: the definite form, short below 128 bytes (X.690 §8.1.3). */
function element(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}
