// The master key: from the environment, or a file in the data folder that is made once, at the first start. All other
// keys at rest are derived from it (encryption.ts). It knows nothing of the database; whether one with secrets in it
// exists already is the caller's to say.

import { join } from 'node:path';
import { systemRandom } from '../random.ts';
import { loadSecretFile, readSecretFile, replaceFile, type SecretFile } from './secret-file.ts';

const keyBytes = 32;

export class MasterKeyError extends Error {
  override name = 'MasterKeyError';
}

export interface MasterKeySource {
  /** FREEHOLD_MASTER_KEY, parsed; goes before the file. */
  fromEnvironment: Buffer | undefined;
  dataDirectory: string;
  /** False once the database holds secrets: a new key would open none of them (contract KY-1). */
  mayCreate: boolean;
}

/** Throws MasterKeyError, and SecretFileError where the file cannot be read or made. */
export function loadMasterKey({ fromEnvironment, dataDirectory, mayCreate }: MasterKeySource): Buffer {
  if (fromEnvironment !== undefined) return fromEnvironment;
  const file = keyFileIn(dataDirectory);
  const text = mayCreate
    ? loadSecretFile(file, () => textOf(systemRandom.bytes(keyBytes)))
    : readSecretFile(file);
  if (text === undefined) {
    throw new MasterKeyError(
      `The database holds secrets, but the master key that sealed them is missing. ` +
        `Put the file back at ${file.path}, or set FREEHOLD_MASTER_KEY to that key.`,
    );
  }
  const key = parseMasterKey(text.trim());
  if (key === undefined) {
    throw new MasterKeyError(
      `The master key file ${file.path} is damaged: it should hold ${keyBytes} bytes in base64. ` +
        'Put back a copy of it.',
    );
  }
  return key;
}

/** 32 bytes in base64, as `openssl rand -base64 32` prints them; undefined for anything else. */
export function parseMasterKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64');
  return key.length === keyBytes && key.toString('base64') === text ? key : undefined;
}

/** Puts another key into the file, for the loads to come. */
export function replaceKeyFile(dataDirectory: string, key: Buffer): void {
  replaceFile(keyFileIn(dataDirectory).path, textOf(key));
}

function keyFileIn(dataDirectory: string): SecretFile {
  return { path: join(dataDirectory, 'master.key'), what: 'master key' };
}

function textOf(key: Buffer): string {
  return `${key.toString('base64')}\n`;
}
