import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadMasterKey, parseMasterKey } from './master-key.ts';
import { SecretFileError } from './secret-file.ts';

let parent: string;
let dataDirectory: string;
let path: string;

beforeEach(() => {
  parent = fs.mkdtempSync(join(tmpdir(), 'freehold-master-key-'));
  dataDirectory = join(parent, 'data');
  path = join(dataDirectory, 'master.key');
});

afterEach(() => fs.rmSync(parent, { recursive: true }));

function load(mayCreate = true): Buffer {
  return loadMasterKey({ fromEnvironment: undefined, dataDirectory, mayCreate });
}

test('the first start makes a key of 32 bytes in a file of mode 0600, in a folder of mode 0700', () => {
  const key = load();
  expect(key.length).toBe(32);
  expect(fs.statSync(path).mode & 0o777).toBe(0o600);
  expect(fs.statSync(dataDirectory).mode & 0o777).toBe(0o700);
  expect(fs.readdirSync(dataDirectory)).toEqual(['master.key']);
});

test('the next start finds the same key, whether or not it might make one', () => {
  const key = load();
  expect(load().equals(key)).toBe(true);
  expect(load(false).equals(key)).toBe(true);
});

test('the environment goes before the file, and then no file is made', () => {
  const fromEnvironment = Buffer.alloc(32, 7);
  expect(loadMasterKey({ fromEnvironment, dataDirectory, mayCreate: true })).toBe(fromEnvironment);
  expect(fs.existsSync(path)).toBe(false);
});

test('KY-1: a database with secrets and no master key gets no new key', () => {
  expect(() => load(false)).toThrow(/holds secrets.*FREEHOLD_MASTER_KEY/);
  expect(fs.existsSync(path)).toBe(false);
});

test.each([0o640, 0o604, 0o660, 0o644])(
  'a key file of mode %o is refused with the command that mends it',
  (mode) => {
    load();
    fs.chmodSync(path, mode);
    expect(() => load()).toThrow(SecretFileError);
    expect(() => load()).toThrow(`chmod 600 '${path}'`);
  },
);

test.each(['', 'short', `${Buffer.alloc(31).toString('base64')}\n`])(
  'a damaged key file is refused, not replaced: %j',
  (text) => {
    fs.mkdirSync(dataDirectory);
    fs.writeFileSync(path, text, { mode: 0o600 });
    expect(() => load()).toThrow(/damaged/);
    expect(fs.readFileSync(path, 'utf8')).toBe(text);
  },
);

test('a folder that cannot be made is named, with another way', () => {
  fs.writeFileSync(dataDirectory, 'a file where the folder should be');
  expect(() => load()).toThrow(/master\.key.*cannot be/);
});

test('processes that start at once agree on one key', async () => {
  const start = `
    import { loadMasterKey } from ${JSON.stringify(new URL('./master-key.ts', import.meta.url).href)};
    const source = { fromEnvironment: undefined, dataDirectory: ${JSON.stringify(dataDirectory)}, mayCreate: true };
    process.stdout.write(loadMasterKey(source).toString('hex'));`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', start]);
  const keys = (await Promise.all([run(), run(), run(), run()])).map(({ stdout }) => stdout);
  expect(keys).toEqual(Array.from({ length: 4 }, () => load(false).toString('hex')));
  expect(fs.readdirSync(dataDirectory)).toEqual(['master.key']);
});

test('FREEHOLD_MASTER_KEY is 32 bytes in base64 and nothing else', () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));
  expect(parseMasterKey(key.toString('base64'))?.equals(key)).toBe(true);
  for (const text of [
    '',
    key.toString('hex'),
    `${key.toString('base64')} `,
    Buffer.alloc(33).toString('base64'),
  ]) {
    expect(parseMasterKey(text)).toBeUndefined();
  }
});
