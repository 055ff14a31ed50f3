// Fingerprints and comparison: how one-time values are stored and looked up, and how secrets are compared.
// Fast hashes only, for values drawn at random; what people choose goes to password-hashing.ts.

import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';

/** BASE64URL(SHA256(value)), 43 characters. */
export function sha256(value: string): string {
  return hash('sha256', value, 'base64url');
}

/** The left half of SHA-256 in base64url, 22 characters: `at_hash` and `c_hash` of OpenID Connect Core §3.3.2.11. */
export function sha256Half(value: string): string {
  return hash('sha256', value, 'buffer').subarray(0, 16).toString('base64url');
}

/** BASE64URL(HMAC-SHA256(key, value)), 43 characters. */
export function hmacSha256(key: Buffer | string, value: string): string {
  // A key as bytes costs Node four times as much as one that is a key already.
  const secret = typeof key === 'string' ? key : createSecretKey(key);
  return createHmac('sha256', secret).update(value).digest('base64url');
}

/**
 * Whether two strings are the same, in a time that does not tell where they differ. Digests are compared, so that
 * the lengths may differ; UTF-16 is digested, because UTF-8 folds every lone surrogate into one character.
 */
export function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(value: string): Buffer {
  return hash('sha256', Buffer.from(value, 'utf16le'), 'buffer');
}
