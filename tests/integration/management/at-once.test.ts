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
  password,
  responseOf,
  sampleTenant,
  users,
} from '../../setup/flow.ts';
import { newKeyPair } from '../../setup/keys.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import {
  exchangePartnerToken,
  mobile,
  partnerProfile,
  partnerToken,
  publicJwk,
} from '../../setup/partner.ts';
import { createDatabase, type TestDatabase } from '../../setup/postgres.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let database: TestDatabase;
let freehold: Freehold;
let api: ManagementApi;
/** Looks at the database beside the server. */
let observer: pg.Client;
const partnerKey = newKeyPair('ES256');

beforeAll(async () => {
  database = await createDatabase();
  const jwks = { keys: [publicJwk(partnerKey, 'partner-key')] };
  const tenant = sampleTenant({
    tokenExchangeProfiles: [partnerProfile({ jwks, algorithms: ['ES256'] })],
  });
  tenant.clients = [...(tenant.clients as unknown[]), mobile];
  freehold = await startFreehold({ tenant, users, databaseUrl: database.url });
  api = await managementApi(freehold);
  observer = new pg.Client({ connectionString: database.url });
  await observer.connect();
});
afterAll(async () => {
  await observer.end();
  await freehold.stop();
  await database.drop();
});

/** Until a statement waits for what another transaction holds, or the work is over, so that none will. */
async function untilHeldUp(work: Promise<unknown>): Promise<void> {
  const over = work.then(
    () => true,
    () => true,
  );
  const isHeldUp = async () => {
    const { rowCount } = await observer.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rowCount === 1;
  };
  while (!(await isHeldUp()) && !(await Promise.race([over, false])));
}

/** How many rows nobody holds; throws if somebody holds one of them. `rows`: a table, and its column by which to look. */
async function free(rows: `${string} where ${string}`, of: string): Promise<number | null> {
  return (await observer.query(`select from ${rows} = $1 for update nowait`, [of])).rowCount;
}

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
  // In an object: a promise that is returned would be waited for.
  const { answer } = await unitOfWork.transaction(async ({ userGrants, authorizations }) => {
    const now = freehold.clock.now();
    await userGrants.delete(key.user_id, key.client_id, key.audience);
    await authorizations.revokeAuthorizations(key, now, now + 60);
    const answer = silent();
    await untilHeldUp(answer);
    return { answer };
  });
  expect(await answer).toMatchObject({ error: 'consent_required' });
});

// What a login ends with holds the consent first, and what is the user's else afterwards.
test('AT-14: a user whose login has begun to end is deleted after it, not in the middle', async () => {
  const email = 'late@example.com';
  const account = { connection: 'Username-Password-Authentication', email, password, email_verified: true };
  const user_id = String((await api.post('/users', account)).body.user_id);
  const key = { user_id, client_id: 'spa', audience: consentAudience };
  const { unitOfWork } = freehold.composed;
  await unitOfWork.transaction(({ userGrants }) =>
    userGrants.add({ ...key, id: 'cgr_late', scope: ['openid'], created_at: freehold.clock.now() }),
  );
  await getTokens(freehold, { username: email });
  const { deletion } = await unitOfWork.transaction(async ({ userGrants }) => {
    await userGrants.lock(key.user_id, key.client_id, key.audience);
    const deletion = api.delete(`/users/${encodeURIComponent(user_id)}`);
    await untilHeldUp(deletion);
    expect(await free('session where user_id', user_id)).toBe(1);
    return { deletion };
  });
  expect(await deletion).toMatchObject({ status: 204 });
});

test('AT-14: a token is exchanged for a user whom nobody else is changing', async () => {
  const key = { user_id: ada, client_id: 'mobile', audience: consentAudience };
  const { unitOfWork } = freehold.composed;
  await unitOfWork.transaction(({ userGrants }) =>
    userGrants.add({ ...key, id: 'cgr_mobile', scope: ['read:payments'], created_at: freehold.clock.now() }),
  );
  const token = await partnerToken({ key: partnerKey }, freehold);
  const { exchanged } = await unitOfWork.transaction(async ({ users }) => {
    await users.lock(ada);
    const asked = { audience: consentAudience, scope: 'read:payments' };
    const exchanged = exchangePartnerToken(freehold, token, asked);
    await untilHeldUp(exchanged);
    expect(await free('user_grant where client_id', 'mobile')).toBe(1);
    return { exchanged };
  });
  expect(await exchanged).toMatchObject({ status: 200 });
});
