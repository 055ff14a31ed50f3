// Changes of one thing that come at once, on a database where transactions run side by side.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audience, sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { createDatabase, type TestDatabase } from '../../setup/postgres.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let database: TestDatabase;
let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  database = await createDatabase();
  freehold = await startFreehold({ tenant: sampleTenant(), users, databaseUrl: database.url });
  api = await managementApi(freehold);
});
afterAll(async () => {
  await freehold.stop();
  await database.drop();
});

test('of changes of one client none is lost', async () => {
  const client_id = String((await api.post('/clients', { name: 'One' })).body.client_id);
  const changes = Array.from({ length: 10 }, (_, n) => ({
    [n % 2 ? 'description' : 'logo_uri']: `https://x.example/${n}`,
  }));
  const others = [{ callbacks: ['https://a.example/'] }, { sso: true }, { client_metadata: { a: 'b' } }];
  const answers = await Promise.all(
    [...changes, ...others].map((change) => api.patch(`/clients/${client_id}`, change)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await api.get(`/clients/${client_id}`)).body).toMatchObject({
    description: expect.stringMatching(/^https/),
    logo_uri: expect.stringMatching(/^https/),
    ...Object.assign({}, ...others),
  });
});

test('of one state that several change, one changes it', async () => {
  const client_id = String((await api.post('/clients', { name: 'Two' })).body.client_id);
  const etag = String((await api.get(`/clients/${client_id}`)).headers.etag);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      api.patch(`/clients/${client_id}`, { description: `${n}` }, { 'if-match': etag }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412]);
});

test('of the same grants one is made, and its id is told', async () => {
  const { client_id } = (await api.post('/clients', { name: 'Three' })).body;
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => api.post('/client-grants', { client_id, audience })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  const made = answers.find(({ status }) => status === 201);
  expect((await api.get(`/client-grants/${made?.body.id}`)).body).toEqual(made?.body);
});

test('a permission that is taken from a role stays away, whatever else is changed of the role meanwhile', async () => {
  const permissions = [{ resource_server_identifier: audience, permission_name: 'read:orders' }];
  const { id } = (await api.post('/roles', { name: 'Reader' })).body;
  const at = `/roles/${id}/permissions`;
  for (let round = 0; round < 5; round += 1) {
    expect((await api.post(at, { permissions })).status).toBe(201);
    const rename = (n: number) => api.patch(`/roles/${id}`, { description: `${n}` });
    await Promise.all([rename(1), rename(2), api.delete(at, { permissions }), rename(3), rename(4)]);
    expect((await api.get(at)).body).toEqual([]);
  }
});

test('of changes of one organization none is lost', async () => {
  const { id } = (await api.post('/organizations', { name: 'at-once' })).body;
  const changes = [
    { display_name: 'At once' },
    { metadata: { a: 'b' } },
    { branding: { logo_url: 'https://x.example/' } },
  ];
  await Promise.all(changes.map((change) => api.patch(`/organizations/${id}`, change)));
  expect((await api.get(`/organizations/${id}`)).body).toMatchObject(Object.assign({}, ...changes));
});
