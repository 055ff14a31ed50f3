// The master key: `freehold keys rewrap`, and what a wrong or missing one does (contract KY-1).
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { getTokens, refreshRequest, sampleTenant, users, webSecret } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

/** The data folder outlives the servers of a test. */
let data: string;
let port: number;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'freehold-key-'));
  port = await findFreePort();
});
afterEach(() => rm(data, { recursive: true, force: true }));

const asWeb = { client_id: 'web', client_secret: webSecret };

async function withServer<T>(work: (freehold: Freehold) => Promise<T>, environment = {}): Promise<T> {
  const freehold = await startFreehold({
    tenant: sampleTenant(),
    users,
    port,
    environment: { FREEHOLD_DATA_DIR: data, ...environment },
  });
  try {
    return await work(freehold);
  } finally {
    await freehold.stop();
  }
}

function logIn(freehold: Freehold) {
  return getTokens(freehold, {
    authorize: { client_id: 'web', scope: 'openid offline_access' },
    token: asWeb,
  });
}

function newKey(): string {
  return randomBytes(32).toString('base64');
}

/** What the command prints. */
async function freehold(args: string[], environment: Record<string, string> = {}): Promise<string[]> {
  const printed: string[] = [];
  await run({
    arguments: args,
    environment: { FREEHOLD_DATA_DIR: data, ...environment },
    workingDirectory: data,
    print: (text) => printed.push(text),
    serve: () => Promise.reject(new Error('Nothing is to be served')),
  });
  return printed;
}

async function publishedKids({ composed }: Freehold): Promise<unknown[]> {
  return (await composed.tenant.keys.publish()).map(({ kid }) => kid);
}

describe('KY-1: freehold keys rewrap', () => {
  test('KY-1: the key file is replaced, and every secret opens under the new key alone', async () => {
    const before = await withServer(async (server) => ({
      tokens: (await logIn(server)).tokens,
      kids: await publishedKids(server),
    }));
    const oldKey = await readFile(join(data, 'master.key'), 'utf8');
    const key = newKey();
    await writeFile(join(data, 'next.key'), `${key}\n`);
    // Four signing keys and the secret of the client.
    expect(await freehold(['keys', 'rewrap', '--to', 'next.key'])).toEqual([
      '5 secrets are sealed with the new master key.',
    ]);
    expect((await readFile(join(data, 'master.key'), 'utf8')).trim()).toBe(key);
    expect((await stat(join(data, 'master.key'))).mode & 0o777).toBe(0o600);
    await withServer(async (server) => {
      expect(await publishedKids(server)).toEqual(before.kids);
      const { agent } = await logIn(server);
      const request = refreshRequest(before.tokens.refresh_token, asWeb);
      expect((await agent.postForm('/oauth/token', request)).status).toBe(200);
    });
    await expect(withServer(publishedKids, { FREEHOLD_MASTER_KEY: oldKey.trim() })).rejects.toThrow(
      /master key/i,
    );
  });

  test('KY-1: a key that came from the environment stays there to be changed', async () => {
    const [first, second] = [newKey(), newKey()];
    await withServer(logIn, { FREEHOLD_MASTER_KEY: first });
    await writeFile(join(data, 'next.key'), second);
    expect(await freehold(['keys', 'rewrap', '--to', 'next.key'], { FREEHOLD_MASTER_KEY: first })).toEqual([
      '5 secrets are sealed with the new master key.',
      'Set FREEHOLD_MASTER_KEY to it before the next start.',
    ]);
    await withServer(logIn, { FREEHOLD_MASTER_KEY: second });
    await expect(withServer(logIn, { FREEHOLD_MASTER_KEY: first })).rejects.toThrow(/master key/i);
  });

  test('KY-1: with a wrong key nothing is changed', async () => {
    await withServer(logIn);
    await writeFile(join(data, 'next.key'), newKey());
    const wrong = { FREEHOLD_MASTER_KEY: newKey() };
    await expect(freehold(['keys', 'rewrap', '--to', 'next.key'], wrong)).rejects.toThrow(/master key/i);
    await withServer(logIn);
  });

  test.each([
    ['no flag', [], 'takes one flag, --to FILE'],
    ['no file named', ['--to'], 'takes one flag, --to FILE'],
    ['a file without a key', ['--to', 'short.key'], 'must hold 32 bytes in base64'],
  ])('KY-1: %s is refused with the fix', async (_what, flags, words) => {
    await withServer(logIn);
    await writeFile(join(data, 'short.key'), 'c2hvcnQ=');
    await expect(freehold(['keys', 'rewrap', ...flags])).rejects.toThrow(words);
  });
});

describe('KY-1: the start', () => {
  test('KY-1: a wrong master key refuses it', async () => {
    await withServer(logIn);
    await expect(withServer(logIn, { FREEHOLD_MASTER_KEY: newKey() })).rejects.toThrow(/master key/i);
  });

  test('KY-1: a database with secrets and no master key refuses it, and makes no new one', async () => {
    await withServer(logIn);
    await rm(join(data, 'master.key'));
    await expect(withServer(logIn)).rejects.toThrow(/FREEHOLD_MASTER_KEY/);
    await expect(stat(join(data, 'master.key'))).rejects.toThrow('ENOENT');
  });

  test('KY-1: without one, the first start makes a file that nobody else may read', async () => {
    await withServer(logIn);
    const file = await stat(join(data, 'master.key'));
    expect(file.mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(join(data, 'master.key'), 'utf8'), 'base64')).toHaveLength(32);
  });
});
