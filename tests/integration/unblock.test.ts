// `freehold unblock`: an administrator lifts a block (contract AP-3).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, newPkce, password, sampleTenant, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant({ tenant: { brute_force_protection: { max_attempts: 2 } } });
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());

async function statusOf(username: string, typed: string): Promise<number> {
  const agent = new Agent(freehold.issuer);
  const page = await agent.open(authorizationUrl(freehold, newPkce()));
  return (await agent.submit(page, { username, password: typed, action: 'default' })).status;
}

async function freeholdUnblock(...identifiers: string[]): Promise<string[]> {
  const printed: string[] = [];
  await run({
    arguments: ['unblock', ...identifiers],
    environment: { FREEHOLD_DATA_DIR: freehold.folder },
    workingDirectory: freehold.folder,
    print: (text) => printed.push(text),
    serve: () => Promise.reject(new Error('nothing is served')),
  });
  return printed;
}

test('AP-3: whoever is blocked may log in again, however the address is written, and nobody else', async () => {
  for (const username of ['ada@example.com', 'bob@example.com']) {
    for (const status of [400, 400, 429]) expect(await statusOf(username, 'wrong')).toBe(status);
  }
  expect(await freeholdUnblock('Ada@Example.com')).toEqual([
    'The failed logins of Ada@Example.com are forgotten.',
  ]);
  expect(await statusOf('ada@example.com', password)).toBe(303);
  expect(await statusOf('bob@example.com', password)).toBe(429);
});

test('AP-3: of somebody who has not failed there is nothing to forget', async () => {
  expect(await freeholdUnblock('eve@example.com')).toEqual([
    'No failed logins are counted for eve@example.com.',
  ]);
});

test.each([[[]], [['ada@example.com', 'bob@example.com']]])('one identifier is taken: %s', async (given) => {
  await expect(freeholdUnblock(...given)).rejects.toThrow('freehold unblock takes one identifier');
});
