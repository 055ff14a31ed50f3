// Every operation of Auth0's Management API is known: those that are not served refuse as Auth0's tools expect it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../packages/server/src/management/index.ts';
import operations from '../../../packages/server/src/management/operations.json' with { type: 'json' };
import { unserved } from '../../../packages/server/src/management/unserved.ts';
import { apiWith, type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold();
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const all = Object.values(operations).flatMap((methods) => Object.keys(methods)).length;

test('§1.1: 452 operations are known, each either served or refused', () => {
  expect(all).toBe(452);
  const named = new Set(unserved.map(({ method, path }) => `${method} ${path}`));
  const twice = routes.filter(({ method, path }) => named.has(`${method} ${path}`));
  expect(twice).toEqual([]);
});

test('§4.3: what is not served is refused as one whom a scope is missing, whatever they may', async () => {
  for (const { method, path, scopes } of unserved) {
    const answer = await send(api, method, path);
    expect({ path, ...answer }).toEqual({
      path,
      status: 403,
      body: {
        statusCode: 403,
        error: 'Forbidden',
        message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
        errorCode: 'insufficient_scope',
      },
    });
  }
});

test('§4.3: and without a token nothing is told', async () => {
  const stranger = apiWith(freehold, '');
  for (const { method, path } of unserved) {
    const { status, body } = await send(stranger, method, path);
    expect({ path, status, message: body.message }).toEqual({
      path,
      status: 401,
      message: 'Missing authentication',
    });
  }
});

test('LG-4: a change that is refused leaves fapi, served or not; what tools only wanted to read leaves nothing', async () => {
  const refusalsOf = async (act: () => Promise<unknown>) => {
    const before = (await freehold.logEntries()).length;
    await act();
    return (await freehold.logEntries()).slice(before).filter(({ type }) => type === 'fapi');
  };
  expect(await refusalsOf(() => api.get('/rules'))).toEqual([]);
  expect(await refusalsOf(() => api.post('/rules', { script: 'secret' }))).toMatchObject([
    {
      client_id: 'manager',
      details: { request: { path: '/api/v2/rules', body: '[REDACTED]' }, response: { statusCode: 403 } },
    },
  ]);
  freehold.clock.advance(60);
  const stranger = apiWith(freehold, 'not-a-token');
  expect(await refusalsOf(() => stranger.get('/rules'))).toMatchObject([
    { client_id: null, description: 'Invalid token', details: { response: { statusCode: 401 } } },
  ]);
});

test('what Auth0 does not have is not found', async () => {
  const { status, body } = await api.get('/nothing/of/the/kind');
  expect({ status, body }).toEqual({
    status: 404,
    body: { statusCode: 404, error: 'Not Found', message: 'Not Found' },
  });
});

async function send(by: ManagementApi, method: string, path: string) {
  const name = method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete';
  const { status, body } = await by[name](path.replace(/\{\w+\}/g, 'unknown'));
  return { status, body };
}
