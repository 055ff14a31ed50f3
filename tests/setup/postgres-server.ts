// PostgreSQL 18 for the tests: a server of one's own on a loopback port, as durable as in production.
// Knows nothing of Freehold's tables.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { findFreePort } from './ports.ts';
import { getBinaries, makeFolder, owner } from './postgres-binaries.ts';

export interface PostgresServer {
  /** The superuser's, naming the database `postgres`; it stays the same through every stop and start. */
  readonly url: string;
  start(): Promise<void>;
  /** Shuts down cleanly, ending open connections. */
  stop(): Promise<void>;
  /** `kill -9`: what was committed must be there after the next start, and nothing else. */
  kill(): Promise<void>;
  /** Stops it and deletes its files. */
  remove(): Promise<void>;
}

/** A new, empty server that is ready for connections. */
export async function startPostgres(options: { port?: number } = {}): Promise<PostgresServer> {
  const bin = await getBinaries();
  const folder = await makeFolder();
  const keeper = spawn('/bin/sh', ['-c', removeAfterTests, folder], {
    ...owner,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const password = randomBytes(16).toString('hex');
  const port = options.port ?? (await findFreePort());
  await initialize(bin, folder, password);

  let running: Awaited<ReturnType<typeof run>> | undefined;
  const start = async () => {
    running ??= await run(bin, folder, port);
  };
  const end = async (signal: NodeJS.Signals) => {
    await running?.end(signal);
    running = undefined;
  };
  await start();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGINT');
      keeper.stdin.end();
      await once(keeper, 'exit');
    },
  };
}

// Standard input closes when the tests end in whatever way, Ctrl-C and `kill -9` included.
const removeAfterTests = `
  cat
  read -r server < database/postmaster.pid && kill -KILL "$server"
  cd / && until rm -rf "$0"; do sleep 1; done`;

async function initialize(bin: string, folder: string, password: string): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  const parameters = ['--username=postgres', '--auth=password', `--pwfile=${passwordFile}`];
  parameters.push('--encoding=UTF8', '--locale=C', '--no-sync', `--pgdata=${join(folder, 'database')}`);
  await promisify(execFile)(join(bin, 'initdb'), parameters, { ...owner, cwd: folder });
  await rm(passwordFile);
}

async function run(bin: string, folder: string, port: number) {
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', max_connections: 200 };
  const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', join(folder, 'database'), ...parameters], {
    ...owner,
    cwd: folder,
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Every backend holds standard error: it closes once the last of them is gone.
  const closed = once(server, 'close');
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(server.stderr).on('line', (line) => {
      if (line.includes('database system is ready to accept connections')) resolve();
      log.push(line);
      if (log.length > 20) log.shift();
    });
    closed.then(() => reject(new Error(`PostgreSQL did not start:\n${log.join('\n')}`)), reject);
  });
  return {
    async end(signal: NodeJS.Signals) {
      server.kill(signal);
      await closed;
    },
  };
}
