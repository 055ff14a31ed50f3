// Starts that cannot be: what is wrong and how it is mended, exit code 1, and no stack trace.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findFreePort } from '../setup/ports.ts';
import { createDatabase } from '../setup/postgres.ts';
import { makeFolder, type ProcessOptions, startProcess, startRefused } from '../setup/process.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function expectRefusal(options: ProcessOptions, output: string): Promise<void> {
  expect(await startRefused({ folder, ...options })).toEqual({
    code: 1,
    signal: null,
    output: `${output}\n`,
  });
}

async function startOnce(options: ProcessOptions = {}): Promise<void> {
  const server = await startProcess({ folder, ...options });
  await server.stop();
}

describe('addresses', () => {
  test.each(['127.0.0.1', '::1'])('a port that another program listens on, at %s', async (address) => {
    const port = await findFreePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, address, resolve));
    await expectRefusal(
      { port },
      `Another program listens on port ${port} of ${address}. Stop it, or choose another port with PORT or --port.`,
    );
    other.close();
  });

  test('an address that the machine does not have', () =>
    expectRefusal(
      { environment: { HOST: '203.0.113.1' } },
      '203.0.113.1 is no address of this machine: set HOST to one that is.',
    ));
});

test('KY-1: a database file that other users may read', async () => {
  await startOnce();
  const path = join(folder, 'data/freehold.db');
  await chmod(path, 0o644);
  await expectRefusal({}, `The database ${path} is open to other users. Run: chmod 600 '${path}'*`);
});

describe('settings', () => {
  test('everything that is wrong is said at once, with the name of the variable or flag', () =>
    expectRefusal(
      { environment: { PORT: 'x', LOG_LEVEL: 'loud' }, flags: ['--tenant', 'nowhere.yaml', '--prot'] },
      'Freehold cannot start with these settings:\n' +
        '  --prot is no flag; did you mean --port?\n' +
        '  PORT must be a whole number from 1 to 65535, but is "x"\n' +
        '  LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud"\n' +
        '  --tenant must be a readable file, but is "nowhere.yaml"',
    ));

  test('a folder in place of a file', () =>
    expectRefusal(
      { flags: ['--users', '.'] },
      'Freehold cannot start with these settings:\n  --users must be a readable file, but is "."',
    ));

  test('the tenant file is named with the line and the path of the mistake', () =>
    expectRefusal(
      { tenant: { clients: [{ name: 1 }] } },
      `${folder}/tenant.yaml is not applied:\n  ${folder}/tenant.yaml:2: clients[0].name must be a string`,
    ));

  test('a users file that is no JSON', async () => {
    await writeFile(join(folder, 'users.json'), '[{,');
    const { code, output } = await startRefused({ folder, flags: ['--users', 'users.json'] });
    expect(code).toBe(1);
    expect(output).toMatch(/^.*\/users\.json is not applied:\n {2}.*\/users\.json: is not valid JSON: .*\n$/);
  });
});

describe('the embedded database', () => {
  const path = () => join(folder, 'data/freehold.db');

  test('a file that is none', async () => {
    await mkdir(join(folder, 'data'));
    await writeFile(path(), 'a text file that somebody put there'.repeat(100), { mode: 0o600 });
    await expectRefusal(
      {},
      `The database sqlite:${path()} cannot be opened: file is not a database. Check DATABASE_URL.`,
    );
  });

  test('a folder that cannot be made', async () => {
    await writeFile(join(folder, 'data'), '');
    await expectRefusal(
      {},
      `The database sqlite:${path()} cannot be opened: EEXIST: file already exists, mkdir '${folder}/data'. ` +
        'Check DATABASE_URL.',
    );
  });

  test('one that a newer version made', async () => {
    await startOnce();
    const database = new DatabaseSync(path());
    database.exec("insert into migration (name) values ('9999-from-the-future')");
    database.close();
    await expectRefusal(
      {},
      'The database was made by a newer version of Freehold (it has the migration 9999-from-the-future). ' +
        'Start that version or a later one, or restore a backup from before.',
    );
  });
});

describe('PostgreSQL', () => {
  test('a server that is not there; the password is not repeated', async () => {
    const port = await findFreePort();
    await expectRefusal(
      { environment: { DATABASE_URL: `postgres://freehold:secret@127.0.0.1:${port}/freehold` } },
      `The database postgres://127.0.0.1:${port}/freehold cannot be opened: ` +
        `connect ECONNREFUSED 127.0.0.1:${port}. Check DATABASE_URL.`,
    );
  });

  test.each([
    ['password', 'wrong', 'password authentication failed for user "postgres"'],
    ['pathname', '/nothing', 'database "nothing" does not exist'],
  ] as const)('a wrong %s', async (part, value, reason) => {
    const database = await createDatabase();
    const url = new URL(database.url);
    url[part] = value;
    await expectRefusal(
      { environment: { DATABASE_URL: url.href } },
      `The database postgres://${url.host}${url.pathname} cannot be opened: ${reason}. Check DATABASE_URL.`,
    );
    await database.drop();
  });
});

describe('KY-1: the master key', () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const otherKey = Buffer.alloc(32, 2).toString('base64');

  test('another than the one that sealed the secrets in the database', async () => {
    await startOnce({ environment: { FREEHOLD_MASTER_KEY: key } });
    const { code, output } = await startRefused({ folder, environment: { FREEHOLD_MASTER_KEY: otherKey } });
    expect(code).toBe(1);
    expect(output).toMatch(
      /^The secrets in the database were sealed with the master key [\w-]{12}, but the one given is [\w-]{12}\. Set FREEHOLD_MASTER_KEY to the former, or put its file back\.\n$/,
    );
    expect(output).not.toContain(otherKey);
  });

  test('none, where the database holds secrets', async () => {
    await startOnce({ environment: { FREEHOLD_MASTER_KEY: key } });
    await expectRefusal(
      {},
      'The database holds secrets, but the master key that sealed them is missing. ' +
        `Put the file back at ${folder}/data/master.key, or set FREEHOLD_MASTER_KEY to that key.`,
    );
  });

  test('a file that other users may read', async () => {
    await startOnce();
    await chmod(join(folder, 'data/master.key'), 0o644);
    await expectRefusal(
      {},
      `The master key file ${folder}/data/master.key is open to other users. ` +
        `Run: chmod 600 '${folder}/data/master.key'`,
    );
  });
});
