// Mirrors Casdoor GO-2024-3087: of the Management API's answers a page reads those that its own application may read.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemAudience } from '../../packages/server/src/model/resource-server.ts';
import { ada, getTokens, sampleTenant, spa, users } from '../setup/flow.ts';
import { apiWith, type ManagementApi, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const own = 'https://app.example';
const other = {
  ...spa,
  name: 'Other',
  client_id: 'other',
  allowed_origins: ['https://other.example'],
  web_origins: [],
};
let freehold: Freehold;
let personal: ManagementApi;
let machine: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant({ clients: [spa, other] }), users });
  const authorize = { audience: systemAudience(freehold.issuer), scope: 'read:current_user' };
  const { tokens } = await getTokens(freehold, { authorize });
  personal = apiWith(freehold, tokens.access_token);
  machine = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const path = `/users/${encodeURIComponent(ada)}`;

test('the application’s own origin reads the answer, without cookies', async () => {
  const { status, headers } = await personal.get(path, { origin: own });
  expect(status).toBe(200);
  expect(headers['access-control-allow-origin']).toBe(own);
  expect(headers['access-control-allow-credentials']).toBeUndefined();
});

test.each([
  'null',
  'http://app.example',
  'https://app.example.evil.example',
  'https://evilapp.example',
  'https://app.example:8443',
  'https://sub.app.example',
  'https://other.example',
  'file://',
])('%s reads nothing', async (origin) => {
  const { headers } = await personal.get(path, { origin });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});

test('of a script’s answers no page reads any', async () => {
  const { headers } = await machine.get('/users', { origin: own });
  expect(headers['access-control-allow-origin']).toBeUndefined();
});
