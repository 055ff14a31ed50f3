// Who is told the secrets of clients, and who may change how a client proves itself (contract §3.2): those who read or
// change keys, a person on asking by name soon after a login, and nobody beyond what they may do themselves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { managementScopes } from '../../../packages/server/src/model/management-scopes.ts';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { apiOf, giveRole, grantSystemApi } from '../../setup/administrators.ts';
import { ada, sampleTenant, users, webSecret } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  api = await managementApi(freehold);
  await grantSystemApi(freehold);
  await giveRole(freehold, ada, 'owner');
});
afterAll(() => freehold.stop());

let count = 0;
const withScopes = (...scopes: string[]) => managementApi(freehold, scopes, `manager-${count++}`);
const withKeys = (...others: string[]) =>
  managementScopes.filter((scope) => !others.includes(scope) || scope === 'read:client_keys');

const insufficient = (...scopes: string[]) => ({
  status: 403,
  body: {
    statusCode: 403,
    error: 'Forbidden',
    message: `Insufficient scope, expected any of: ${scopes.join(',')}`,
    errorCode: 'insufficient_scope',
  },
});
const shownBy = ({ status, body }: { status: number; body: unknown }) => ({ status, body });

describe('a client that calls for itself', () => {
  test('with read:client_summary is told what clients are called', async () => {
    const { body } = await (await withScopes('read:client_summary')).get('/clients/web');
    expect(body).toEqual({ client_id: 'web', name: 'Web', app_type: 'regular_web' });
  });

  test('with read:clients is told all but secrets and credentials', async () => {
    const reader = await withScopes('read:clients');
    const { body } = await reader.get('/clients/web');
    expect(body).toMatchObject({ client_id: 'web', tenant: 'localhost', callbacks: [expect.any(String)] });
    for (const name of ['client_secret', 'signing_keys']) expect(body).not.toHaveProperty(name);
    const list = await reader.get('/clients');
    expect(list.text).not.toContain(webSecret);
    expect(list.text).not.toContain('"client_secret"');
  });

  test('with read:client_keys is told the secret', async () => {
    const { body } = await (await withScopes('read:clients', 'read:client_keys')).get('/clients/web');
    expect(body).toMatchObject({ client_secret: webSecret, signing_keys: [{ subject: 'deprecated' }] });
  });

  test('is refused what it asks for by name, if that is not for it', async () => {
    const summary = await withScopes('read:client_summary');
    expect(shownBy(await summary.get('/clients?fields=callbacks'))).toEqual(
      insufficient('read:clients', 'read:client_keys'),
    );
    const reader = await withScopes('read:clients');
    for (const path of ['/clients', '/clients/web'])
      expect(shownBy(await reader.get(`${path}?fields=name,client_secret`))).toEqual(
        insufficient('read:client_keys'),
      );
    expect(await reader.get('/clients/web?fields=client_secret&include_fields=false')).toMatchObject({
      status: 200,
    });
  });

  test('is not told the secret that it has made, unless it may read it', async () => {
    const creator = await withScopes('create:clients', 'read:clients');
    const { status, body } = await creator.post('/clients', { name: 'Made' });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('client_secret');
  });

  test('changes settings and keys with the scope for each', async () => {
    const client_secret = 'another-secret-that-nobody-can-guess-01';
    const settings = await withScopes('update:clients');
    expect(shownBy(await settings.patch('/clients/web', { client_secret }))).toEqual(
      insufficient('update:client_keys'),
    );
    expect((await settings.patch('/clients/web', { description: 'Changed' })).status).toBe(200);
    const keys = await withScopes('update:client_keys');
    expect(shownBy(await keys.patch('/clients/web', { description: 'x', client_secret }))).toEqual(
      insufficient('update:clients'),
    );
    expect(await freehold.stores.clients.findSecret('web')).toBe(webSecret);
    expect((await keys.patch('/clients/web', { client_secret })).status).toBe(200);
    expect(await freehold.stores.clients.findSecret('web')).toBe(client_secret);
    expect((await api.patch('/clients/web', { client_secret: webSecret })).status).toBe(200);
  });
});

describe('who has the secret of a client has what it has', () => {
  const strong = async () => {
    const { client_id } = (await api.post('/clients', { name: 'Strong' })).body;
    const audience = systemAudience(freehold.issuer);
    const grant = { client_id, audience, scope: ['delete:users'] };
    expect((await api.post('/client-grants', grant)).status).toBe(201);
    return String(client_id);
  };

  test('nobody is told it who may do less', async () => {
    const id = await strong();
    const weaker = await withScopes(...withKeys('delete:users'));
    expect((await weaker.get(`/clients/${id}`)).body).not.toHaveProperty('client_secret');
    expect((await weaker.get('/clients/web')).body).toHaveProperty('client_secret');
    expect((await api.get(`/clients/${id}`)).body).toHaveProperty('client_secret');
  });

  test.each<[string, (weaker: ManagementApi, id: string) => Promise<{ status: number }>]>([
    ['rotates it', (weaker, id) => weaker.post(`/clients/${id}/rotate-secret`)],
    [
      'sets it',
      (weaker, id) =>
        weaker.patch(`/clients/${id}`, { client_secret: 'a-secret-of-mine-that-is-long-enough' }),
    ],
    [
      'changes how it proves itself',
      (weaker, id) => weaker.patch(`/clients/${id}`, { token_endpoint_auth_method: 'none' }),
    ],
  ])('nobody %s who may do less', async (_name, act) => {
    const id = await strong();
    const secret = await freehold.stores.clients.findSecret(id);
    const weaker = await withScopes(...withKeys('delete:users'));
    expect((await act(weaker, id)).status).toBe(403);
    expect(await freehold.stores.clients.findSecret(id)).toBe(secret);
    expect((await act(api, id)).status).toBe(200);
  });
});

describe('a person', () => {
  test('is told a secret on asking for it by name, soon after a login, and that is logged', async () => {
    const owner = await apiOf(freehold, 'ada@example.com');
    expect((await owner.get('/clients/web')).body).not.toHaveProperty('client_secret');
    expect((await owner.get('/clients')).text).not.toContain(webSecret);
    const { status, body } = await owner.get('/clients/web?fields=client_id,client_secret');
    expect({ status, body }).toEqual({ status: 200, body: { client_id: 'web', client_secret: webSecret } });
    const entries = await freehold.logEntries();
    const revealed = entries.filter(({ description }) => description === 'Reveal the secret of a client');
    expect(revealed).toEqual([
      expect.objectContaining({
        type: 'sapi',
        user_id: ada,
        details: { revealed: [{ id: 'web', name: 'Web' }] },
      }),
    ]);
    expect(JSON.stringify(entries)).not.toContain(webSecret);
  });

  test('is told the secret that they rotated', async () => {
    const owner = await apiOf(freehold, 'ada@example.com');
    const { client_id } = (await owner.post('/clients', { name: 'Of a person' })).body;
    const { status, body } = await owner.post(`/clients/${client_id}/rotate-secret`);
    expect(status).toBe(200);
    expect(body.client_secret).toBe(await freehold.stores.clients.findSecret(String(client_id)));
    expect(JSON.stringify(await freehold.logEntries())).not.toContain(body.client_secret);
  });

  test('RFC 9470: long after a login must log in again, for secrets alone', async () => {
    const owner = await apiOf(freehold, 'ada@example.com');
    freehold.clock.advance(301);
    expect((await owner.get('/clients/web')).status).toBe(200);
    expect((await owner.patch('/clients/web', { description: 'Late' })).status).toBe(200);
    for (const answer of [
      await owner.get('/clients/web?fields=client_secret'),
      await owner.get('/clients?fields=client_secret'),
      await owner.post('/clients/web/rotate-secret'),
      await owner.patch('/clients/web', { client_secret: 'a-secret-of-mine-that-is-long-enough' }),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('insufficient_user_authentication');
    }
    expect(await freehold.stores.clients.findSecret('web')).toBe(webSecret);
  });
});
