// JSON Web Signatures in compact form (RFC 7515): reading what anybody may have sent. Whose key is asked, and what the
// claims must say, is the caller's.
import type { KeyObject } from 'node:crypto';
import type { PublicKeyCredential } from '../../model/client-credential.ts';
import { equalInConstantTime, hmacSha256 } from '../../runtime/cryptography/hash.ts';
import {
  isSignature,
  parsePublicKey,
  type SignatureAlgorithm,
} from '../../runtime/cryptography/signature.ts';
import { parseJsonObject } from '../json-object.ts';

/** Nothing of it is to be believed before `isSignedBy`. */
export interface Jws {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signed: string;
  signature: Buffer;
}

/** Undefined for what is no JWS, or one that asks for an extension. */
export function parseJws(text: string): Jws | undefined {
  const parts = text.split('.');
  const [header, claims, signatureText] = parts;
  if (parts.length !== 3 || !header || !claims || !signatureText) return undefined;
  const signature = Buffer.from(signatureText, 'base64url');
  // Bytes that base64url would pass over must not make two texts of one token.
  if (signature.toString('base64url') !== signatureText) return undefined;
  const parsedHeader = parseJsonObject(Buffer.from(header, 'base64url').toString());
  const parsedClaims = parseJsonObject(Buffer.from(claims, 'base64url').toString());
  if (parsedHeader === undefined || parsedClaims === undefined) return undefined;
  // RFC 7515 §4.1.11: "If any of the listed extension Header Parameters are not understood and supported by the
  // recipient, then the JWS is invalid."
  if ('crit' in parsedHeader) return undefined;
  return { header: parsedHeader, claims: parsedClaims, signed: `${header}.${claims}`, signature };
}

/** RFC 8725 §3.1: the algorithm is the one that the key is for; the header may only say the same. */
export function isSignedBy(
  { header, signed, signature }: Jws,
  key: KeyObject,
  alg: SignatureAlgorithm,
): boolean {
  return header.alg === alg && isSignature(Buffer.from(signed), signature, key, alg);
}

/** A key that somebody else signs with, as far as checking a signature needs it. */
export type VerificationKey = Pick<PublicKeyCredential, 'alg' | 'pem' | 'expires_at'> & {
  kid: string | undefined;
};

/** RFC 7515 §4.1.4: `kid` is a hint, for those who know ours. */
export function isSignedByOneOf(jws: Jws, credentials: VerificationKey[], now: number): boolean {
  const living = credentials.filter(({ expires_at }) => expires_at === null || expires_at > now);
  const named = living.filter(({ kid }) => kid === jws.header.kid);
  return (named.length > 0 ? named : living).some(({ pem, alg }) => {
    const key = parsePublicKey(pem);
    return key !== undefined && isSignedBy(jws, key, alg);
  });
}

/** A JWS in compact form by HS256 (RFC 7518 §3.2). */
export function signWithSecret(claims: Record<string, unknown>, typ: string, secret: string): string {
  const signed = `${encoded({ alg: 'HS256', typ })}.${encoded(claims)}`;
  return `${signed}.${hmacSha256(secret, signed)}`;
}

/** Of nothing but a secret: no public key is ever one (RFC 8725 §2.1). */
export function isSignedWithSecret({ header, signed, signature }: Jws, secret: string): boolean {
  const isRight = equalInConstantTime(signature.toString('base64url'), hmacSha256(secret, signed));
  return header.alg === 'HS256' && isRight;
}

export function encoded(value: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
