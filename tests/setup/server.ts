// Freehold for a test: the whole server on a loopback port, over a real database, with a clock that the test turns.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type Composed, compose } from '../../packages/server/src/compose.ts';
import { listen } from '../../packages/server/src/http/listen.ts';
import type { SmsSender } from '../../packages/server/src/messages/sms.ts';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { createLog } from '../../packages/server/src/runtime/log.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import { parseSettings } from '../../packages/server/src/runtime/settings/settings.ts';
import type { Stores } from '../../packages/server/src/storage/unit-of-work.ts';
import { findFreePort } from './ports.ts';

const assetsFolder = fileURLToPath(new URL('../../packages/server/dist/assets', import.meta.url));

export interface FreeholdOptions {
  /** The tenant file, as a value. */
  tenant?: Record<string, unknown>;
  /** The users file, as a value. */
  users?: Record<string, unknown>[];
  /** `sqlite:PATH` or `postgres://…`; a SQLite file in a folder of its own unless given. */
  databaseUrl?: string;
  /** Environment variables beside those that the set-up needs. */
  environment?: Record<string, string>;
  /** Flags as on the command line. */
  flags?: string[];
  clock?: TurnableClock;
  port?: number;
  /** What sends text messages; without it they wait. */
  smsSender?: SmsSender;
  /** Lines of the log go here. */
  onLogLine?: (line: string) => void;
}

export interface Freehold {
  issuer: string;
  port: number;
  clock: TurnableClock;
  /** The stores, to look at what was written or to change what no endpoint changes yet. */
  stores: Stores;
  composed: Composed;
  /** The folder with the data of this server. */
  folder: string;
  /** Types of the tenant log, oldest first, with the rest of each entry. */
  logEntries(): Promise<Record<string, unknown>[]>;
  /** One statement on the SQLite file, beside the server: for what no endpoint changes yet. Returns its rows. */
  execute(statement: string, ...values: SQLInputValue[]): Record<string, unknown>[];
  stop(): Promise<void>;
}

export async function startFreehold(options: FreeholdOptions = {}): Promise<Freehold> {
  const folder = await mkdtemp(join(tmpdir(), 'freehold-test-'));
  const port = options.port ?? (await findFreePort());
  const clock = options.clock ?? new TurnableClock(Math.floor(Date.now() / 1000));
  const settings = parseSettings({
    environment: {
      PORT: String(port),
      FREEHOLD_DATA_DIR: folder,
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
      ...(await writeConfiguration(folder, options)),
      ...options.environment,
    },
    arguments: options.flags ?? [],
    workingDirectory: folder,
  });
  const destination = { write: (line: string) => options.onLogLine?.(line) };
  const log = createLog({ level: options.onLogLine ? 'debug' : 'warn', destination });
  const composed = await compose(settings, {
    clock,
    random: systemRandom,
    log,
    assetsFolder,
    ...(options.smsSender === undefined ? {} : { smsSender: options.smsSender }),
  });
  await listen(composed.server, { ...settings, tls: composed.tls });
  // Tests look into every store, of which a route sees its own part.
  const stores = composed.unitOfWork.read;
  return {
    issuer: settings.issuer,
    port,
    clock,
    stores,
    composed,
    folder,
    logEntries: () => stores.log.list(),
    execute(statement, ...values) {
      const database = new DatabaseSync(join(folder, 'freehold.db'), { timeout: 5000 });
      try {
        return database.prepare(statement).all(...values);
      } finally {
        database.close();
        // As when another process changes them: what is kept for a second is read again.
        if (/^(?:update|delete from|insert into) (?:client|connection)\b/.test(statement)) clock.advance(1);
      }
    },
    async stop() {
      await composed.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Writes the files that are given; returns the environment that names them. */
export async function writeConfiguration(
  folder: string,
  { tenant, users }: Pick<FreeholdOptions, 'tenant' | 'users'>,
): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  if (tenant !== undefined) {
    environment.FREEHOLD_TENANT_FILE = join(folder, 'tenant.yaml');
    await writeFile(join(folder, 'tenant.yaml'), stringify(tenant));
  }
  if (users !== undefined) {
    environment.FREEHOLD_USERS_FILE = join(folder, 'users.json');
    await writeFile(join(folder, 'users.json'), JSON.stringify(users));
  }
  return environment;
}
