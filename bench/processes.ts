// The servers under measurement, each a process of its own, seen from outside: the same eyes for both (Linux only).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';

export interface ServerProcess {
  name: string;
  pid: number;
  /** From the start of the process to the line that says it is ready. */
  millisecondsToReady: number;
  stop(): Promise<void>;
}

export interface ServerStart {
  name: string;
  /** Arguments for node. */
  parameters: string[];
  environment: Record<string, string>;
  /** Stands in the line that says it is ready. */
  ready: string;
}

export async function startServer(start: ServerStart): Promise<ServerProcess> {
  const { name, parameters, environment, ready } = start;
  const startedAt = performance.now();
  const child = spawn(process.execPath, parameters, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}:\n${printed}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      // Read to the end, or the server would block on a full pipe; kept only as far as it is needed.
      if (printed.includes(ready)) return;
      printed += chunk.toString();
      if (printed.includes(ready)) resolve();
    });
  });
  if (child.pid === undefined) throw new Error(`${name} has no process id`);
  const millisecondsToReady = performance.now() - startedAt;
  return { name, pid: child.pid, millisecondsToReady, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Milliseconds of processor time that all threads of the process have had so far. */
export function cpuMilliseconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Nanoseconds on the processor, nanoseconds of waiting for it, turns: finer than the 10 ms of /proc/PID/stat.
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

/** Resident memory in MB (10⁶ bytes). */
export function residentMegabytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}

export function assertMeasurable(): void {
  if (!existsSync('/proc/self/schedstat'))
    throw new Error('The benchmark reads /proc: it runs on Linux only');
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
