// `kill -9` in the middle of load: nothing that was answered is lost, and nothing that was spent comes back.
import { rm } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { findFreePort } from '../setup/ports.ts';
import { startPostgres } from '../setup/postgres-server.ts';
import { makeFolder, startProcess } from '../setup/process.ts';
import { Ledger, patientTenant } from './ledger.ts';

const kills = 20;
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await makeFolder();
  folders.push(folder);
  return folder;
}

test(`AC-10, RT-8, RR-4, DB-1: after each of ${kills} kills of the process every answered write holds, no code, no spent and no revoked token lives, and whoever waited for a refresh is given one`, {
  timeout: 900_000,
}, async () => {
  const options = { folder: await newFolder(), port: await findFreePort(), tenant: patientTenant };
  let server = await startProcess(options);
  const ledger = new Ledger(server);
  let checked: Readonly<Record<string, number>> = {};
  for (let round = 0; round < kills; round += 1) {
    // From round to round the blow falls after another write.
    const last = ledger.answered + 20 + round;
    const { signal } = server;
    await ledger.work(6, (answered) => {
      if (answered === last) signal('SIGKILL');
    });
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    server = await startProcess(options);
    checked = await ledger.check();
  }
  for (const [what, count] of Object.entries(checked)) expect(count, what).toBeGreaterThan(0);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});

test('DB-1: PostgreSQL killed in the middle of load: the server goes on by itself, every answered write holds, and whoever waited for a refresh is given one (RR-4)', {
  timeout: 600_000,
}, async () => {
  const postgres = await startPostgres();
  const server = await startProcess({
    tenant: patientTenant,
    environment: { DATABASE_URL: postgres.url, LOG_LEVEL: 'fatal' },
  });
  const ledger = new Ledger(server);
  for (let round = 0; round < 3; round += 1) {
    const last = ledger.answered + 30 + round;
    let killed: Promise<void> | undefined;
    await ledger.work(6, (answered) => {
      if (answered === last) killed = postgres.kill();
    });
    expect(ledger.answered).toBeGreaterThanOrEqual(last);
    await killed;
    await postgres.start();
    expect((await ledger.check()).users).toBeGreaterThan(5 * round);
  }
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  await postgres.remove();
});
