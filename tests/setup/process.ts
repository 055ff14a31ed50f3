// Freehold as it is shipped: the built server in a process of its own, to be stopped, killed and started again.
// server.ts runs the same server inside the test, with a clock that can be turned.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent } from './agent.ts';
import { findFreePort } from './ports.ts';
import { writeConfiguration } from './server.ts';

const command = fileURLToPath(new URL('../../packages/server/bin/freehold.js', import.meta.url));

export interface ProcessOptions {
  /** The tenant file, as a value. */
  tenant?: Record<string, unknown>;
  /** The users file, as a value. */
  users?: Record<string, unknown>[];
  environment?: Record<string, string>;
  /** What follows `freehold start`. */
  flags?: string[];
  /** The folder with the data and the files; a new one, deleted when the process has been stopped, unless given. */
  folder?: string;
  port?: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  pid: number;
  port: number;
  folder: string;
  /** Standard output and standard error so far, the log's lines among them. */
  output(): string;
  /** Resolves once the process has ended. */
  exited: Promise<Exit>;
  /** Settles once `isTold` accepts the output so far, with true, or the process has ended. */
  told(isTold: (output: string) => boolean): Promise<boolean>;
  signal(signal: NodeJS.Signals): void;
}

export interface ServerProcess extends RunningProcess {
  issuer: string;
  /** A browser that knows the issuer and reaches this process, whichever port the issuer names. */
  newAgent(): Agent;
  /** Asks it to stop, by SIGTERM unless told otherwise; resolves once the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  /** `kill -9`; the folder stays. */
  kill(): Promise<Exit>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that says it is ready. @throws with its output if it ends before. */
export async function startProcess(options: ProcessOptions = {}): Promise<ServerProcess> {
  const started = await spawnServer(options);
  const issuer = await readyIssuer(started);
  const removesFolder = options.folder === undefined;
  return {
    ...started,
    issuer,
    newAgent: () => new Agent(issuer, started.port),
    async stop(signal = 'SIGTERM') {
      started.signal(signal);
      const exit = await started.exited;
      if (removesFolder) await rm(started.folder, { recursive: true, force: true });
      return exit;
    },
    kill() {
      started.signal('SIGKILL');
      return started.exited;
    },
  };
}

/** Two processes that serve one tenant: started at once, with one database, one issuer and one master key. */
export async function startPair(
  databaseUrl: string,
  { environment, ...options }: ProcessOptions = {},
): Promise<[ServerProcess, ServerProcess]> {
  const [port, otherPort] = [await findFreePort(), await findFreePort()];
  const shared = {
    ...options,
    environment: {
      DATABASE_URL: databaseUrl,
      FREEHOLD_ISSUER: `http://localhost:${port}/`,
      FREEHOLD_MASTER_KEY: randomBytes(32).toString('base64'),
      ...environment,
    },
  };
  return Promise.all([startProcess({ ...shared, port }), startProcess({ ...shared, port: otherPort })]);
}

/** What a start says that is refused, and how it ends. */
export async function startRefused(options: ProcessOptions = {}): Promise<Exit & { output: string }> {
  const started = await spawnServer(options);
  const exit = await Promise.race([started.exited, readyIssuer(started).catch(() => started.exited)]);
  if (typeof exit === 'string') {
    started.signal('SIGKILL');
    throw new Error('The server has started');
  }
  if (options.folder === undefined) await rm(started.folder, { recursive: true, force: true });
  return { ...exit, output: started.output() };
}

async function spawnServer(options: ProcessOptions): Promise<RunningProcess> {
  const folder = options.folder ?? (await makeFolder());
  const port = options.port ?? (await findFreePort());
  const environment = { ...baseEnvironment(port, folder), ...(await writeConfiguration(folder, options)) };
  const child = spawn(process.execPath, [command, 'start', ...(options.flags ?? [])], {
    cwd: folder,
    env: { ...environment, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  // `close`: everything that it wrote has been read.
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    port,
    folder,
    output: () => output,
    exited,
    signal: (signal) => child.kill(signal),
    told: (isTold) =>
      new Promise((resolve) => {
        const look = () => isTold(output) && resolve(true);
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        look();
        exited.then(() => resolve(isTold(output)));
      }),
  };
}

async function readyIssuer({ told, output }: RunningProcess): Promise<string> {
  const readyLine = /Freehold is ready at (\S+)/;
  if (!(await told((text) => readyLine.test(text))))
    throw new Error(`The server did not start:\n${output()}`);
  return readyLine.exec(output())?.[1] ?? '';
}

export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'freehold-process-'));
}

function baseEnvironment(port: number, folder: string): Record<string, string> {
  return { PORT: String(port), FREEHOLD_DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'warn' };
}
