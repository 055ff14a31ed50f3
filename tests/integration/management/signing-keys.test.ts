// /keys/signing of the Management API.
import { createHash, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../../setup/agent.ts';
import { audience, getTokens, sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
/** Logged in once. */
let agent: Agent;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  api = await managementApi(freehold);
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

interface Told {
  kid: string;
  alg: string;
  current: boolean;
  next: boolean;
  previous: boolean;
  revoked: boolean;
  [member: string]: unknown;
}

async function keysOf(alg = 'RS256'): Promise<Told[]> {
  const { body } = await api.get('/keys/signing');
  return (Array.from(body) as Told[]).filter((key) => key.alg === alg);
}

async function publishedKids(): Promise<string[]> {
  const { keys } = (await new Agent(freehold.issuer).send('/.well-known/jwks.json')).json() as {
    keys: { kid: string }[];
  };
  return keys.map(({ kid }) => kid);
}

async function newToken(): Promise<string> {
  return (await getTokens(freehold, { agent, authorize: { audience } })).tokens.access_token;
}

async function userinfo(access_token: string): Promise<number> {
  const headers = { authorization: `Bearer ${access_token}` };
  return (await agent.send('/userinfo', { headers })).status;
}

test('§3.7: the keys are told with their certificates, the one that signs first', async () => {
  const keys = await keysOf();
  expect(keys.map(({ current, next, previous, revoked }) => [current, next, previous, revoked])).toEqual([
    [true, false, false, false],
    [false, true, false, false],
  ]);
  const [key] = keys;
  const certificate = new X509Certificate(String(key?.cert));
  expect(key).toEqual({
    kid: decodeProtectedHeader(await newToken()).kid,
    alg: 'RS256',
    cert: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\r\n[\s\S]+\r\n-----END CERTIFICATE-----\r\n$/),
    pkcs7: expect.stringMatching(/^-----BEGIN PKCS7-----\r\n[\s\S]+\r\n-----END PKCS7-----\r\n$/),
    current: true,
    next: false,
    previous: false,
    current_since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    fingerprint: certificate.fingerprint,
    thumbprint: createHash('sha1').update(certificate.raw).digest('hex').toUpperCase(),
    revoked: false,
  });
  expect((await api.get(`/keys/signing/${key?.kid}`)).body).toEqual(key);
});

test('§3.7, SG-6: a rotation takes effect at once, what was signed before stays good', async () => {
  const [before, next] = await keysOf();
  const token = await newToken();
  freehold.clock.advance(60);
  const answer = await api.post('/keys/signing/rotate');
  expect([answer.status, answer.body]).toMatchObject([201, { kid: next?.kid, current: true, next: false }]);
  expect(answer.body.cert).toBe(next?.cert);
  expect(decodeProtectedHeader(await newToken()).kid).toBe(next?.kid);
  const [current, fresh, previous] = await keysOf();
  expect([current?.kid, fresh?.next, previous?.kid]).toEqual([next?.kid, true, before?.kid]);
  expect(previous).toMatchObject({ previous: true, current_until: current?.current_since });
  expect(await publishedKids()).toEqual(expect.arrayContaining([before?.kid, next?.kid, fresh?.kid]));
  expect(await userinfo(token)).toBe(200);
});

test('§3.7, SG-6: what a revoked key has signed is refused at once; revoking it again changes nothing', async () => {
  const token = await newToken();
  const [signer] = await keysOf();
  await api.post('/keys/signing/rotate');
  expect(await userinfo(token)).toBe(200);
  const path = `/keys/signing/${signer?.kid}/revoke`;
  const answer = await api.put(path);
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { kid: signer?.kid, revoked: true, previous: false, revoked_at: expect.any(String) },
  ]);
  expect(await userinfo(token)).toBe(401);
  expect(await publishedKids()).not.toContain(signer?.kid);
  freehold.clock.advance(60);
  expect((await api.put(path)).body).toEqual(answer.body);
});

test('§3.7: neither the key that signs nor the next one is revoked; an unknown one is not found', async () => {
  const [current, next] = await keysOf();
  for (const key of [current, next]) {
    const { status, body } = await api.put(`/keys/signing/${key?.kid}/revoke`);
    expect([status, body.message]).toEqual([400, expect.stringContaining('cannot be revoked')]);
  }
  for (const answer of [
    await api.get('/keys/signing/nobody'),
    await api.put('/keys/signing/nobody/revoke'),
  ]) {
    expect([answer.status, answer.body.message]).toEqual([404, 'Signing key not found.']);
  }
});

test('each algorithm has keys of its own', async () => {
  const [before] = await keysOf('ES256');
  const others = await keysOf();
  const { status, body } = await api.post('/keys/signing/rotate?alg=ES256');
  expect([status, body.alg]).toEqual([201, 'ES256']);
  expect((await keysOf('ES256'))[0]?.kid).not.toBe(before?.kid);
  expect(await keysOf()).toEqual(others);
  expect((await api.post('/keys/signing/rotate?alg=none')).status).toBe(400);
});

test('LG-4: the tenant log tells of it, and shows no private key', async () => {
  const entries = await freehold.logEntries();
  expect(JSON.stringify(entries)).not.toContain('PRIVATE KEY');
  expect(entries.filter(({ type }) => type === 'sapi').length).toBeGreaterThanOrEqual(3);
});
