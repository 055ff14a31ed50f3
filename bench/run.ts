// `npm run bench`: Freehold against the npm package oidc-provider, in one run on one machine. A process for each of the
// servers, one for the floor under both, and one for the load. Rounds alternate between the servers, so that what
// disturbs the machine disturbs both. `--write` puts the result into bench/results.md.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from '../scripts/build.mjs';
import type { Load, LoadOrder, Order } from './driver.ts';
import { algorithms, managementOperations, operations } from './flow.ts';
import { FreeholdInstallation } from './freehold.ts';
import {
  assertMeasurable,
  cpuMilliseconds,
  findFreePort,
  residentMegabytes,
  type ServerProcess,
  startServer,
} from './processes.ts';
import { type Measured, Measurements, type Name, report, type Surroundings } from './report.ts';
import { SignatureCosts } from './signatures.ts';

const rounds = 6;
const requestsPerRound = 1000;
const warmUpRounds = 5;
const requestsPerWarmUp = 2000;
const settlingTime = 10_000;

interface Contestant {
  issuer: string;
  server: ServerProcess;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

async function main(): Promise<void> {
  assertMeasurable();
  await build();
  const installation = new FreeholdInstallation(await findFreePort());
  const running: { stop(): Promise<void> }[] = [];
  try {
    const driver = startDriver();
    running.push(driver);
    const surroundings = await measureStarts(installation);
    const freehold: Contestant = { issuer: installation.issuer, server: await installation.start() };
    running.push(freehold.server);
    await measureMemory(freehold, driver, surroundings);
    const peer = await startContestant('peer');
    running.push(peer.server);
    await driver.obey({ order: 'sign in', issuer: peer.issuer });
    const floor = await startContestant('floor');
    running.push(floor.server);
    const { measurements, signatures } = await race({ freehold, peer, floor }, driver);
    const { text, missed } = report({ measurements, signatures, surroundings, rounds, requestsPerRound });
    console.log(text);
    if (process.argv.includes('--write')) writeFileSync(here('results.md'), text);
    if (missed > 0) process.exitCode = 1;
  } finally {
    for (const started of running.reverse()) await started.stop();
    installation.remove();
  }
}

async function measureStarts(installation: FreeholdInstallation): Promise<Surroundings> {
  const first = await installation.start();
  await first.stop();
  const second = await installation.start();
  await second.stop();
  await (await installation.start({ importUsers: true })).stop();
  return {
    firstStart: first.millisecondsToReady,
    secondStart: second.millisecondsToReady,
    memoryAfterReady: 0,
    memoryAfterLogins: 0,
  };
}

/** Here alone waiting is part of what is measured. */
async function measureMemory(
  { issuer, server }: Contestant,
  driver: Driver,
  surroundings: Surroundings,
): Promise<void> {
  await wait(settlingTime);
  surroundings.memoryAfterReady = residentMegabytes(server.pid);
  await driver.obey({ order: 'sign in', issuer });
  await wait(settlingTime);
  surroundings.memoryAfterLogins = residentMegabytes(server.pid);
}

async function startContestant(name: 'peer' | 'floor'): Promise<Contestant> {
  const issuer = `http://localhost:${await findFreePort()}/`;
  const server = await startServer({
    name,
    parameters: [here(`${name}.ts`), issuer.slice(0, -1)],
    environment: {},
    ready: `The ${name} is ready`,
  });
  return { issuer, server };
}

async function race(contestants: Record<Name, Contestant>, driver: Driver) {
  const signatures = new SignatureCosts();
  const warmUp = new Measurements();
  for (let round = 0; round < warmUpRounds; round += 1) {
    await runRound(round, requestsPerWarmUp, contestants, driver, warmUp);
  }
  const measurements = new Measurements();
  for (let round = 0; round < rounds; round += 1) {
    await runRound(round, requestsPerRound, contestants, driver, measurements);
    signatures.measure();
  }
  // Afterwards, so that what they write does not stand in the way of the race.
  for (let round = 0; round < rounds + 1; round += 1) {
    const isWarmUp = round === 0;
    const into = isWarmUp ? warmUp : measurements;
    await runManagementRound(
      isWarmUp ? requestsPerWarmUp : requestsPerRound,
      contestants.freehold,
      driver,
      into,
    );
  }
  return { measurements, signatures };
}

async function runRound(
  round: number,
  count: number,
  contestants: Record<Name, Contestant>,
  driver: Driver,
  measurements: Measurements,
): Promise<void> {
  const order = round % 2 === 0 ? (['freehold', 'peer'] as const) : (['peer', 'freehold'] as const);
  for (const alg of algorithms) {
    for (const operation of operations) {
      for (const name of order) {
        const { issuer, server } = contestants[name];
        const load = { order: 'load', issuer, alg, operation, count } as const;
        measurements.add({ name, alg, operation }, await measured(load, server, driver));
      }
    }
    const { issuer, server } = contestants.floor;
    const load = { order: 'ask the floor', issuer, count } as const;
    measurements.add({ name: 'floor', operation: 'userinfo' }, await measured(load, server, driver));
  }
}

async function runManagementRound(
  count: number,
  { issuer, server }: Contestant,
  driver: Driver,
  measurements: Measurements,
): Promise<void> {
  for (const operation of managementOperations) {
    const load = { order: 'manage', issuer, operation, count } as const;
    measurements.add({ name: 'freehold', operation }, await measured(load, server, driver));
  }
}

async function measured(order: LoadOrder, server: ServerProcess, driver: Driver): Promise<Measured> {
  const before = cpuMilliseconds(server.pid);
  const load = await driver.obey(order);
  return { ...load, count: order.count, serverCpuMilliseconds: cpuMilliseconds(server.pid) - before };
}

interface Driver {
  obey(order: LoadOrder): Promise<Load>;
  obey(order: Extract<Order, { order: 'sign in' }>): Promise<undefined>;
  stop(): Promise<void>;
}

function startDriver(): Driver {
  const child: ChildProcess = fork(here('driver.ts'));
  return {
    async obey(order: Order) {
      child.send(order);
      const [answer] = (await once(child, 'message')) as [{ result?: Load; error?: string }];
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.result as never;
    },
    async stop() {
      child.disconnect();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

await main();
