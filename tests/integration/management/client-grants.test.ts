// Client grants (contract §3.3): what a client may have of an API, and that nobody gives what they lack.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { managementScopes } from '../../../packages/server/src/model/management-scopes.ts';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { Agent } from '../../setup/agent.ts';
import { audience, claimsOf, sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const system = () => systemAudience(freehold.issuer);

const newClient = async (members: Record<string, unknown> = {}) => {
  const { status, body } = await api.post('/clients', { name: 'A machine', ...members });
  expect(status).toBe(201);
  return { client_id: String(body.client_id), client_secret: String(body.client_secret) };
};
const newGrant = async (members: Record<string, unknown> = {}) => {
  const { client_id, client_secret } = await newClient();
  const { status, body } = await api.post('/client-grants', { client_id, audience, ...members });
  expect(status).toBe(201);
  return { id: String(body.id), client_id, client_secret, body };
};
const scopeOf = async (client: { client_id: string; client_secret: string }) => {
  const answer = await new Agent(freehold.issuer, freehold.port).postForm('/oauth/token', {
    grant_type: 'client_credentials',
    client_id: client.client_id,
    client_secret: client.client_secret,
    audience,
  });
  return answer.status === 200 ? claimsOf(String(answer.json().access_token)).scope : answer.status;
};

const refusal = (statusCode: number, error: string, message: unknown, errorCode?: string) => ({
  status: statusCode,
  body: { statusCode, error, message, ...(errorCode === undefined ? {} : { errorCode }) },
});
const shownBy = ({ status, body }: { status: number; body: unknown }) => ({ status, body });

describe('§3.3: a client grant', () => {
  test('is made, read, changed and deleted, and takes effect at once', async () => {
    const { id, client_id, client_secret, body } = await newGrant({ scope: ['read:orders'] });
    expect(body).toEqual({
      id: expect.stringMatching(/^cgr_[A-Za-z0-9]{16}$/),
      client_id,
      audience,
      scope: ['read:orders'],
      subject_type: 'client',
      allow_all_scopes: false,
    });
    expect((await api.get(`/client-grants/${id}`)).body).toEqual(body);
    expect(await scopeOf({ client_id, client_secret })).toBe('read:orders');
    const changed = await api.patch(`/client-grants/${id}`, { scope: ['write:orders'] });
    expect(shownBy(changed)).toEqual({ status: 200, body: { ...body, scope: ['write:orders'] } });
    expect(await scopeOf({ client_id, client_secret })).toBe('write:orders');
    expect((await api.delete(`/client-grants/${id}`)).status).toBe(204);
    expect((await api.delete(`/client-grants/${id}`)).status).toBe(204);
    expect(await scopeOf({ client_id, client_secret })).toBe(403);
    expect(shownBy(await api.get(`/client-grants/${id}`))).toEqual(
      refusal(404, 'Not Found', 'The grant does not exist.', 'inexistent_client_grant'),
    );
    expect(shownBy(await api.patch(`/client-grants/${id}`, { scope: [] }))).toEqual(
      refusal(404, 'Not Found', 'The client grant does not exist.', 'inexistent_client_grant'),
    );
  });

  test('of every scope has no list of them, as recorded', async () => {
    const { id, ...client } = await newGrant({ allow_all_scopes: true });
    expect(client.body).toMatchObject({ allow_all_scopes: true });
    expect(client.body).not.toHaveProperty('scope');
    expect(await scopeOf(client)).toBe('read:orders write:orders');
    const { body } = await api.patch(`/client-grants/${id}`, { allow_all_scopes: false, scope: [] });
    expect(body).toMatchObject({ allow_all_scopes: false, scope: [] });
    expect(await scopeOf(client)).toBe('');
  });

  test('keeps what it says of organizations, and of what has no effect', async () => {
    const kept = {
      organization_usage: 'allow',
      allow_any_organization: true,
      authorization_details_types: ['payment'],
      subject_type: 'user',
    };
    const { id, body } = await newGrant(kept);
    expect(body).toMatchObject(kept);
    const changed = await api.patch(`/client-grants/${id}`, { organization_usage: null });
    expect(changed.body).toMatchObject({
      allow_any_organization: true,
      authorization_details_types: ['payment'],
    });
    expect(changed.body).not.toHaveProperty('organization_usage');
  });

  test('is one for each client, API and kind of subject', async () => {
    const { client_id } = await newGrant();
    const same = { client_id, audience };
    expect(shownBy(await api.post('/client-grants', same))).toEqual(
      refusal(409, 'Conflict', 'A client grant for this API already exists.', 'client_grant_conflict'),
    );
    expect((await api.post('/client-grants', { ...same, subject_type: 'user' })).status).toBe(201);
  });

  test('names a client and an API that there are', async () => {
    const { client_id } = await newClient();
    expect(
      shownBy(await api.post('/client-grants', { client_id, audience: 'https://nowhere.example/' })),
    ).toEqual(refusal(404, 'Not Found', 'The resource server does not exist', 'inexistent_resource_server'));
    for (const unknown of ['nobody', 'freehold-dashboard'])
      expect(shownBy(await api.post('/client-grants', { client_id: unknown, audience }))).toEqual(
        refusal(404, 'Not Found', 'The client does not exist', 'inexistent_client'),
      );
  });

  test('gives scopes that the API has', async () => {
    const { id, client_id } = await newGrant({ subject_type: 'user' });
    const message = /^Payload validation error: 'The API has no such scope: eat:orders' on property scope/;
    const refused = refusal(400, 'Bad Request', expect.stringMatching(message), 'invalid_body');
    const scope = ['read:orders', 'eat:orders'];
    expect(shownBy(await api.post('/client-grants', { client_id, audience, scope }))).toEqual(refused);
    expect(shownBy(await api.patch(`/client-grants/${id}`, { scope }))).toEqual(refused);
  });

  test('is for a client or for all third parties, and not both', async () => {
    const { client_id } = await newClient();
    const both = { client_id, default_for: 'third_party_clients', audience };
    expect((await api.post('/client-grants', both)).status).toBe(400);
    expect((await api.post('/client-grants', { audience })).status).toBe(400);
  });

  test('as recorded: is not for a client of the type express_configuration', async () => {
    const { client_id } = await newClient({ app_type: 'express_configuration' });
    expect(shownBy(await api.post('/client-grants', { client_id, audience }))).toEqual(
      refusal(400, 'Bad Request', 'Client of type express_configuration cannot be used', 'validation_error'),
    );
  });

  test('for all third parties is one for each API, and gives nothing to the first party', async () => {
    const grant = { default_for: 'third_party_clients', audience, scope: ['read:orders'] };
    const made = await api.post('/client-grants', grant);
    expect(made).toMatchObject({ status: 201, body: { ...grant, subject_type: 'client' } });
    expect(made.body).not.toHaveProperty('client_id');
    expect((await api.post('/client-grants', grant)).status).toBe(409);
    expect(await scopeOf(await newClient())).toBe(403);
    expect(await scopeOf(await newClient({ is_first_party: false }))).toBe('read:orders');
    const id = String(made.body.id);
    expect((await api.patch(`/client-grants/${id}`, { scope: ['write:orders'] })).body).toMatchObject({
      default_for: 'third_party_clients',
      scope: ['write:orders'],
    });
    const listed = await api.get('/client-grants?default_for=third_party_clients');
    expect(Array.from(listed.body, (each) => each.id)).toEqual([id]);
    expect((await api.delete(`/client-grants/${id}`)).status).toBe(204);
    expect((await api.get(`/client-grants/${id}`)).status).toBe(404);
  });
});

describe('lists', () => {
  test('§2.1: are filtered and paged, without those of the server’s own clients', async () => {
    const { id, client_id } = await newGrant();
    const mine = await api.get(`/client-grants?client_id=${client_id}&include_totals=true`);
    expect(mine.body).toMatchObject({ start: 0, limit: 50, total: 1, client_grants: [{ id, client_id }] });
    const orders = await api.get(`/client-grants?audience=${encodeURIComponent(audience)}&per_page=100`);
    expect(Array.from(orders.body).every((grant) => grant.audience === audience)).toBe(true);
    const all = await api.get('/client-grants?per_page=100');
    expect(all.text).not.toContain('freehold-dashboard');
    const { body } = await api.get('/client-grants?take=1');
    const rest = await api.get(`/client-grants?take=100&from=${body.next}`);
    const ids = [body, rest.body].flatMap(({ client_grants }) => client_grants as { id: string }[]);
    expect(ids.map((grant) => grant.id)).toEqual(Array.from(all.body, (grant) => grant.id));
  });

  test.each(['subject_type=nobody', 'default_for=everybody', 'allow_any_organization=perhaps', 'q=x'])(
    'refuse %s',
    async (query) => {
      expect(await api.get(`/client-grants?${query}`)).toMatchObject({
        status: 400,
        body: { errorCode: 'invalid_query_string' },
      });
    },
  );
});

describe('AT-10: of the Management API', () => {
  test('nobody gives what they lack', async () => {
    const weaker = await managementApi(
      freehold,
      ['create:client_grants', 'update:client_grants', 'read:users'],
      'weaker',
    );
    const { client_id } = await newClient();
    const grant = { client_id, audience: system() };
    for (const more of [{ scope: ['read:users', 'delete:users'] }, { allow_all_scopes: true }])
      expect(await weaker.post('/client-grants', { ...grant, ...more })).toMatchObject({
        status: 403,
        body: { message: expect.stringMatching(/^You cannot give what you do not have yourself: /) },
      });
    const made = await weaker.post('/client-grants', { ...grant, scope: ['read:users'] });
    expect(made.status).toBe(201);
    const path = `/client-grants/${made.body.id}`;
    expect((await weaker.patch(path, { scope: ['delete:users'] })).status).toBe(403);
    expect((await weaker.patch(path, { allow_all_scopes: true })).status).toBe(403);
  });

  test('what a grant gave before may stay', async () => {
    const { client_id } = await newClient();
    const grant = { client_id, audience: system(), scope: ['delete:users'] };
    const { body } = await api.post('/client-grants', grant);
    const weaker = await managementApi(freehold, ['update:client_grants', 'read:users'], 'adding');
    const path = `/client-grants/${body.id}`;
    expect((await weaker.patch(path, { scope: ['delete:users', 'read:users'] })).status).toBe(200);
    expect((await weaker.patch(path, { scope: ['read:users'] })).status).toBe(200);
    expect((await weaker.patch(path, { scope: ['delete:users'] })).status).toBe(403);
  });

  test('it is granted for users to nobody but the dashboard', async () => {
    const { client_id } = await newClient();
    const grant = { client_id, audience: system(), subject_type: 'user', scope: [] };
    expect(shownBy(await api.post('/client-grants', grant))).toEqual(
      refusal(400, 'Bad Request', expect.stringMatching(/cannot be for users/), 'validation_error'),
    );
  });

  test.each([
    ['by default', { default_for: 'third_party_clients' }],
    ['for one', undefined],
  ])('it is not for third parties: %s', async (_case, to) => {
    const who = to ?? { client_id: (await newClient({ is_first_party: false })).client_id };
    expect(await api.post('/client-grants', { ...who, audience: system(), scope: [] })).toMatchObject({
      status: 400,
    });
  });

  test('scopes that Auth0 had once are kept and give nothing', async () => {
    const { client_id, client_secret } = await newClient();
    const scope = ['read:users', 'read:users_app_metadata', 'blacklist:tokens', 'read:my_org:details'];
    const { status, body } = await api.post('/client-grants', { client_id, audience: system(), scope });
    expect(status).toBe(201);
    expect(body.scope).toEqual(scope);
    const answer = await new Agent(freehold.issuer, freehold.port).postForm('/oauth/token', {
      grant_type: 'client_credentials',
      client_id,
      client_secret,
      audience: system(),
    });
    expect(claimsOf(String(answer.json().access_token)).scope).toBe('read:users');
    expect(managementScopes).not.toContain('read:users_app_metadata');
  });
});
