// Secrets at rest: client secrets, signing keys, connection secrets and factor seeds are sealed with AES-256-GCM
// before they reach a table (contract KY-1). Every column has a subkey of its own, and every sealed value is bound to
// the table, column and row it was written for. It knows nothing of the values, nor of where they are stored.

import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { systemRandom } from '../random.ts';

/** Where a sealed value stands. It opens nowhere else. */
export interface SealedPlace {
  table: string;
  column: string;
  row: string;
}

export interface Encryption {
  /** Names the master key without telling it; stands in front of each value sealed with it. */
  readonly keyId: string;
  seal(place: SealedPlace, plaintext: string): string;
  /** Throws WrongMasterKey when another key sealed it, SealedValueDamaged when it was changed or moved. */
  open(place: SealedPlace, sealed: string): string;
  /** A key for one purpose of its own, unlike every other purpose’s and every column’s. */
  subkey(purpose: string, length?: number): Buffer;
}

export class WrongMasterKey extends Error {
  override name = 'WrongMasterKey';

  constructor(sealedWith: string, ours: string) {
    super(
      `The secrets in the database were sealed with the master key ${sealedWith}, but the one given is ${ours}. ` +
        'Set FREEHOLD_MASTER_KEY to the former, or put its file back.',
    );
  }
}

export class SealedValueDamaged extends Error {
  override name = 'SealedValueDamaged';

  constructor({ table, column, row }: SealedPlace, cause?: unknown) {
    super(`The secret in ${table}.${column} of row ${row} was changed or does not belong there`, { cause });
  }
}

const cipherName = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export function createEncryption(masterKey: Buffer): Encryption {
  if (masterKey.length !== keyBytes) throw new RangeError(`A master key has ${keyBytes} bytes`);
  const keyId = derive('master key id', 9).toString('base64url');
  const columnKeys = new Map<string, KeyObject>();

  function derive(label: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', masterKey, '', `freehold ${label}`, length));
  }

  function columnKey({ table, column }: SealedPlace): KeyObject {
    const purpose = `${table}.${column}`;
    let key = columnKeys.get(purpose);
    if (key === undefined) {
      key = createSecretKey(derive(`column ${purpose}`, keyBytes));
      columnKeys.set(purpose, key);
    }
    return key;
  }

  return {
    keyId,
    seal(place, plaintext) {
      // "The total number of invocations of the authenticated encryption function shall not exceed 2^32 […] with the
      // given key", nonces being random: NIST SP 800-38D §8.3. One column is never written that often.
      const nonce = systemRandom.bytes(nonceBytes);
      const cipher = createCipheriv(cipherName, columnKey(place), nonce, { authTagLength: tagBytes });
      cipher.setAAD(additionalAuthenticatedText(place));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return `${keyId}.${Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(place, sealed) {
      const sealedWith = sealedKeyId(sealed);
      if (sealedWith !== keyId) throw new WrongMasterKey(sealedWith, keyId);
      const text = sealed.slice(keyId.length + 1);
      const bytes = Buffer.from(text, 'base64url');
      // Node decodes leniently; only the one spelling that seal() wrote is taken.
      if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== text) {
        throw new SealedValueDamaged(place);
      }
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv(cipherName, columnKey(place), nonce, { authTagLength: tagBytes });
      decipher.setAAD(additionalAuthenticatedText(place));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        const plaintext = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([plaintext, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new SealedValueDamaged(place, cause);
      }
    },
    subkey: (purpose, length = keyBytes) => derive(`purpose ${purpose}`, length),
  };
}

/** The id of the master key that sealed a value: tells which values a change of the master key has still to reach. */
export function sealedKeyId(sealed: string): string {
  return sealed.slice(0, Math.max(0, sealed.indexOf('.')));
}

/** JSON keeps the three names apart whatever they contain: ("a", "bc") and ("ab", "c") differ. */
function additionalAuthenticatedText({ table, column, row }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([table, column, row]));
}
