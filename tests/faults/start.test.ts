// `freehold start`: the interface that other tools drive, and what a start leaves behind.
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, getCode, newPkce, password, sampleTenant, users } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { makeFolder, type ProcessOptions, type ServerProcess, startProcess } from '../setup/process.ts';

let folder: string;
let server: ServerProcess | undefined;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(options: ProcessOptions = {}): Promise<ServerProcess> {
  server = await startProcess({ folder, ...options });
  return server;
}

async function startAndStop(options: ProcessOptions = {}): Promise<void> {
  const { stop } = await start(options);
  expect(await stop()).toEqual({ code: 0, signal: null });
}

/** Every row of every table. */
function dump(): Record<string, unknown[]> {
  const database = new DatabaseSync(join(folder, 'data/freehold.db'), { readOnly: true });
  const tables = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
  const rows = tables.map(({ name }) => [name, database.prepare(`select * from "${name}"`).all()]);
  database.close();
  return Object.fromEntries(rows) as Record<string, unknown[]>;
}

function owners(): string[] {
  const database = new DatabaseSync(join(folder, 'data/freehold.db'), { readOnly: true });
  const found = database
    .prepare(
      `select email from "user" join user_role using (user_id) join role on role.id = role_id where role.name = 'owner'`,
    )
    .all();
  database.close();
  return found.map(({ email }) => String(email));
}

async function logsIn(username: string, secret: string): Promise<boolean> {
  if (server === undefined) throw new Error('The server does not run');
  const url = authorizationUrl(server, newPkce(), {
    client_id: 'freehold-try',
    redirect_uri: `${server.issuer}try/callback`,
  });
  const answer = await server.newAgent().logIn(url, username, secret);
  return answer.location?.searchParams.has('code') ?? false;
}

describe('the command line', () => {
  test('--tenant, --users and --port, with paths from the working directory; flags win over the environment', async () => {
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files/tenant.yaml'), stringify(sampleTenant()));
    await writeFile(join(folder, 'files/users.json'), JSON.stringify(users));
    const port = await findFreePort();
    const running = await start({
      flags: ['--tenant', 'files/tenant.yaml', '--users', './files/users.json', '--port', String(port)],
      environment: { FREEHOLD_TENANT_FILE: 'nowhere.yaml' },
    });
    expect(running.issuer).toBe(`http://localhost:${port}/`);
    const { code } = await getCode(running, { agent: new Agent(running.issuer) });
    expect(code).not.toBe('');
  });

  test('the ready line names the issuer and, on loopback, where to try a login', async () => {
    const { issuer, output } = await start();
    const ready = `\n  Freehold is ready at ${issuer}\n  Try a login at ${issuer}try\n`;
    expect(output().slice(0, ready.length)).toBe(ready);
  });

  test('elsewhere than on loopback there is nothing to try, and no client for it', async () => {
    const { output, newAgent } = await start({
      environment: { FREEHOLD_ISSUER: 'https://login.example.com' },
    });
    expect(output()).toContain('\n  Freehold is ready at https://login.example.com/\n');
    expect(output()).not.toContain('/try');
    expect((await newAgent().send('/try')).status).toBe(404);
    expect(clientsIn(dump())).toContainEqual(expect.objectContaining({ client_id: 'freehold-dashboard' }));
    expect(clientsIn(dump()).map(({ client_id }) => client_id)).not.toContain('freehold-try');
  });

  test('a client of /try that was made on loopback can be used for nothing elsewhere', async () => {
    await startAndStop();
    await startAndStop({ environment: { FREEHOLD_ISSUER: 'https://login.example.com' } });
    expect(clientsIn(dump()).find(({ client_id }) => client_id === 'freehold-try')).toMatchObject({
      callbacks: '[]',
      allowed_logout_urls: '[]',
      web_origins: '[]',
      grant_types: '[]',
    });
  });

  test('no file at all: people sign up on Username-Password-Authentication', async () => {
    const running = await start();
    const url = authorizationUrl(running, newPkce(), {
      client_id: 'freehold-try',
      redirect_uri: `${running.issuer}try/callback`,
      screen_hint: 'signup',
    });
    const answer = await running.newAgent().signUp(url, 'eve@example.com', password);
    expect(answer.location?.searchParams.has('code')).toBe(true);
    expect(dump().connection).toMatchObject([{ name: 'Username-Password-Authentication' }]);
  });
});

test('a second start with the same files changes nothing in the database', async () => {
  const options = {
    port: await findFreePort(),
    tenant: sampleTenant(),
    users,
    environment: { FREEHOLD_ADMIN_EMAIL: 'root@example.com', FREEHOLD_ADMIN_PASSWORD: 'a long sentence' },
  };
  await startAndStop(options);
  const before = dump();
  expect(before.user).toHaveLength(users.length + 1);
  await startAndStop(options);
  expect(dump()).toEqual(before);
});

describe('files', () => {
  test('the data folder is 0700, the database and the master key in it 0600', async () => {
    await start();
    const data = join(folder, 'data');
    const names = (await readdir(data)).sort();
    expect(names).toEqual(['freehold.db', 'freehold.db-shm', 'freehold.db-wal', 'master.key']);
    expect(await modeOf(data)).toBe('700');
    for (const name of names) expect([name, await modeOf(join(data, name))]).toEqual([name, '600']);
  });

  test('a clean stop leaves the database in one file', async () => {
    await startAndStop();
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(['freehold.db', 'master.key']);
  });
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe('FREEHOLD_ADMIN_EMAIL and FREEHOLD_ADMIN_PASSWORD', () => {
  const environment = {
    FREEHOLD_ADMIN_EMAIL: 'root@example.com',
    FREEHOLD_ADMIN_PASSWORD: 'a long sentence of my own',
  };

  test('without them there is no user: nobody has a default password', async () => {
    await startAndStop();
    expect(dump().user).toEqual([]);
    expect(dump().user_role).toEqual([]);
  });

  test('they make the administrator, who logs in', async () => {
    await start({ environment });
    expect(owners()).toEqual(['root@example.com']);
    expect(await logsIn('root@example.com', environment.FREEHOLD_ADMIN_PASSWORD)).toBe(true);
  });

  test('they never overwrite one: neither the password nor who it is', async () => {
    await startAndStop({ environment });
    await startAndStop({ environment: { ...environment, FREEHOLD_ADMIN_PASSWORD: 'another sentence' } });
    await start({ environment: { ...environment, FREEHOLD_ADMIN_EMAIL: 'other@example.com' } });
    expect(owners()).toEqual(['root@example.com']);
    expect(dump().user).toHaveLength(1);
    expect(await logsIn('root@example.com', environment.FREEHOLD_ADMIN_PASSWORD)).toBe(true);
    expect(await logsIn('root@example.com', 'another sentence')).toBe(false);
  });
});

test('secrets leave the environment: neither child processes nor crash reports see them', async () => {
  const secrets = {
    DATABASE_URL: `sqlite:${join(folder, 'data/freehold.db')}`,
    FREEHOLD_MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    FREEHOLD_ADMIN_PASSWORD: 'a long sentence of my own',
  };
  const running = await start({
    environment: {
      ...secrets,
      FREEHOLD_ADMIN_EMAIL: 'root@example.com',
      NODE_OPTIONS: `--import ${asModule(tellOnSignal)}`,
    },
  });
  running.signal('SIGUSR2');
  expect(await running.told((output) => output.includes('\nthat was all\n'))).toBe(true);
  // The child and the report were really looked at.
  expect(running.output().match(/FREEHOLD_ADMIN_EMAIL/g)).toHaveLength(2);
  for (const name of Object.keys(secrets)) expect(running.output()).not.toContain(name);
});

/** Runs inside the server, before it. */
const tellOnSignal = `
  import { execFileSync } from 'node:child_process';
  process.on('SIGUSR2', () => {
    console.log(execFileSync('env', { encoding: 'utf8' }));
    console.log(Object.keys(process.report.getReport().environmentVariables).join('\\n'));
    console.log('that was all');
  });`;

function asModule(source: string): string {
  return `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
}

function clientsIn({ client = [] }: Record<string, unknown[]>): { client_id?: unknown }[] {
  return client as { client_id?: unknown }[];
}
