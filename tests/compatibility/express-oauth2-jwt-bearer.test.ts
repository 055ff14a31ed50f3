import type { AddressInfo } from 'node:net';
import express from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, audience, getTokens, orders, sampleTenant, users } from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';

const profiled = 'https://profiled.example/';
let freehold: HttpsFreehold;
const servers: ReturnType<express.Express['listen']>[] = [];

beforeAll(async () => {
  const resourceServers = [
    orders,
    { ...orders, name: 'Profiled', identifier: profiled, token_dialect: 'rfc9068_profile' },
  ];
  freehold = await startHttpsFreehold({ tenant: sampleTenant({ resourceServers }), users });
});
afterAll(async () => {
  for (const server of servers) server.close().closeAllConnections();
  await freehold.stop();
});

/** An API that takes only tokens meant for it; returns its origin. */
async function startApi(options: Parameters<typeof auth>[0]): Promise<string> {
  const app = express();
  app.use(auth({ issuerBaseURL: freehold.issuer, ...options }));
  app.get('/orders', requiredScopes('read:orders'), ({ auth: proof }, response) => {
    response.json(proof?.payload);
  });
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function getAccessToken(api: string, scope: string): Promise<string> {
  const { tokens } = await getTokens(freehold, { authorize: { audience: api, scope } });
  return tokens.access_token;
}

const call = (api: string, token: string) =>
  fetch(`${api}/orders`, { headers: { authorization: `Bearer ${token}` } });

describe('express-oauth2-jwt-bearer', () => {
  test('an API lets in a token that was issued for it', async () => {
    const answer = await call(
      await startApi({ audience }),
      await getAccessToken(audience, 'openid read:orders'),
    );
    expect(await answer.json()).toMatchObject({ iss: freehold.issuer, sub: ada, azp: 'spa' });
  });

  test('in strict mode, one of the profile of RFC 9068', async () => {
    const answer = await call(
      await startApi({ audience: profiled, strict: true }),
      await getAccessToken(profiled, 'openid read:orders'),
    );
    expect(await answer.json()).toMatchObject({ sub: ada, client_id: 'spa', jti: expect.any(String) });
  });

  test('one for another API, and one that lacks the scope, stay outside', async () => {
    const api = await startApi({ audience });
    expect((await call(api, await getAccessToken(profiled, 'openid read:orders'))).status).toBe(401);
    expect((await call(api, await getAccessToken(audience, 'openid'))).status).toBe(403);
  });
});
