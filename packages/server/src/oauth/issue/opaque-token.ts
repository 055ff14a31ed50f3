// The access token for /userinfo alone: opaque to everyone but us (contract AT-1, AT-14). An encrypted JWE needs no
// row of its own; what may be taken back is looked up by the ids inside (RFC 7516, `dir` with A256GCM).
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
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
      const [head, encryptedKey] = parts;
      if (parts.length !== 5 || head !== header || encryptedKey !== '') return undefined;
      const [nonce, ciphertext, tag] = parts.slice(2).map(bytesOf);
      if (nonce?.length !== nonceBytes || ciphertext === undefined || tag?.length !== tagBytes)
        return undefined;
      return opened(key, nonce, ciphertext, tag);
    },
  };
}

function opened(key: KeyObject, nonce: Buffer, ciphertext: Buffer, tag: Buffer) {
  const decryption = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes })
    .setAAD(additionalAuthenticatedData)
    .setAuthTag(tag);
  try {
    const claims = decryption.update(ciphertext);
    // Throws for whatever was not sealed with this key; nothing is left to decrypt.
    decryption.final();
    return parseJsonObject(claims.toString());
  } catch {
    return undefined;
  }
}

/** Undefined unless the text is the one base64url form of its bytes: decoding takes others too. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
