// Files that hold a secret: mode 0600 in a folder of mode 0700, whole or not there, refused once they are open to
// others. Knows nothing of what the secret is; `what` names it for the person who has to mend it.

import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { systemRandom } from '../random.ts';

export interface SecretFile {
  path: string;
  /** As in "The master key file … cannot be read". */
  what: string;
}

export class SecretFileError extends Error {
  override name = 'SecretFileError';
}

/** The text of the file, which `make` gives if there is none. */
export function loadSecretFile(secret: SecretFile, make: () => string): string {
  const found = readSecretFile(secret);
  if (found !== undefined) return found;
  createSecretFile(secret, make());
  // Read back, never remembered: of two processes that start at once, both use the secret of whoever came first.
  const created = readSecretFile(secret);
  if (created === undefined) throw refusal(secret, 'vanished as it was made.');
  return created;
}

export function readSecretFile(secret: SecretFile): string | undefined {
  let file: number;
  try {
    file = fs.openSync(secret.path, 'r');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw refusal(secret, 'cannot be read.', cause);
  }
  try {
    // Asked of the open file, not of its name. Windows keeps no such bits.
    const readableByOthers = (fs.fstatSync(file).mode & 0o077) !== 0;
    if (readableByOthers && process.platform !== 'win32')
      throw refusal(secret, `is open to other users. Run: chmod 600 '${secret.path}'`);
    return fs.readFileSync(file, 'utf8');
  } finally {
    fs.closeSync(file);
  }
}

/** Puts another text in its place: the old one stays until the new one is whole on the disk. */
export function replaceFile(path: string, text: string, mode = 0o600): void {
  const draft = draftOf(path);
  writeAndSync(draft, text, mode);
  fs.renameSync(draft, path);
  syncDirectory(dirname(path));
}

/** Whole or not at all: the text is written and synced under another name, and linked to its own unless one is there. */
function createSecretFile(secret: SecretFile, text: string): void {
  const { path } = secret;
  const draft = draftOf(path);
  try {
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeAndSync(draft, text, 0o600);
      fs.linkSync(draft, path);
    } finally {
      fs.rmSync(draft, { force: true });
    }
    syncDirectory(dirname(path));
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw refusal(secret, 'cannot be made. Make its folder writable.', cause);
  }
}

function refusal({ what, path }: SecretFile, text: string, cause?: unknown): SecretFileError {
  return new SecretFileError(`The ${what} file ${path} ${text}`, { cause });
}

function draftOf(path: string): string {
  return `${path}.${systemRandom.hex(8)}`;
}

function writeAndSync(path: string, text: string, mode: number): void {
  const file = fs.openSync(path, 'wx', mode);
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
