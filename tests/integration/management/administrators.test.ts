// Whoever holds an administrative role is changed by an equal alone, by whichever route (§3.5): else support could set an
// owner's password, and be the owner.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../../packages/server/src/management/index.ts';
import { managementScopes } from '../../../packages/server/src/model/management-scopes.ts';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { apiOf, giveRole, grantSystemApi } from '../../setup/administrators.ts';
import { password, sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const database = 'Username-Password-Authentication';
const emails = [
  'owner@example.com',
  'second-owner@example.com',
  'support@example.com',
  'ada@example.com',
] as const;
const idOf = (email: string) => `auth0|${email.split('@')[0]}`;
const [owner, secondOwner, support, ada] = emails.map(idOf) as [string, string, string, string];

let freehold: Freehold;
/** May do everything but one thing, which owners may. */
let almost: ManagementApi;
let connection_id: string;
let role: string;
beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({ databases: [{ name: database, enabled_clients: ['spa'] }] }),
    users: emails.map((email) => ({ email, password, user_id: idOf(email), email_verified: true })),
  });
  await grantSystemApi(freehold);
  await giveRole(freehold, owner, 'owner');
  await giveRole(freehold, secondOwner, 'owner');
  await giveRole(freehold, support, 'support');
  almost = await managementApi(
    freehold,
    managementScopes.filter((scope) => scope !== 'create:signing_keys'),
    'almost',
  );
  connection_id = (await freehold.stores.connections.findByName(database))?.id ?? '';
  role = (await freehold.stores.roles.findSystem('owner'))?.id ?? '';
});
afterAll(() => freehold.stop());

/** A call that is in order but for whom it is about; undefined for a route that shows and changes nothing of a user. */
function callOf(method: string, path: string, user_id: string): { path: string; body?: unknown } | undefined {
  const id = encodeURIComponent(user_id);
  const permission = {
    resource_server_identifier: systemAudience(freehold.issuer),
    permission_name: 'read:users',
  };
  const calls: Record<string, { path?: string; body?: unknown }> = {
    'PATCH /users/{id}': { body: { email: 'taken@example.com' } },
    'DELETE /users/{id}': {},
    'POST /users/{id}/identities': { body: { provider: 'auth0', user_id: ada } },
    'DELETE /users/{id}/identities/{provider}/{user_id}': { path: `/users/${id}/identities/auth0/x` },
    'POST /users/{id}/authentication-methods': { body: { type: 'totp' } },
    'PUT /users/{id}/authentication-methods': { body: [] },
    'DELETE /users/{id}/authentication-methods': {},
    'PATCH /users/{id}/authentication-methods/{authentication_method_id}': {
      path: `/users/${id}/authentication-methods/x`,
      body: { name: 'x' },
    },
    'DELETE /users/{id}/authentication-methods/{authentication_method_id}': {
      path: `/users/${id}/authentication-methods/x`,
    },
    'DELETE /user-blocks/{id}': { path: `/user-blocks/${id}` },
    'DELETE /user-blocks': { path: `/user-blocks?identifier=${user_id.slice('auth0|'.length)}@example.com` },
    'POST /tickets/password-change': { path: '/tickets/password-change', body: { user_id } },
    'POST /tickets/email-verification': { path: '/tickets/email-verification', body: { user_id } },
    'POST /jobs/verification-email': { path: '/jobs/verification-email', body: { user_id } },
    'POST /users/{id}/roles': { body: { roles: [role] } },
    'DELETE /users/{id}/roles': { body: { roles: [role] } },
    'POST /users/{id}/permissions': { body: { permissions: [permission] } },
    'DELETE /users/{id}/permissions': { body: { permissions: [permission] } },
    'POST /users/{id}/revoke-access': { body: {} },
    'DELETE /users/{user_id}/sessions': {},
    'DELETE /users/{user_id}/refresh-tokens': {},
  };
  const call = calls[`${method} ${path}`];
  return call && { path: path.replace(/\{(?:id|user_id)\}/, id), ...call };
}

const isOfUser = (path: string) =>
  /^\/(?:users\/\{|user-blocks|tickets\/|jobs\/verification-email)/.test(path);
const changing = routes.filter(({ method, path }) => method !== 'GET' && isOfUser(path));

function send(api: ManagementApi, method: string, { path, body }: { path: string; body?: unknown }) {
  const verb = method.toLowerCase() as 'post' | 'patch' | 'put' | 'delete';
  return api[verb](path, body);
}

const everythingOf = (user_id: string) =>
  JSON.stringify([
    freehold.execute('select * from user where user_id = ?', user_id),
    freehold.execute('select * from identity where owner = ?', user_id),
    freehold.execute('select * from ticket where user_id = ?', user_id),
    freehold.execute('select * from user_role where user_id = ?', user_id),
    freehold.execute('select * from user_permission where user_id = ?', user_id),
    freehold.execute('select * from session where user_id = ?', user_id),
  ]);

describe('an owner, and whoever lacks one of an owner’s permissions', () => {
  test.each(changing.map(({ method, path }) => [method, path] as const))(
    '%s %s is refused',
    async (method, path) => {
      const call = callOf(method, path, owner);
      if (call === undefined) throw new Error(`Say above how ${method} ${path} is called`);
      const before = everythingOf(owner);
      const answer = await send(almost, method, call);
      expect(answer.status, answer.text).toBe(403);
      expect(answer.body.message).toMatch(
        /^(?:This user is an administrator|You cannot give what you do not have)/,
      );
      expect(everythingOf(owner)).toBe(before);
    },
  );

  test('an address at a connection finds them no less', async () => {
    const body = { email: 'owner@example.com', connection_id };
    expect((await almost.post('/tickets/password-change', body)).status).toBe(403);
  });

  test('nor do they become part of somebody else', async () => {
    const answer = await almost.post(`/users/${encodeURIComponent(ada)}/identities`, {
      provider: 'auth0',
      user_id: owner,
    });
    expect(answer.status).toBe(403);
  });
});

test('support helps people, and no owner; an owner helps everybody', async () => {
  const at = (user_id: string) => `/users/${encodeURIComponent(user_id)}`;
  const helper = await apiOf(freehold, 'support@example.com');
  expect((await helper.patch(at(ada), { password: 'Another-horse-2' })).status).toBe(200);
  expect((await helper.patch(at(owner), { password: 'Another-horse-2' })).status).toBe(403);
  expect((await helper.post('/tickets/password-change', { user_id: owner })).status).toBe(403);
  const first = await apiOf(freehold, 'owner@example.com');
  expect((await first.patch(at(support), { name: 'Help' })).status).toBe(200);
  expect((await first.patch(at(secondOwner), { name: 'Second' })).status).toBe(200);
});

test('RFC 9470: an administrator is changed by whoever has just logged in', async () => {
  const at = (user_id: string) => `/users/${encodeURIComponent(user_id)}`;
  const first = await apiOf(freehold, 'owner@example.com');
  freehold.clock.advance(301);
  expect((await first.patch(at(ada), { name: 'Ada' })).status).toBe(200);
  for (const user_id of [secondOwner, owner]) {
    const answer = await first.patch(at(user_id), { password: 'Another-horse-2' });
    expect([answer.status, answer.body.errorCode]).toEqual([401, 'insufficient_user_authentication']);
    expect(answer.headers['www-authenticate']).toContain('max_age="300"');
  }
});

test('the last owner is neither blocked, deleted nor linked away', async () => {
  const all = await managementApi(freehold);
  const at = (user_id: string) => `/users/${encodeURIComponent(user_id)}`;
  expect((await all.patch(at(secondOwner), { blocked: true })).status).toBe(200);
  const message = 'This is the last owner: give the role to somebody else before';
  for (const answer of [
    await all.patch(at(owner), { blocked: true }),
    await all.delete(at(owner)),
    await all.post(`${at(ada)}/identities`, { provider: 'auth0', user_id: owner }),
  ]) {
    expect([answer.status, answer.body.message]).toEqual([400, message]);
  }
  expect((await all.patch(at(secondOwner), { blocked: false })).status).toBe(200);
  const both = await Promise.all([all.delete(at(owner)), all.delete(at(secondOwner))]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 400]);
});
