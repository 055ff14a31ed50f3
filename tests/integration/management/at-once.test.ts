// Changes of one thing that come at once, on a database where transactions run side by side.
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ada,
  audience,
  authorizationUrl,
  consentAudience,
  getTokens,
  newPkce,
  responseOf,
  sampleTenant,
  users,
} from '../../setup/flow.ts';
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

test('AT-14: a code that is asked for while its grant is being deleted is not given', async () => {
  const key = { user_id: ada, client_id: 'spa', audience: consentAudience };
  const { unitOfWork } = freehold.composed;
  await unitOfWork.transaction(({ userGrants }) =>
    userGrants.add({ ...key, id: 'cgr_raced', scope: ['openid'], created_at: freehold.clock.now() }),
  );
  const { agent } = await getTokens(freehold);
  const asked = { audience: consentAudience, scope: 'openid', prompt: 'none' };
  const silent = async () => responseOf(await agent.open(authorizationUrl(freehold, newPkce(), asked)));
  expect(await silent()).toHaveProperty('code');
  let answer: Promise<unknown> = Promise.resolve();
  let isAnswered = false;
  const observer = new pg.Client({ connectionString: database.url });
  await observer.connect();
  const isWaiting = async () => {
    const { rowCount } = await observer.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rowCount === 1;
  };
  await unitOfWork.transaction(async ({ userGrants, authorizations }) => {
    const now = freehold.clock.now();
    await userGrants.delete(key.user_id, key.client_id, key.audience);
    await authorizations.revokeAuthorizations(key, now, now + 60);
    answer = silent();
    answer.finally(() => {
      isAnswered = true;
    });
    while (!isAnswered && !(await isWaiting()));
  });
  await observer.end();
  expect(await answer).toMatchObject({ error: 'consent_required' });
});
