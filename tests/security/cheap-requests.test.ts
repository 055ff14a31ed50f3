// Small requests must not cost the server much: no frozen event loop, no rows for nobody, no bodies beyond need.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, callback, newPkce, sampleTenant, spa, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});
afterAll(() => freehold.stop());

test('PW-20: an identifier of 90,000 characters is judged in a moment, and stands in no log', async () => {
  async function cost(username: string): Promise<number> {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, newPkce()));
    const before = process.cpuUsage();
    const answer = await agent.submit(page, { username, password: 'x', action: 'default' });
    expect(answer.status).toBe(400);
    return process.cpuUsage(before).user;
  }
  // Whatever else the process does only ever adds to it.
  const least = async (username: string) =>
    Math.min(await cost(username), await cost(username), await cost(username));
  // Most of it is the hash of the password; a quadratic comparison took forty times as long.
  expect((await least(`a@${'.'.repeat(90_000)}@`)) / (await least('nobody'))).toBeLessThan(5);
  // The last of the long ones: three of `nobody` came after it.
  const [entry] = (await freehold.logEntries()).slice(-4);
  expect(entry).toMatchObject({ type: 'fu' });
  expect(entry?.user_name).toBeUndefined();
});

const form = (overrides: Record<string, string>) => ({
  client_id: spa.client_id,
  response_type: 'code',
  redirect_uri: callback,
  scope: 'openid',
  code_challenge: newPkce().code_challenge,
  code_challenge_method: 'S256',
  ...overrides,
});

test('GL-12: POST /authorize takes no more than GET does', async () => {
  const agent = new Agent(freehold.issuer);
  const answer = await agent.postForm('/authorize', form({ state: 'x'.repeat(9000) }));
  expect([answer.status, answer.location]).toEqual([413, undefined]);
});

test('AZ-54: POST /authorize keeps nothing for an unknown client', async () => {
  const agent = new Agent(freehold.issuer);
  const answer = await agent.postForm('/authorize', form({ client_id: 'nobody' }));
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('Unknown client: nobody');
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test('AZ-2: POST /authorize takes forms: a JSON body, whose numbers would be lost, is refused', async () => {
  const agent = new Agent(freehold.issuer);
  const answer = await agent.postJson('/authorize', { ...form({}), max_age: 0 });
  expect([answer.status, answer.location]).toEqual([400, undefined]);
});

test('LO-4: POST /oidc/logout keeps nothing that would be refused', async () => {
  const agent = new Agent(freehold.issuer);
  const answer = await agent.postForm('/oidc/logout', { post_logout_redirect_uri: 'https://evil.example/' });
  expect([answer.status, answer.location]).toEqual([400, undefined]);
});
