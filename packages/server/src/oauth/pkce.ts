// Proof Key for Code Exchange (RFC 7636): the shapes of challenge and verifier, and the comparison of the two.
import { equalInConstantTime, sha256 } from '../runtime/cryptography/hash.ts';

/** RFC 7636 §4.3: S256 is the only transformation supported here (AZ-11). */
export const codeChallengeMethods = ['S256'] as const;

// RFC 7636 §4.1: "with a minimum length of 43 characters and a maximum length of 128 characters"
const unreserved = /^[A-Za-z0-9\-._~]{43,128}$/;

/** RFC 7636 §4.2, AZ-14. */
export function isCodeChallenge(value: string): boolean {
  return unreserved.test(value);
}

/** RFC 7636 §4.6: BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge, in constant time. */
export function provesCodeChallenge(codeVerifier: string, codeChallenge: string): boolean {
  return unreserved.test(codeVerifier) && equalInConstantTime(sha256(codeVerifier), codeChallenge);
}
