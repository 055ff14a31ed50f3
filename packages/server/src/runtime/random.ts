// The only place that draws random values: codes, tokens, secrets and identifiers. All of them come from the
// operating system's generator through a small pool, because one call per value costs ten times as much.
// It knows alphabets and lengths, and nothing of what a value will stand for.

import { randomFillSync } from 'node:crypto';

export interface Random {
  bytes(length: number): Buffer;
  /** base64url of `bytes` random bytes; 32 bytes (43 characters) unless told. */
  token(bytes?: number): string;
  /** Lower-case hexadecimal, two characters a byte: a user id is `hex(12)`. */
  hex(bytes: number): string;
  /** Characters of A–Z, a–z, 0–9, each equally likely: 5.95 bits a character. */
  alphanumeric(length: number): string;
  /** An identifier in Auth0's shape, `con_` and 16 alphanumeric characters: unique (95 bits), but no secret. */
  id(prefix: string): string;
}

const poolBytes = 4096;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const idLength = 16;

export function createRandom(fill: (buffer: Buffer) => void): Random {
  const pool = Buffer.alloc(poolBytes);
  let position = poolBytes;

  function bytes(length: number): Buffer {
    const drawn = Buffer.alloc(length);
    if (length > poolBytes) {
      fill(drawn);
      return drawn;
    }
    if (position + length > poolBytes) {
      fill(pool);
      position = 0;
    }
    pool.copy(drawn, 0, position, position + length);
    // What was handed out does not stay behind in the pool.
    pool.fill(0, position, position + length);
    position += length;
    return drawn;
  }

  function alphanumeric(length: number): string {
    let text = '';
    while (text.length < length) {
      for (const byte of bytes(length - text.length)) {
        // Six bits count to 64: the two values beyond the alphabet are drawn again, so that no character is favoured.
        text += alphabet.charAt(byte & 63);
      }
    }
    return text;
  }

  return {
    bytes,
    token: (length = 32) => bytes(length).toString('base64url'),
    hex: (length) => bytes(length).toString('hex'),
    alphanumeric,
    id: (prefix) => `${prefix}_${alphanumeric(idLength)}`,
  };
}

export const systemRandom: Random = createRandom((buffer) => randomFillSync(buffer));
