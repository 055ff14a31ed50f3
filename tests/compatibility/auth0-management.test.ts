// Auth0's SDK for Node, version 7: its ManagementClient makes, reads, changes, lists and deletes all that it can.
import { ManagementClient } from 'auth0-7';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { routes } from '../../packages/server/src/management/index.ts';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { managementScopes } from '../../packages/server/src/model/management-scopes.ts';
import { Agent } from '../setup/agent.ts';
import {
  ada,
  audience,
  authorizationUrl,
  callback,
  codeOf,
  confidential,
  consentAudience,
  getTokens,
  newPkce,
  password,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';
import { judgeFetch } from '../setup/judged-fetch.ts';
import { operations } from '../setup/management-api.ts';
import { findFreePort } from '../setup/ports.ts';

const machine = {
  ...confidential,
  name: 'Scripts',
  client_id: 'scripts',
  app_type: 'non_interactive',
  grant_types: ['client_credentials'],
};
let freehold: HttpsFreehold;
let auth0: ManagementClient;
let called: ReadonlySet<string>;

beforeAll(async () => {
  const port = await findFreePort();
  const tenant = sampleTenant({
    clients: [confidential, spa, machine],
    clientGrants: [
      {
        client_id: machine.client_id,
        audience: `https://localhost:${port}/api/v2/`,
        scope: managementScopes,
      },
    ],
  });
  freehold = await startHttpsFreehold({ port, tenant, users });
  called = judgeFetch(freehold.issuer);
  auth0 = new ManagementClient({
    domain: freehold.domain,
    clientId: machine.client_id,
    clientSecret: webSecret,
  });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await freehold.stop();
});

/** All pages of a list, as the SDK turns them. */
async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of pages) elements.push(element);
  return elements;
}

const notFound = { statusCode: 404 };
const newClient = (name: string) => auth0.clients.create({ name });
const newUser = (email: string) => auth0.users.create({ connection: defaultDatabaseName, email, password });

async function withId<T extends { id?: string | undefined }>(
  created: PromiseLike<T>,
): Promise<T & { id: string }> {
  const one = await created;
  if (one.id === undefined) throw new Error('It has no id');
  return { ...one, id: one.id };
}

async function idOf(
  created: PromiseLike<{ user_id?: string | undefined; client_id?: string | undefined }>,
): Promise<string> {
  const { user_id, client_id } = await created;
  const id = user_id ?? client_id;
  if (id === undefined) throw new Error('It has no id');
  return id;
}

const defaultDatabase = async () => {
  const [database] = await all(await auth0.connections.list({ name: defaultDatabaseName }));
  if (database?.id === undefined) throw new Error('The database is not listed');
  return database.id;
};

describe('auth0-7', () => {
  test('clients: created, read, changed, listed, with a new secret, deleted', async () => {
    const { client_id = '', client_secret } = await newClient('Made by the SDK');
    expect(await auth0.clients.get(client_id)).toMatchObject({ client_id, client_secret, global: false });
    const callbacks = ['https://made.example/callback'];
    expect(await auth0.clients.update(client_id, { callbacks })).toMatchObject({ callbacks });
    const listed = await all(await auth0.clients.list({ fields: 'client_id,name', include_fields: true }));
    expect(listed).toContainEqual({ client_id, name: 'Made by the SDK' });
    expect((await auth0.clients.rotateSecret(client_id)).client_secret).not.toBe(client_secret);
    const usable = await all(await auth0.clients.connections.get(client_id));
    expect(usable.map(({ name }) => name)).toEqual([defaultDatabaseName]);
    await auth0.clients.delete(client_id);
    await expect(auth0.clients.get(client_id)).rejects.toMatchObject(notFound);
  });

  test('resource servers: created, read, changed, listed, deleted', async () => {
    const identifier = 'https://made.example/api';
    const { id } = await withId(
      auth0.resourceServers.create({ identifier, name: 'Made', scopes: [{ value: 'read:it' }] }),
    );
    expect(await auth0.resourceServers.get(id)).toMatchObject({ identifier, signing_alg: 'RS256' });
    expect(await auth0.resourceServers.update(id, { token_lifetime: 7200 })).toMatchObject({
      token_lifetime: 7200,
    });
    const listed = await all(await auth0.resourceServers.list());
    expect(listed.map((one) => one.identifier)).toEqual(expect.arrayContaining([identifier, audience]));
    await auth0.resourceServers.delete(id);
    await expect(auth0.resourceServers.get(id)).rejects.toMatchObject(notFound);
  });

  test('client grants: created, read, changed, listed, deleted', async () => {
    const client_id = await idOf(newClient('Granted'));
    const { id } = await withId(auth0.clientGrants.create({ client_id, audience, scope: ['read:orders'] }));
    expect(await auth0.clientGrants.get(id)).toMatchObject({ client_id, audience, scope: ['read:orders'] });
    await auth0.clientGrants.update(id, { scope: ['write:orders'] });
    const [grant, ...more] = await all(await auth0.clientGrants.list({ client_id }));
    expect(grant).toMatchObject({ id, scope: ['write:orders'] });
    expect(more).toEqual([]);
    await auth0.clientGrants.delete(id);
    expect(await all(await auth0.clientGrants.list({ client_id }))).toEqual([]);
  });

  test('connections: created, read, changed, listed, opened to a client, deleted', async () => {
    const { id } = await withId(auth0.connections.create({ name: 'Staff', strategy: 'auth0' }));
    expect(await auth0.connections.get(id)).toMatchObject({
      name: 'Staff',
      strategy: 'auth0',
      realms: ['Staff'],
    });
    await auth0.connections.update(id, { options: { disable_signup: true } });
    const listed = await all(await auth0.connections.list({ strategy: ['auth0'] }));
    expect(listed.find((one) => one.id === id)?.options).toMatchObject({ disable_signup: true });
    await auth0.connections.clients.update(id, [{ client_id: confidential.client_id, status: true }]);
    expect(await all(await auth0.connections.clients.get(id))).toEqual([
      { client_id: confidential.client_id },
    ]);
    const email = 'staff@example.com';
    await auth0.users.create({ connection: 'Staff', email, password });
    await auth0.connections.users.deleteByEmail(id, { email });
    expect(await auth0.users.listUsersByEmail({ email })).toEqual([]);
    await auth0.connections.delete(id);
    await expect(auth0.connections.get(id)).rejects.toMatchObject(notFound);
  });

  test('users: created, read, changed, listed, searched, deleted', async () => {
    const email = 'made@example.com';
    const id = await idOf(newUser(email));
    expect(await auth0.users.get(id)).toMatchObject({ email, nickname: 'made', email_verified: false });
    const user_metadata = { colour: 'green' };
    expect(await auth0.users.update(id, { given_name: 'Maid', user_metadata })).toMatchObject({
      user_metadata,
    });
    const found = await all(await auth0.users.list({ q: `email:"${email}"`, search_engine: 'v3' }));
    expect(found.map(({ user_id }) => user_id)).toEqual([id]);
    expect((await auth0.users.listUsersByEmail({ email })).map(({ user_id }) => user_id)).toEqual([id]);
    expect((await all(await auth0.users.list())).length).toBeGreaterThan(users.length);
    await auth0.users.delete(id);
    await expect(auth0.users.get(id)).rejects.toMatchObject(notFound);
  });

  test('a user’s identities: linked and unlinked', async () => {
    const [id, second] = [
      await idOf(newUser('first@example.com')),
      await idOf(newUser('second@example.com')),
    ];
    const user_id = second.replace('auth0|', '');
    const linked = await auth0.users.identities.link(id, { provider: 'auth0', user_id: second });
    expect(linked.map((identity) => identity.user_id)).toEqual([id.replace('auth0|', ''), user_id]);
    expect(await auth0.users.identities.delete(id, 'auth0', user_id)).toHaveLength(1);
  });

  test('a user’s authentication methods: created, read, changed, listed, replaced, deleted', async () => {
    const id = await idOf(newUser('methods@example.com'));
    const { authenticationMethods } = auth0.users;
    const email = 'second.factor@example.com';
    const { id: method } = await withId(
      authenticationMethods.create(id, { type: 'email', name: 'Mail', email }),
    );
    expect(await authenticationMethods.get(id, method)).toMatchObject({ id: method, type: 'email' });
    expect(await authenticationMethods.update(id, method, { name: 'Letters' })).toMatchObject({
      name: 'Letters',
    });
    const listed = await all(await authenticationMethods.list(id));
    expect(listed.map(({ type }) => type)).toContain('email');
    await authenticationMethods.delete(id, method);
    await authenticationMethods.set(id, [
      { type: 'phone', preferred_authentication_method: 'sms', phone_number: '+15550100' },
    ]);
    await authenticationMethods.deleteAll(id);
    expect((await all(await authenticationMethods.list(id))).map(({ type }) => type)).not.toContain('phone');
  });

  test('roles: created, read, changed, listed, with permissions and people, deleted', async () => {
    const { id } = await withId(auth0.roles.create({ name: 'Clerk', description: 'Reads orders' }));
    expect(await auth0.roles.get(id)).toMatchObject({ id, name: 'Clerk' });
    expect(await auth0.roles.update(id, { name: 'Head clerk' })).toMatchObject({ name: 'Head clerk' });
    expect(await all(await auth0.roles.list({ name_filter: 'Head' }))).toMatchObject([{ id }]);
    const permission = { resource_server_identifier: audience, permission_name: 'read:orders' };
    await auth0.roles.permissions.add(id, { permissions: [permission] });
    expect(await all(await auth0.roles.permissions.list(id))).toMatchObject([permission]);
    await auth0.roles.users.assign(id, { users: [ada] });
    expect(await all(await auth0.roles.users.list(id))).toMatchObject([{ user_id: ada }]);
    await auth0.roles.permissions.delete(id, { permissions: [permission] });
    expect(await all(await auth0.roles.permissions.list(id))).toEqual([]);
    await auth0.roles.delete(id);
    await expect(auth0.roles.get(id)).rejects.toMatchObject(notFound);
  });

  test('a user’s roles and permissions: given, listed, taken', async () => {
    const id = await idOf(newUser('clerk@example.com'));
    const role = await withId(auth0.roles.create({ name: 'Assistant' }));
    await auth0.users.roles.assign(id, { roles: [role.id] });
    expect(await all(await auth0.users.roles.list(id))).toMatchObject([{ id: role.id }]);
    await auth0.users.roles.delete(id, { roles: [role.id] });
    expect(await all(await auth0.users.roles.list(id))).toEqual([]);
    const permissions = [{ resource_server_identifier: audience, permission_name: 'write:orders' }];
    await auth0.users.permissions.create(id, { permissions });
    expect(await all(await auth0.users.permissions.list(id))).toMatchObject(permissions);
    await auth0.users.permissions.delete(id, { permissions });
    expect(await all(await auth0.users.permissions.list(id))).toEqual([]);
  });

  test('organizations: created, read, changed, listed, deleted', async () => {
    const { id } = await withId(auth0.organizations.create({ name: 'acme', display_name: 'Acme' }));
    expect(await auth0.organizations.get(id)).toMatchObject({ id, name: 'acme' });
    expect(await auth0.organizations.getByName('acme')).toMatchObject({ id });
    const metadata = { plan: 'gold' };
    expect(await auth0.organizations.update(id, { metadata })).toMatchObject({
      display_name: 'Acme',
      metadata,
    });
    expect(await all(await auth0.organizations.list())).toMatchObject([{ id }]);
    await auth0.organizations.delete(id);
    await expect(auth0.organizations.get(id)).rejects.toMatchObject(notFound);
  });

  test('an organization’s members and their roles: added, listed, removed', async () => {
    const { id } = await withId(auth0.organizations.create({ name: 'members' }));
    const role = await withId(auth0.roles.create({ name: 'Member' }));
    await auth0.organizations.members.create(id, { members: [ada] });
    expect(await all(await auth0.organizations.members.list(id))).toMatchObject([{ user_id: ada }]);
    expect(await all(await auth0.users.organizations.list(ada))).toMatchObject([{ id }]);
    const { roles } = auth0.organizations.members;
    await roles.assign(id, ada, { roles: [role.id] });
    expect(await all(await roles.list(id, ada))).toMatchObject([{ id: role.id }]);
    await roles.delete(id, ada, { roles: [role.id] });
    expect(await all(await roles.list(id, ada))).toEqual([]);
    await auth0.organizations.members.delete(id, { members: [ada] });
    expect(await all(await auth0.organizations.members.list(id))).toEqual([]);
  });

  test('an organization’s connections, by both of their paths: added, read, changed, listed, removed', async () => {
    const { id } = await withId(auth0.organizations.create({ name: 'connected' }));
    const connection_id = await defaultDatabase();
    const { connections, enabledConnections } = auth0.organizations;
    await connections.create(id, { connection_id });
    expect(await connections.get(id, connection_id)).toMatchObject({ connection_id });
    const assign = { assign_membership_on_login: true };
    expect(await connections.update(id, connection_id, assign)).toMatchObject(assign);
    expect(await all(await enabledConnections.list(id))).toMatchObject([{ connection_id, ...assign }]);
    await connections.delete(id, connection_id);
    await enabledConnections.add(id, { connection_id });
    expect(await enabledConnections.get(id, connection_id)).toMatchObject({ connection_id });
    expect(await enabledConnections.update(id, connection_id, assign)).toMatchObject(assign);
    expect(await all(await connections.list(id))).toMatchObject([{ connection_id }]);
    expect(await all(await auth0.organizations.clientGrants.list(id))).toEqual([]);
    await enabledConnections.delete(id, connection_id);
    expect(await all(await connections.list(id))).toEqual([]);
  });

  test('an organization’s invitations: made, read, listed, withdrawn', async () => {
    const { id } = await withId(auth0.organizations.create({ name: 'inviting' }));
    const client_id = await idOf(
      auth0.clients.create({
        name: 'Invites',
        organization_usage: 'allow',
        initiate_login_uri: 'https://app.example/login',
      }),
    );
    const { invitations } = auth0.organizations;
    const invitee = { email: 'guest@example.com' };
    const made = await withId(invitations.create(id, { client_id, inviter: { name: 'Ada' }, invitee }));
    expect(made.invitation_url).toMatch(/^https:\/\/app\.example\/login\?invitation=/);
    expect(await invitations.get(id, made.id)).toMatchObject({ invitee });
    expect(await all(await invitations.list(id))).toMatchObject([{ id: made.id }]);
    await invitations.delete(id, made.id);
    expect(await all(await invitations.list(id))).toEqual([]);
  });

  test('sessions and refresh tokens: read, changed, listed, revoked', async () => {
    const user = { email: 'session@example.com', password };
    const id = await idOf(newUser(user.email));
    const logIn = () =>
      getTokens(freehold, { username: user.email, authorize: { scope: 'openid offline_access' } });
    await logIn();
    const [session] = await all(await auth0.users.sessions.list(id));
    const session_metadata = { device: 'kiosk' };
    expect(await auth0.sessions.update(session?.id ?? '', { session_metadata })).toMatchObject({
      session_metadata,
    });
    expect(await auth0.sessions.get(session?.id ?? '')).toMatchObject({ user_id: id, session_metadata });
    const [token] = await all(await auth0.users.refreshToken.list(id));
    const refresh_token_metadata = { device: 'kiosk' };
    await auth0.refreshTokens.update(token?.id ?? '', { refresh_token_metadata });
    expect(await auth0.refreshTokens.get(token?.id ?? '')).toMatchObject({
      user_id: id,
      refresh_token_metadata,
    });
    expect(await all(await auth0.refreshTokens.list({ user_id: id }))).toHaveLength(1);
    await auth0.refreshTokens.delete(token?.id ?? '');
    await auth0.sessions.revoke(session?.id ?? '');
    expect(await all(await auth0.users.sessions.list(id))).toEqual([]);
    await logIn();
    await auth0.refreshTokens.revoke({ user_id: id });
    await auth0.sessions.delete((await all(await auth0.users.sessions.list(id)))[0]?.id ?? '');
    await logIn();
    await auth0.users.refreshToken.delete(id);
    await auth0.users.sessions.delete(id);
    await logIn();
    await auth0.users.revokeAccess(id);
    expect(await all(await auth0.users.refreshToken.list(id))).toEqual([]);
  });

  test('what people have consented to: listed and taken back', async () => {
    const agent = new Agent(freehold.issuer);
    const consent = { audience: consentAudience, scope: 'openid read:payments' };
    const logIn = async () => {
      const page = await agent.open(authorizationUrl(freehold, newPkce(), consent));
      const asked = page.text.includes('password')
        ? await agent.follow(
            await agent.submit(page, { username: 'ada@example.com', password, action: 'default' }),
          )
        : page;
      codeOf(await agent.follow(await agent.submit(asked, { action: 'accept' })));
    };
    await logIn();
    const [grant] = await all(await auth0.userGrants.list({ user_id: ada }));
    expect(grant).toMatchObject({ user_id: ada, clientID: spa.client_id });
    await auth0.userGrants.delete(grant?.id ?? '');
    await logIn();
    await auth0.userGrants.deleteByUserId({ user_id: ada });
    expect(await all(await auth0.userGrants.list({ user_id: ada }))).toEqual([]);
  });

  test('user blocks: by identifier and by id', async () => {
    const identifier = 'ada@example.com';
    expect(await auth0.userBlocks.listByIdentifier({ identifier })).toEqual({ blocked_for: [] });
    expect(await auth0.userBlocks.list(ada)).toEqual({ blocked_for: [] });
    await auth0.userBlocks.deleteByIdentifier({ identifier });
    await auth0.userBlocks.delete(ada);
  });

  test('tickets and the job that sends a mail', async () => {
    const { ticket } = await auth0.tickets.changePassword({ user_id: ada, result_url: callback });
    expect(ticket).toMatch(`${freehold.issuer}u/reset-password?ticket=`);
    const verification = await auth0.tickets.verifyEmail({ user_id: ada });
    expect(verification.ticket).toMatch(`${freehold.issuer}u/email-verification?ticket=`);
    const { id } = await withId(auth0.jobs.verificationEmail.create({ user_id: ada }));
    expect(await auth0.jobs.get(id)).toMatchObject({ id, type: 'verification_email' });
  });

  test('users in bulk: imported by a job, which tells what was wrong, and exported by another', async () => {
    const people = [{ email: 'imported@example.com', email_verified: true }];
    const { id } = await withId(
      auth0.jobs.usersImports.create({
        users: new Blob([JSON.stringify(people)]),
        connection_id: await defaultDatabase(),
      }),
    );
    await freehold.composed.deliverDue();
    expect(await auth0.jobs.get(id)).toMatchObject({ type: 'users_import', status: 'completed' });
    await auth0.jobs.errors.get(id);
    expect(await auth0.users.listUsersByEmail({ email: 'imported@example.com' })).toHaveLength(1);
    const exported = await withId(auth0.jobs.usersExports.create({ format: 'json' }));
    await freehold.composed.deliverDue();
    expect(await auth0.jobs.get(exported.id)).toMatchObject({ type: 'users_export', status: 'completed' });
  });

  test('the log: listed, searched, read', async () => {
    await getTokens(freehold);
    const [entry] = await all(await auth0.logs.list({ search: 'type:s', sort: 'date:-1', per_page: 1 }));
    expect(await auth0.logs.get(entry?.log_id ?? '')).toMatchObject({ type: 's', user_id: ada });
    expect((await all(await auth0.users.logs.list(ada))).length).toBeGreaterThan(0);
  });

  test('settings of the tenant, its branding, prompts and protection: read and changed', async () => {
    const friendly_name = 'Named by the SDK';
    expect(await auth0.tenants.settings.update({ friendly_name })).toMatchObject({ friendly_name });
    expect(await auth0.tenants.settings.get()).toMatchObject({ friendly_name });
    const colors = { primary: '#123456' };
    expect(await auth0.branding.update({ colors })).toMatchObject({ colors });
    expect(await auth0.branding.get()).toMatchObject({ colors });
    expect(await auth0.prompts.updateSettings({ identifier_first: true })).toMatchObject({
      identifier_first: true,
    });
    expect(await auth0.prompts.getSettings()).toMatchObject({ identifier_first: true });
    const { bruteForceProtection, suspiciousIpThrottling } = auth0.attackProtection;
    expect(await bruteForceProtection.update({ max_attempts: 7 })).toMatchObject({ max_attempts: 7 });
    expect(await bruteForceProtection.get()).toMatchObject({ max_attempts: 7 });
    const allowlist = ['192.0.2.1'];
    expect(await suspiciousIpThrottling.update({ allowlist })).toMatchObject({ allowlist });
    expect(await suspiciousIpThrottling.get()).toMatchObject({ allowlist });
  });

  test('statistics, and actions, of which there are none', async () => {
    expect(await auth0.stats.getActiveUsersCount()).toEqual(expect.any(Number));
    expect(await auth0.stats.getDaily()).toEqual(expect.any(Array));
    expect(await all(await auth0.actions.list())).toEqual([]);
  });

  test('what is not served is refused as an application that may not', async () => {
    await expect(auth0.rules.list()).rejects.toMatchObject({
      statusCode: 403,
      body: { errorCode: 'insufficient_scope', message: 'Insufficient scope, expected any of: read:rules' },
    });
  });

  // Whoever revokes the key of their own token needs another.
  test('signing keys: listed, rotated, read, revoked', async () => {
    const [current] = await auth0.keys.signing.list();
    const { kid } = await auth0.keys.signing.rotate();
    expect(await auth0.keys.signing.get(kid)).toMatchObject({ kid });
    const rotated = await auth0.keys.signing.list();
    expect(rotated.find((key) => key.kid === current?.kid)).toBeDefined();
    const previous = rotated.find((key) => key.previous);
    expect(await auth0.keys.signing.revoke(previous?.kid ?? '')).toMatchObject({ kid: previous?.kid });
  });

  test('so all that is served has been called', () => {
    const served = routes.map(({ method, path }) => `${method} ${path}`);
    expect(served.filter((operation) => operation in operations && !called.has(operation))).toEqual([]);
  });
});
