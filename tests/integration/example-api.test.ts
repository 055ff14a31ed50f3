// examples/api with the tokens of a real login: Auth0's own middleware reads our discovery document and our keys.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../examples/api/src/api.ts';
import { audience, getTokens, sampleTenant, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const anotherApi = 'https://billing.example/';
let freehold: Freehold;
let api: Server;

beforeAll(async () => {
  const tenant = sampleTenant();
  const billing = {
    name: 'Billing',
    identifier: anotherApi,
    skip_consent_for_verifiable_first_party_clients: true,
  };
  tenant.resourceServers = [...(tenant.resourceServers as unknown[]), billing];
  freehold = await startFreehold({ tenant, users });
  api = createApi({ issuer: freehold.issuer, audience }).listen(0, '127.0.0.1');
  await once(api, 'listening');
});
afterAll(async () => {
  api.close();
  api.closeAllConnections();
  await freehold.stop();
});

async function getAccessToken(
  authorize: Record<string, string>,
  username = 'ada@example.com',
): Promise<string> {
  return (await getTokens(freehold, { authorize, username })).tokens.access_token;
}

async function call(token: string | undefined, item?: string) {
  const { port } = api.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/orders`, {
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(item !== undefined && { method: 'POST', body: JSON.stringify({ item }) }),
  });
  return {
    status: answer.status,
    challenge: answer.headers.get('www-authenticate'),
    body: (await answer.json()) as unknown,
  };
}

test('a token for the API with the scopes is let in, and says whose orders they are', async () => {
  const scope = 'openid read:orders write:orders';
  const [ada, bob] = [
    await getAccessToken({ audience, scope }),
    await getAccessToken({ audience, scope }, 'bob@example.com'),
  ];
  const order = { user: 'auth0|0123456789abcdef01234567', item: 'tea' };
  expect(await call(ada, 'tea')).toMatchObject({ status: 201, body: order });
  expect(await call(ada)).toMatchObject({ status: 200, body: [order] });
  expect(await call(bob)).toMatchObject({ status: 200, body: [] });
});

test('RFC 6750 §3.1: a token without the scope is 403 insufficient_scope', async () => {
  const token = await getAccessToken({ audience, scope: 'openid read:orders' });
  const refused = await call(token, 'tea');
  expect(refused.status).toBe(403);
  expect(refused.challenge).toContain('error="insufficient_scope"');
  expect(refused.challenge).toContain('scope="write:orders"');
});

test('RFC 6750 §3.1: no token is 401; one that is not for the API, or changed, is 401 invalid_token', async () => {
  expect(await call(undefined)).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer/) });
  const token = await getAccessToken({ audience, scope: 'openid read:orders' });
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), scope: 'write:orders' };
  for (const wrong of [
    await getAccessToken({ scope: 'openid' }),
    await getAccessToken({ audience: anotherApi }),
    [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.'),
    [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), body, ''].join('.'),
  ]) {
    const { status, challenge } = await call(wrong);
    expect([status, challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
  }
});
