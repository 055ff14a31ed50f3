// X.509 certificates, as RFC 5280 says. Two uses: one around a signing key of ours, for x5c and x5t in the key set
// (contract SG-4), where nobody relies on who signed it; and those of the local authority (local-authority.ts).

import { hash, type KeyObject, sign } from 'node:crypto';
import { addressBytes } from '../network/ip-address.ts';
import * as der from './der.ts';

export interface CertificateContent {
  /** RSA, or EC on P-256. */
  publicKey: KeyObject;
  commonName: string;
  /** Epoch seconds. */
  notBefore: number;
  notAfter: number;
  /** A positive number of at most 20 bytes in DER, the most significant first: 16 random bytes will do. */
  serial: Buffer;
}

/** Whoever signs: with the private key of `publicKey`. */
export interface CertificateIssuer {
  commonName: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** Base64 of the DER, not base64url: "Each string in the array is a base64-encoded […] DER": RFC 7517 §4.7. */
export function selfSignedCertificate(content: CertificateContent & { privateKey: KeyObject }): string {
  return signedCertificate(content, content, [endEntity]);
}

/** Base64 of the DER. `extensions` are made by the functions below. */
export function signedCertificate(
  content: CertificateContent,
  issuer: CertificateIssuer,
  extensions: readonly Buffer[],
): string {
  const algorithm = signatureAlgorithm(issuer.publicKey);
  // TBSCertificate, RFC 5280 §4.1.
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))), // version: v3 (§4.1.2.1)
    serialNumber(content.serial),
    algorithm,
    distinguishedName(issuer.commonName),
    der.sequence(der.time(content.notBefore), der.time(content.notAfter)),
    distinguishedName(content.commonName),
    subjectPublicKeyInfo(content.publicKey),
    der.explicit(3, der.sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuer.privateKey);
  return der.sequence(toBeSigned, algorithm, der.bitString(signature)).toString('base64');
}

/** The textual form of RFC 7468 §5.1. */
export function certificatePem(certificate: string): string {
  return pem('CERTIFICATE', certificate);
}

function pem(label: string, base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** SignedData without signers, as PKCS #7 (RFC 2315 §9.1) carries certificates alone; in PEM (RFC 7468 §8). */
export function certificatePkcs7(certificate: string): string {
  const signedData = der.sequence(
    der.integer(Buffer.from([1])), // version
    der.set(), // digestAlgorithms
    der.sequence(der.objectIdentifier('1.2.840.113549.1.7.1')), // contentInfo: data, absent
    der.explicit(0, Buffer.from(certificate, 'base64')), // certificates
    der.set(), // signerInfos
  );
  const message = der.sequence(der.objectIdentifier('1.2.840.113549.1.7.2'), der.explicit(0, signedData));
  return pem('PKCS7', message.toString('base64'));
}

/** "a base64url-encoded SHA-1 thumbprint (a.k.a. digest) of the DER encoding of an X.509 certificate": RFC 7517 §4.8. */
export function certificateThumbprint(certificate: string): string {
  return hash('sha1', Buffer.from(certificate, 'base64'), 'base64url');
}

/** As certificates are told apart by eye: SHA-1, in hexadecimal pairs. */
export function certificateFingerprint(certificate: string): string {
  const hexadecimal = hash('sha1', Buffer.from(certificate, 'base64'), 'hex');
  return hexadecimal.toUpperCase().replace(/..(?=.)/g, '$&:');
}

/** No certification authority: cA is false by default, and defaults are not encoded (RFC 5280 §4.2.1.9). */
export const endEntity = extension('2.5.29.19', der.sequence(), 'critical');

/** An authority with nothing but end entities below it: cA is true, pathLenConstraint 0 (a single zero byte). */
export const authority = extension(
  '2.5.29.19',
  der.sequence(der.derTrue, Buffer.from([0x02, 0x01, 0x00])),
  'critical',
);

/** keyUsage: digitalSignature for a server, keyCertSign and cRLSign for an authority (RFC 5280 §4.2.1.3). */
export const usedToAuthenticate = extension('2.5.29.15', der.namedBits(0), 'critical');
export const usedToSignCertificates = extension('2.5.29.15', der.namedBits(5, 6), 'critical');

/** extKeyUsage: id-kp-serverAuth (RFC 5280 §4.2.1.12). */
export const usedByServers = extension('2.5.29.37', der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1')));

/** RFC 5280 §4.2.1.6. Host names and addresses. */
export function subjectAlternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => generalName(host, addressBytes(host)));
  return extension('2.5.29.17', der.sequence(...names));
}

/**
 * "a name space within which all subject names in subsequent certificates […] MUST be located": RFC 5280 §4.2.1.10.
 * A host name stands for all names below it too; an address for itself. Without a name of a kind, that kind is free:
 * give one of each.
 */
export function permittedNames(hosts: readonly string[]): Buffer {
  const subtrees = hosts.map((host) => {
    const address = addressBytes(host);
    return der.sequence(
      generalName(host, address && Buffer.concat([address, Buffer.alloc(address.length, 0xff)])),
    );
  });
  return extension('2.5.29.30', der.sequence(der.explicit(0, ...subtrees)), 'critical');
}

export function subjectKeyIdentifier(publicKey: KeyObject): Buffer {
  return extension('2.5.29.14', der.octetString(keyIdentifier(publicKey)));
}

/** Which of the keys of one name has signed (RFC 5280 §4.2.1.1). */
export function authorityKeyIdentifier(publicKey: KeyObject): Buffer {
  return extension('2.5.29.35', der.sequence(der.implicit(0, keyIdentifier(publicKey))));
}

/** RFC 7093 §2, method 4, cut to the length that is usual. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  return hash('sha256', subjectPublicKeyInfo(publicKey), 'buffer').subarray(0, 20);
}

function subjectPublicKeyInfo(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  const flag = critical === undefined ? [] : [der.derTrue];
  return der.sequence(der.objectIdentifier(id), ...flag, der.octetString(value));
}

/** iPAddress, or dNSName. */
function generalName(host: string, address: Buffer | undefined): Buffer {
  return address === undefined ? der.implicit(2, Buffer.from(host, 'ascii')) : der.implicit(7, address);
}

function signatureAlgorithm(publicKey: KeyObject): Buffer {
  // RSA: "the parameters MUST be NULL" (RFC 4055 §5).
  if (publicKey.asymmetricKeyType === 'rsa')
    return der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.derNull);
  // ECDSA: "the encoding MUST omit the parameters field" (RFC 5758 §3.2).
  if (publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1') {
    return der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));
  }
  throw new TypeError('A certificate is signed by RSA and P-256 keys only');
}

/** One attribute, the common name as UTF8String, of at most 64 characters (RFC 5280 appendix A.1, ub-common-name). */
function distinguishedName(commonName: string): Buffer {
  const value = der.utf8String([...commonName].slice(0, 64).join(''));
  return der.sequence(der.set(der.sequence(der.objectIdentifier('2.5.4.3'), value)));
}

/** "The serial number MUST be a positive integer", of at most 20 octets: RFC 5280 §4.1.2.2. */
function serialNumber(bytes: Buffer): Buffer {
  const serial = der.integer(bytes);
  if (serial.length > 2 + 20) throw new RangeError('A serial number is 1 to 20 bytes, and positive');
  return serial;
}
