// The master key: from the environment, or a file in the data folder that is made once, at the first start. All other
// keys at rest are derived from it (encryption.ts). It knows nothing of the database; whether one with secrets in it
// exists already is the caller's to say.

import * as fs from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from './random.ts';

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

export function loadMasterKey({ fromEnvironment, dataDirectory, mayCreate }: MasterKeySource): Buffer {
  if (fromEnvironment !== undefined) return fromEnvironment;
  const path = keyFileIn(dataDirectory);
  const found = readKeyFile(path);
  if (found !== undefined) return found;
  if (!mayCreate) {
    throw new MasterKeyError(
      `The database holds secrets, but the master key that sealed them is missing. ` +
        `Put the file back at ${path}, or set FREEHOLD_MASTER_KEY to that key.`,
    );
  }
  createKeyFile(dataDirectory, path);
  // Read back, never remembered: of two processes that start at once, both use the key of whoever came first.
  const created = readKeyFile(path);
  if (created === undefined) throw new MasterKeyError(`The master key file ${path} vanished as it was made.`);
  return created;
}

/** 32 bytes in base64, as `openssl rand -base64 32` prints them; undefined for anything else. */
export function parseMasterKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64');
  return key.length === keyBytes && key.toString('base64') === text ? key : undefined;
}

function readKeyFile(path: string): Buffer | undefined {
  let file: number;
  try {
    file = fs.openSync(path, 'r');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw new MasterKeyError(`The master key file ${path} cannot be read.`, { cause });
  }
  try {
    // Asked of the open file, not of its name. Windows keeps no such bits.
    const readableByOthers = (fs.fstatSync(file).mode & 0o077) !== 0;
    if (readableByOthers && process.platform !== 'win32') {
      throw new MasterKeyError(
        `The master key file ${path} is open to other users. Run: chmod 600 '${path}'`,
      );
    }
    const key = parseMasterKey(fs.readFileSync(file, 'utf8').trim());
    if (key === undefined) {
      throw new MasterKeyError(
        `The master key file ${path} is damaged: it should hold ${keyBytes} bytes in base64. Put back a copy of it.`,
      );
    }
    return key;
  } finally {
    fs.closeSync(file);
  }
}

/** Puts another key into the file, for the loads to come: the old one stays until the new one is whole on the disk. */
export function replaceKeyFile(dataDirectory: string, key: Buffer): void {
  const path = keyFileIn(dataDirectory);
  const draft = draftOf(path);
  writeAndSync(draft, textOf(key));
  fs.renameSync(draft, path);
  syncDirectory(dataDirectory);
}

function keyFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'master.key');
}

function draftOf(path: string): string {
  return `${path}.${systemRandom.hex(8)}`;
}

function textOf(key: Buffer): string {
  return `${key.toString('base64')}\n`;
}

/** Whole or not at all: the key is written and synced under another name, and linked to its own unless one is there. */
function createKeyFile(directory: string, path: string): void {
  const draft = draftOf(path);
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      writeAndSync(draft, textOf(systemRandom.bytes(keyBytes)));
      fs.linkSync(draft, path);
    } finally {
      fs.rmSync(draft, { force: true });
    }
    syncDirectory(directory);
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) return;
    throw new MasterKeyError(
      `The master key file ${path} cannot be made. Make the folder writable, or set FREEHOLD_MASTER_KEY.`,
      { cause },
    );
  }
}

function writeAndSync(path: string, text: string): void {
  const file = fs.openSync(path, 'wx', 0o600);
  try {
    fs.writeFileSync(file, text);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** A name outlives a power cut once its folder is synced. Windows opens no folders. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(directory);
  } finally {
    fs.closeSync(directory);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
