// `freehold keys`: an administrator rotates and revokes signing keys while the server runs (contract SG-5, SG-6).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { Agent } from '../setup/agent.ts';
import { sampleTenant } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant() });
});
afterAll(() => freehold.stop());

/** The keys that the command prints, as [kid, alg, status]. */
async function freeholdKeys(...given: string[]): Promise<string[][]> {
  const printed: string[] = [];
  await run({
    arguments: ['keys', ...given],
    environment: { FREEHOLD_DATA_DIR: freehold.folder },
    workingDirectory: freehold.folder,
    print: (text) => printed.push(text),
    serve: () => Promise.reject(new Error('nothing is served')),
  });
  return printed.map((line) => line.split('  '));
}

async function publishedKids(): Promise<string[]> {
  freehold.clock.advance(1);
  const { keys } = (await new Agent(freehold.issuer).send('/.well-known/jwks.json')).json();
  return (keys as { kid: string }[]).map(({ kid }) => kid);
}

const kidOf = (keys: string[][], alg: string, status: string) =>
  keys.find((key) => key[1] === alg && key[2] === status)?.[0] ?? '';

test('SG-5: list shows what is published', async () => {
  const keys = await freeholdKeys('list');
  expect(keys.map(([kid]) => kid).sort()).toEqual((await publishedKids()).sort());
  expect(keys.map(([, alg, status]) => `${alg} ${status}`).sort()).toEqual([
    'ES256 current',
    'ES256 next',
    'RS256 current',
    'RS256 next',
  ]);
});

test('SG-6: rotate makes the next key the current one, and the server follows', async () => {
  const before = await freeholdKeys('list');
  const after = await freeholdKeys('rotate');
  expect(kidOf(after, 'RS256', 'current')).toBe(kidOf(before, 'RS256', 'next'));
  expect(kidOf(after, 'RS256', 'previous')).toBe(kidOf(before, 'RS256', 'current'));
  expect(kidOf(after, 'ES256', 'current')).toBe(kidOf(before, 'ES256', 'current'));
  expect(await publishedKids()).toContain(kidOf(after, 'RS256', 'next'));
  expect(kidOf(await freeholdKeys('rotate', 'PS256'), 'PS256', 'previous')).not.toBe('');
});

test('SG-6: revoke takes a key out of the published ones', async () => {
  const kid = kidOf(await freeholdKeys('list'), 'RS256', 'previous');
  expect(await publishedKids()).toContain(kid);
  expect(kidOf(await freeholdKeys('revoke', kid), 'RS256', 'revoked')).toBe(kid);
  expect(await publishedKids()).not.toContain(kid);
});

test('SG-6: the next key and an unknown one are not revoked', async () => {
  for (const kid of [kidOf(await freeholdKeys('list'), 'RS256', 'next'), 'unknown']) {
    await expect(freeholdKeys('revoke', kid)).rejects.toThrow(`${kid} is no key that has signed`);
  }
});

test.each([
  [[]],
  [['revoke']],
  [['rotate', 'none']],
  [['list', 'x']],
  [['rotate', 'RS256', 'x']],
  [['burn']],
])('what the command does not know is refused: %j', async (given) => {
  await expect(freeholdKeys(...given)).rejects.toThrow('freehold keys takes list, rotate');
});
