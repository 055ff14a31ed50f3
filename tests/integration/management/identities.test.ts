// Linked accounts (§3.5, UP-8): by an administrator, by the person with an ID token, and back.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveRole } from '../../setup/administrators.ts';
import { Agent } from '../../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  sampleTenant,
} from '../../setup/flow.ts';
import { apiWith, type ManagementApi, managementApi } from '../../setup/management.ts';
import { linkSentTo } from '../../setup/outbox.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const database = 'Username-Password-Authentication';
let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      databases: [{ name: database, enabled_clients: ['spa', 'native', 'third'] }],
      connections: [{ name: 'email', strategy: 'email', enabled_clients: ['spa'] }],
    }),
  });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

let made = 0;
interface Made {
  user_id: string;
  id: string;
  email: string;
}
async function create(profile: Record<string, unknown> = {}): Promise<Made> {
  made += 1;
  const email = `linked${made}@example.com`;
  const answer = await api.post('/users', { connection: database, email, password, ...profile });
  expect(answer.status, answer.text).toBe(201);
  const user_id = String(answer.body.user_id);
  return { user_id, id: user_id.slice(user_id.indexOf('|') + 1), email };
}
const at = (user_id: string) => `/users/${encodeURIComponent(user_id)}`;
const link = (primary: Made, secondary: Made) =>
  api.post(`${at(primary.user_id)}/identities`, { provider: 'auth0', user_id: secondary.id });
const unlink = (primary: Made, secondary: Made) =>
  api.delete(`${at(primary.user_id)}/identities/auth0/${secondary.id}`);
const login = (email: string, authorize: Record<string, string> = {}) =>
  getTokens(freehold, { username: email, authorize: { scope: 'openid email offline_access', ...authorize } });

/** What an application gets that lets people link their accounts. */
async function loginToLink(email: string, client_id = 'spa') {
  const scope = 'openid update:current_user_identities';
  const authorize = { scope, audience: `${freehold.issuer}api/v2/`, client_id };
  const { tokens, agent } = await getTokens(freehold, { username: email, authorize, token: { client_id } });
  return { own: apiWith(freehold, tokens.access_token), id_token: tokens.id_token ?? '', agent };
}

describe('§3.5: linking by an administrator', () => {
  test('the second becomes an identity of the first, which keeps what it was', async () => {
    const [one, two] = [await create({ user_metadata: { kept: 1 } }), await create({ given_name: 'Two' })];
    const linked = await link(one, two);
    expect(linked.status).toBe(201);
    const second = {
      connection: database,
      user_id: two.id,
      provider: 'auth0',
      isSocial: false,
      profileData: expect.objectContaining({ email: two.email, email_verified: false, given_name: 'Two' }),
    };
    expect(linked.body).toMatchObject([{ user_id: one.id, profileData: { email: one.email } }, second]);
    const { body } = await api.get(at(one.user_id));
    expect(body).toMatchObject({ email: one.email, user_metadata: { kept: 1 } });
    const [main, other] = body.identities as Record<string, unknown>[];
    expect(main).not.toHaveProperty('profileData');
    expect(other).toEqual(second);
    expect((await api.get(at(two.user_id))).status).toBe(404);
  });

  test('UP-8: whoever logs in by either is the first, each with a password of its own', async () => {
    const [one, two] = [await create(), await create({ password: 'Another-horse-2' })];
    await link(one, two);
    const logIn = async (email: string, withPassword: string) => {
      const agent = new Agent(freehold.issuer);
      const url = authorizationUrl(freehold, newPkce());
      return (await agent.logIn(url, email, withPassword)).location?.searchParams.has('code') === true;
    };
    expect(await logIn(two.email, 'Another-horse-2')).toBe(true);
    expect(await logIn(two.email, password)).toBe(false);
    expect(await logIn(one.email, 'Another-horse-2')).toBe(false);
    const { tokens } = await login(one.email);
    expect(claimsOf(tokens.id_token)).toMatchObject({ sub: one.user_id, email: one.email });
  });

  test('AT-14: sessions and tokens of the second end, those of the first do not', async () => {
    const [one, two] = [await create(), await create()];
    const [first, second] = [await login(one.email), await login(two.email)];
    await link(one, two);
    const refresh = async ({ tokens, agent }: typeof first) =>
      (await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token))).status;
    expect([await refresh(first), await refresh(second)]).toEqual([200, 403]);
    const silent = await second.agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
    expect(silent.location?.searchParams.get('error')).toBe('login_required');
    const userinfo = await second.agent.send('/userinfo', {
      headers: { authorization: `Bearer ${second.tokens.access_token}` },
    });
    expect(userinfo.status).toBe(401);
  });

  test('an identity is changed by the name of its connection; the root is the first’s', async () => {
    const one = await create();
    const byEmail = await api.post('/users', { connection: 'email', email: 'second@example.com' });
    const user_id = String(byEmail.body.user_id).slice('email|'.length);
    await api.post(`${at(one.user_id)}/identities`, { provider: 'email', user_id });
    const verified = await api.patch(at(one.user_id), { connection: 'email', email_verified: true });
    const [, second] = verified.body.identities as Record<string, unknown>[];
    expect(second).toMatchObject({ profileData: { email: 'second@example.com', email_verified: true } });
    expect(verified.body).toMatchObject({ email: one.email, email_verified: false });
    const refused = await api.patch(at(one.user_id), { connection: 'email', name: 'X' });
    expect(refused.body.message).toMatch(/belongs to a secondary identity\.$/);
    expect((await api.patch(at(one.user_id), { connection: 'sms', email_verified: true })).status).toBe(400);
  });

  test('EM-4: a link to another password is for the identity whose address was given', async () => {
    // No other mail of the same second.
    const [one, two] = [await create(), await create({ verify_email: false })];
    await link(one, two);
    const body = { client_id: 'spa', email: two.email, connection: database };
    await new Agent(freehold.issuer).postJson('/dbconnections/change_password', body);
    const agent = new Agent(freehold.issuer);
    const answer = await agent.submit(await agent.open(await linkSentTo(freehold, two.email)), {
      password: 'Changed-horse-3',
    });
    expect(answer.status).toBe(200);
    const { tokens } = await login(one.email);
    expect(claimsOf(tokens.id_token)).toMatchObject({ sub: one.user_id, email_verified: false });
    const [, second] = (await api.get(at(one.user_id))).body.identities as Record<string, unknown>[];
    expect(second).toMatchObject({ profileData: { email_verified: true } });
  });

  test('what cannot be linked is refused, and stays as it is', async () => {
    const [one, two, three] = [await create(), await create(), await create()];
    await link(one, two);
    const refused = async (primary: Made, body: Record<string, unknown>) => {
      const { status, body: error } = await api.post(`${at(primary.user_id)}/identities`, body);
      return [status, error.message];
    };
    const named = ({ id }: Made) => ({ provider: 'auth0', user_id: id });
    expect(await refused(one, named(one))).toEqual([400, 'Main identity and the new one are the same.']);
    expect(await refused(one, named(two))).toEqual([409, 'Specified identity already exists.']);
    expect(await refused(three, named(two))).toEqual([400, 'Unable to link with the secondary account.']);
    const inexistent = [400, 'Linking to an inexistent identity is not allowed.'];
    expect(await refused(one, { provider: 'auth0', user_id: 'nobody' })).toEqual(inexistent);
    const elsewhere = { ...named(three), connection_id: `con_${'x'.repeat(16)}` };
    expect(await refused(one, elsewhere)).toEqual(inexistent);
    expect((await refused(one, { provider: 'auth0' }))[0]).toBe(400);
    expect((await refused(one, {}))[0]).toBe(400);
    const nobody = { user_id: 'auth0|nobody', id: 'nobody', email: '' };
    expect(await refused(nobody, named(three))).toEqual([400, 'The user does not exist.']);
    expect((await api.get(at(three.user_id))).status).toBe(200);
  });

  test('of two who link crosswise at once one succeeds, and nobody is lost', async () => {
    const [one, two] = [await create(), await create()];
    const statuses = (await Promise.all([link(one, two), link(two, one)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([201, 400]);
    const found = await Promise.all([one, two].map(({ user_id }) => api.get(at(user_id))));
    expect(found.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  });
});

describe('§3.5: unlinking', () => {
  test('the second is a user of its own again, with its profile and its password', async () => {
    const [one, two] = [await create(), await create({ given_name: 'Two', app_metadata: { plan: 'gold' } })];
    const old = await login(two.email);
    await link(one, two);
    const first = await login(one.email);
    const unlinked = await unlink(one, two);
    expect(unlinked.status).toBe(200);
    expect(unlinked.body).toMatchObject([{ user_id: one.id }]);
    expect(unlinked.body).toHaveLength(1);
    const again = (await api.get(at(two.user_id))).body;
    expect(again).toMatchObject({ email: two.email, given_name: 'Two', name: two.email });
    expect(again).not.toHaveProperty('app_metadata');
    const { tokens } = await login(two.email);
    expect(claimsOf(tokens.id_token).sub).toBe(two.user_id);
    for (const { tokens, agent } of [old, first]) {
      const answer = await agent.send('/userinfo', {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(answer.status).toBe(401);
    }
    expect((await login(one.email)).tokens.access_token).toBeTruthy();
  });

  test('who is blocked does not come in by it', async () => {
    const [one, two] = [await create(), await create()];
    await link(one, two);
    await api.patch(at(one.user_id), { blocked: true });
    await unlink(one, two);
    expect((await api.get(at(two.user_id))).body).toMatchObject({ blocked: true });
  });

  test('the main identity stays, and what is not the user’s is not found', async () => {
    const [one, two] = [await create(), await create()];
    expect((await unlink(one, one)).body.message).toBe('Main identity cannot be removed.');
    const message = 'The user exists, but does not contain the given identity.';
    expect((await unlink(one, two)).body.message).toBe(message);
    expect((await api.get(at(two.user_id))).status).toBe(200);
  });
});

describe('§3.5: linking by the person, with an ID token of the second login', () => {
  test('links what the token is of', async () => {
    const [one, two] = [await create(), await create()];
    const { own } = await loginToLink(one.email);
    const { id_token } = await loginToLink(two.email);
    const linked = await own.post(`${at(one.user_id)}/identities`, { link_with: id_token });
    expect(linked.status, linked.text).toBe(201);
    expect(linked.body).toHaveLength(2);
    expect(JSON.stringify(await freehold.logEntries())).not.toContain(id_token);
    const unlinked = await own.delete(`${at(one.user_id)}/identities/auth0/${two.id}`);
    expect(unlinked.status).toBe(200);
  });

  test('a name does not suffice, nor may it be somebody else’s first account', async () => {
    const [one, two] = [await create(), await create()];
    const { own } = await loginToLink(one.email);
    const { id_token } = await loginToLink(two.email);
    const named = await own.post(`${at(one.user_id)}/identities`, { provider: 'auth0', user_id: two.id });
    expect([named.status, named.body.errorCode]).toEqual([403, 'insufficient_scope']);
    const others = await own.post(`${at(two.user_id)}/identities`, { link_with: id_token });
    expect(others.status).toBe(403);
    const both = { link_with: id_token, provider: 'auth0', user_id: two.id };
    expect((await own.post(`${at(one.user_id)}/identities`, both)).status).toBe(400);
  });

  test.each<[string, (two: Made) => Promise<string>, string]>([
    ['of another application', async (two) => (await loginToLink(two.email, 'native')).id_token, 'aud claim'],
    ['that is an access token', async (two) => (await loginToLink(two.email)).own.token, 'link_with'],
    [
      'that was changed',
      async (two) => {
        const [header, , signature] = (await loginToLink(two.email)).id_token.split('.');
        const claims = Buffer.from(JSON.stringify({ sub: two.user_id })).toString('base64url');
        return `${header}.${claims}.${signature}`;
      },
      'Invalid token',
    ],
    [
      'that has expired',
      async (two) => {
        const { id_token } = await loginToLink(two.email);
        freehold.clock.advance(36_001);
        return id_token;
      },
      'Invalid token',
    ],
    [
      'of a session that has ended',
      async (two) => {
        const { id_token, agent } = await loginToLink(two.email);
        await agent.open(`${freehold.issuer}v2/logout?client_id=spa`);
        return id_token;
      },
      'Invalid token',
    ],
    [
      'from before another password',
      async (two) => {
        const { id_token } = await loginToLink(two.email);
        freehold.clock.advance(1);
        await api.patch(at(two.user_id), { password: 'Another-horse-2' });
        return id_token;
      },
      'Invalid token',
    ],
    [
      'of somebody who is blocked',
      async (two) => {
        const { id_token } = await loginToLink(two.email);
        await api.patch(at(two.user_id), { blocked: true });
        return id_token;
      },
      'Invalid token',
    ],
    ['that is none', async () => 'nonsense', 'Invalid token'],
  ])('a token %s links nothing', async (_what, tokenOf, reason) => {
    const [one, two] = [await create(), await create()];
    const link_with = await tokenOf(two);
    api = await managementApi(freehold);
    const { own } = await loginToLink(one.email);
    const answer = await own.post(`${at(one.user_id)}/identities`, { link_with });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.message).toContain(reason);
    expect((await api.get(at(two.user_id))).status).toBe(200);
  });

  test('a third party’s tokens link nothing', async () => {
    const [one, two] = [await create(), await create()];
    const { own } = await loginToLink(one.email, 'native');
    const { id_token } = await loginToLink(two.email, 'native');
    await freehold.composed.unitOfWork.transaction(async ({ clients }) => {
      const client = await clients.find('native');
      if (client !== undefined) await clients.upsert({ ...client, is_first_party: false });
    });
    const answer = await own.post(`${at(one.user_id)}/identities`, { link_with: id_token });
    expect(answer.status).toBe(401);
    expect((await api.get(at(two.user_id))).status).toBe(200);
  });

  test('an administrator’s account is not linked by a token that says no more than whose it is', async () => {
    const [owner, attacker] = [await create(), await create()];
    await giveRole(freehold, owner.user_id, 'owner');
    const { own } = await loginToLink(owner.email);
    const { id_token, own: attackers } = await loginToLink(attacker.email);
    const taken = await own.post(`${at(owner.user_id)}/identities`, { link_with: id_token });
    expect([taken.status, taken.body.errorCode]).toEqual([403, 'insufficient_scope']);
    const { id_token: ofOwner } = await loginToLink(owner.email);
    const swallowed = await attackers.post(`${at(attacker.user_id)}/identities`, { link_with: ofOwner });
    expect(swallowed.status).toBe(403);
    expect((await api.get(at(owner.user_id))).body.identities).toHaveLength(1);
    const last = await link(attacker, owner);
    expect([last.status, last.body.message]).toEqual([
      400,
      'This is the last owner: give the role to somebody else before',
    ]);
  });
});
