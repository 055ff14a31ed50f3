// Signing keys that one of two processes changes, and when the other knows. In process, for the clock to be turned.
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, getTokens, newPkce, responseOf, sampleTenant, users } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { createDatabase, type TestDatabase } from '../setup/postgres.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

describe('SG-6: keys that one process changes', () => {
  let database: TestDatabase;
  let one: Freehold;
  let other: Freehold;
  const clock = new TurnableClock(Math.floor(Date.now() / 1000));
  /** What the documents promise: a process knows of a change after so many seconds. */
  const known = 5;

  beforeAll(async () => {
    database = await createDatabase();
    const port = await findFreePort();
    const environment = {
      FREEHOLD_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
      FREEHOLD_ISSUER: `http://localhost:${port}/`,
    };
    const options = { tenant: sampleTenant(), users, databaseUrl: database.url, environment, clock };
    one = await startFreehold({ ...options, port });
    other = await startFreehold(options);
  });
  afterAll(async () => {
    await Promise.all([one.stop(), other.stop()]);
    await database.drop();
  });

  async function kidsOf(server: Freehold): Promise<string[]> {
    const { keys } = (await agentOf(server).send('/.well-known/jwks.json')).json() as {
      keys: { kid: string }[];
    };
    return keys.map(({ kid }) => kid);
  }

  async function idTokenFrom(server: Freehold): Promise<{ id_token: string; kid: string }> {
    const { tokens } = await getTokens(one, { agent: agentOf(server) });
    const { id_token = '' } = tokens;
    return { id_token, kid: decodeProtectedHeader(id_token).kid ?? '' };
  }

  function agentOf({ port }: Freehold): Agent {
    return new Agent(one.issuer, port);
  }

  test('rotated: both sign with the new key within the time promised, and both publish every key meanwhile', async () => {
    const before = await idTokenFrom(other);
    await one.composed.tenant.keys.rotate('RS256');
    const fromRotating = await idTokenFrom(one);
    expect(fromRotating.kid).not.toBe(before.kid);
    // The other publishes what it is about to sign with, and what the rotating one signs with already.
    expect(await kidsOf(other)).toContain(fromRotating.kid);
    clock.advance(known);
    expect((await idTokenFrom(other)).kid).toBe(fromRotating.kid);
    expect(await kidsOf(other)).toEqual(await kidsOf(one));
    expect(await kidsOf(other)).toContain(before.kid);
  });

  test('revoked: both refuse what it signed and publish it no more within the time promised', async () => {
    const { agent } = await getTokens(one);
    const { id_token, kid } = await idTokenFrom(other);
    await one.composed.tenant.keys.revoke(kid);
    clock.advance(known);
    for (const server of [one, other]) {
      expect(await kidsOf(server)).not.toContain(kid);
      expect((await idTokenFrom(server)).kid).not.toBe(kid);
      const hinted = authorizationUrl(one, newPkce(), { prompt: 'none', id_token_hint: id_token });
      expect(responseOf(await agent.atPort(server.port).open(hinted))).toMatchObject({
        error: 'invalid_request',
      });
    }
  });
});
