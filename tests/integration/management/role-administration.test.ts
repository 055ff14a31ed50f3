// Nobody gives what they lack, and there is always an owner: roles and permissions that administer the tenant (AT-10).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { apiOf, giveRole, grantSystemApi } from '../../setup/administrators.ts';
import { password, sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const people = ['owner', 'editor', 'viewer', 'nobody'] as const;
type Person = (typeof people)[number];
const idOf = (person: Person) => `auth0|${person}`;
const rolesOf = (person: Person) => `/users/${encodeURIComponent(idOf(person))}/roles`;
const permissionsOf = (person: Person) => `/users/${encodeURIComponent(idOf(person))}/permissions`;

let freehold: Freehold;
let owner: ManagementApi;
let editor: ManagementApi;
let viewer: ManagementApi;
/** By name. */
let roles: Map<string, string>;

beforeAll(async () => {
  const users = people.map((user_id) => ({
    user_id,
    email: `${user_id}@example.com`,
    password,
    email_verified: true,
  }));
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  await grantSystemApi(freehold);
  for (const person of ['owner', 'editor', 'viewer'] as const) {
    await giveRole(freehold, idOf(person), person);
  }
  const { body } = await (await managementApi(freehold)).get('/roles?type=system');
  roles = new Map(Array.from(body, ({ id, name }) => [String(name), String(id)]));
});
beforeEach(async () => {
  [owner, editor, viewer] = (await Promise.all(
    (['owner', 'editor', 'viewer'] as const).map((person) => apiOf(freehold, `${person}@example.com`)),
  )) as [ManagementApi, ManagementApi, ManagementApi];
});
afterAll(() => freehold.stop());

const role = (name: string) => ({ roles: [roles.get(name)] });
const ofSystem = (...names: string[]) => ({
  permissions: names.map((permission_name) => ({
    resource_server_identifier: systemAudience(freehold.issuer),
    permission_name,
  })),
});

describe('a role of administrators', () => {
  test('is given by whoever may as much themselves', async () => {
    const refused = await editor.post(rolesOf('nobody'), role('owner'));
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('You cannot give what you do not have yourself');
    expect(
      (await editor.post(`/roles/${roles.get('owner')}/users`, { users: [idOf('nobody')] })).status,
    ).toBe(403);
    expect((await viewer.post(rolesOf('nobody'), role('viewer'))).body.errorCode).toBe('insufficient_scope');
    expect((await editor.post(rolesOf('nobody'), role('support'))).status).toBe(204);
    expect((await editor.delete(rolesOf('nobody'), role('support'))).status).toBe(204);
    expect((await owner.post(rolesOf('nobody'), role('owner'))).status).toBe(204);
    expect((await owner.delete(rolesOf('nobody'), role('owner'))).status).toBe(204);
  });

  test('is given by a client that may as much, and by no other', async () => {
    const some = await managementApi(freehold, ['update:users', 'read:users'], 'some');
    expect((await some.post(rolesOf('nobody'), role('viewer'))).status).toBe(403);
    expect((await some.post(permissionsOf('nobody'), ofSystem('create:users'))).status).toBe(403);
    expect((await some.post(permissionsOf('nobody'), ofSystem('read:users'))).status).toBe(201);
    expect((await some.delete(permissionsOf('nobody'), ofSystem('read:users'))).status).toBe(204);
  });

  test('is not taken from somebody who may more', async () => {
    expect((await editor.delete(rolesOf('owner'), role('owner'))).status).toBe(403);
    const both = await editor.post(rolesOf('owner'), role('viewer'));
    expect([both.status, both.body.message]).toEqual([
      403,
      'This user is an administrator: one with the same permissions must do this',
    ]);
    expect((await owner.delete(rolesOf('editor'), role('editor'))).status).toBe(204);
    // Effective at once, whatever the token says.
    expect((await editor.get(rolesOf('owner'))).status).toBe(403);
    await giveRole(freehold, idOf('editor'), 'editor');
  });

  test('wants a login within five minutes, and other roles do not', async () => {
    const { body } = await owner.post('/roles', { name: 'Reader' });
    freehold.clock.advance(301);
    const late = await owner.post(rolesOf('nobody'), role('support'));
    expect(late.status).toBe(401);
    expect(late.body.errorCode).toBe('insufficient_user_authentication');
    expect(late.headers['www-authenticate']).toContain('max_age="300"');
    expect((await owner.post(`/roles/${body.id}/permissions`, ofSystem('read:users'))).status).toBe(401);
    expect((await owner.post(rolesOf('nobody'), { roles: [body.id] })).status).toBe(204);
    expect((await owner.delete(`/roles/${body.id}`)).status).toBe(200);
  });

  test('stays with the last owner', async () => {
    const lonely = await owner.delete(rolesOf('owner'), role('owner'));
    expect([lonely.status, lonely.body.message]).toEqual([
      400,
      'This is the last owner: give the role to somebody else before',
    ]);
    expect((await owner.post(rolesOf('nobody'), role('owner'))).status).toBe(204);
    expect((await owner.delete(rolesOf('owner'), role('owner'))).status).toBe(204);
    await giveRole(freehold, idOf('owner'), 'owner');
  });
});

describe('permissions on the system API', () => {
  test('are put into a role, and taken out, by whoever has them', async () => {
    const { body } = await owner.post('/roles', { name: 'Keeper of keys' });
    const at = `/roles/${body.id}/permissions`;
    expect((await editor.post(at, ofSystem('read:users', 'create:signing_keys'))).status).toBe(403);
    expect((await owner.get(at)).body).toEqual([]);
    expect((await editor.post(at, ofSystem('read:users'))).status).toBe(201);
    expect((await owner.post(at, ofSystem('create:signing_keys'))).status).toBe(201);
    expect((await editor.delete(at, ofSystem('create:signing_keys'))).status).toBe(403);
    expect((await editor.post(rolesOf('nobody'), { roles: [body.id] })).status).toBe(403);
    expect((await editor.delete(`/roles/${body.id}`)).status).toBe(403);
    expect((await owner.delete(`/roles/${body.id}`)).status).toBe(200);
  });

  test('are given to a user by whoever has them', async () => {
    expect((await editor.post(permissionsOf('nobody'), ofSystem('create:signing_keys'))).status).toBe(403);
    expect((await editor.post(permissionsOf('editor'), ofSystem('create:signing_keys'))).status).toBe(403);
    expect((await owner.post(permissionsOf('nobody'), ofSystem('create:signing_keys'))).status).toBe(201);
    expect((await editor.delete(permissionsOf('nobody'), ofSystem('create:signing_keys'))).status).toBe(403);
    expect((await owner.delete(permissionsOf('nobody'), ofSystem('create:signing_keys'))).status).toBe(204);
  });
});
