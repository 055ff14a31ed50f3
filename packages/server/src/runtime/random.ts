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
  /** Characters of `alphabet`, at most 256, each equally likely. */
  characters(alphabet: string, length: number): string;
  /** An identifier in Auth0's shape, `con_` and 16 alphanumeric characters: unique (95 bits), but no secret. */
  id(prefix: string): string;
}

const poolBytes = 4096;
const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const idLength = 16;

export function createRandom(fill: (buffer: Buffer) => void): Random {
  const pool = Buffer.alloc(poolBytes);
  let position = poolBytes;

  /** What `read` makes of that many fresh bytes, which are in `source` from `start` on and do not stay there. */
  function draw<Drawn>(length: number, read: (source: Buffer, start: number) => Drawn): Drawn {
    if (length > poolBytes) {
      const drawn = Buffer.alloc(length);
      fill(drawn);
      return read(drawn, 0);
    }
    if (position + length > poolBytes) {
      fill(pool);
      position = 0;
    }
    const start = position;
    position += length;
    const drawn = read(pool, start);
    pool.fill(0, start, position);
    return drawn;
  }

  function bytes(length: number): Buffer {
    const drawn = Buffer.alloc(length);
    draw(length, (source, start) => source.copy(drawn, 0, start, start + length));
    return drawn;
  }

  const text = (length: number, encoding: 'base64url' | 'hex') =>
    draw(length, (source, start) => source.toString(encoding, start, start + length));

  function characters(alphabet: string, length: number): string {
    const mask = 2 ** Math.ceil(Math.log2(alphabet.length)) - 1;
    let text = '';
    while (text.length < length) {
      for (const byte of bytes(length - text.length)) {
        // As many bits as count to the alphabet: values beyond it are drawn again, so that no character is favoured.
        text += alphabet.charAt(byte & mask);
      }
    }
    return text;
  }

  return {
    bytes,
    token: (length = 32) => text(length, 'base64url'),
    hex: (length) => text(length, 'hex'),
    alphanumeric: (length) => characters(alphanumerics, length),
    characters,
    id: (prefix) => `${prefix}_${characters(alphanumerics, idLength)}`,
  };
}

export const systemRandom: Random = createRandom((buffer) => randomFillSync(buffer));
