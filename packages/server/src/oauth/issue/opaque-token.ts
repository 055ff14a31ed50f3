// The access token for /userinfo alone: opaque to everyone but us (contract AT-1, AT-14). An encrypted JWE needs no
// row of its own; what may be taken back is looked up by the ids inside (RFC 7516, `dir` with A256GCM).
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { Random } from '../../runtime/random.ts';
import { parseJsonObject } from '../json-object.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
// RFC 7516 §5.1: the protected header is the additional authenticated data, in its encoded form.
const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');
const additionalAuthenticatedData = Buffer.from(header, 'ascii');

export interface OpaqueTokens {
  seal(claims: Record<string, unknown>): string;
  /** The claims; undefined for anything that this tenant did not seal. */
  open(token: string): Record<string, unknown> | undefined;
}

/** `secret`: 32 bytes, the same in every process of the tenant. */
export function createOpaqueTokens(secret: Buffer, random: Random): OpaqueTokens {
  const key = createSecretKey(secret);
  return {
    seal(claims) {
      const nonce = random.bytes(nonceBytes);
      const encryption = createCipheriv(cipher, key, nonce).setAAD(additionalAuthenticatedData);
      const ciphertext = Buffer.concat([
        encryption.update(JSON.stringify(claims), 'utf8'),
        encryption.final(),
      ]);
      const tag = encryption.getAuthTag().toString('base64url');
      return `${header}..${nonce.toString('base64url')}.${ciphertext.toString('base64url')}.${tag}`;
    },
    open(token) {
      const parts = token.split('.');
      const [head, encryptedKey, nonce, ciphertext, tag] = parts;
      if (parts.length !== 5 || head !== header || encryptedKey !== '' || !nonce || !ciphertext || !tag)
        return undefined;
      if (!canonical(nonce, nonceBytes) || !canonical(tag, tagBytes) || !canonical(ciphertext))
        return undefined;
      return opened(key, nonce, ciphertext, tag);
    },
  };
}

function opened(key: ReturnType<typeof createSecretKey>, nonce: string, ciphertext: string, tag: string) {
  const decryption = createDecipheriv(cipher, key, Buffer.from(nonce, 'base64url'), {
    authTagLength: tagBytes,
  })
    .setAAD(additionalAuthenticatedData)
    .setAuthTag(Buffer.from(tag, 'base64url'));
  try {
    return parseJsonObject(decryption.update(ciphertext, 'base64url', 'utf8') + decryption.final('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether the text is the one base64url form of its bytes: bits that decoding passes over change nothing otherwise. */
function canonical(text: string, bytes?: number): boolean {
  const decoded = Buffer.from(text, 'base64url');
  return (bytes === undefined || decoded.length === bytes) && decoded.toString('base64url') === text;
}
