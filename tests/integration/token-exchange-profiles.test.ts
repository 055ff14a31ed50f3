// Custom token exchange: TX-2, TX-3, RFC 8693. A real issuer stands behind a jwks_uri.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemAudience } from '../../packages/server/src/model/resource-server.ts';
import { giveRole } from '../setup/administrators.ts';
import { Agent } from '../setup/agent.ts';
import { accessTokenType, exchangeGrant } from '../setup/exchange.ts';
import {
  ada,
  audience,
  claimsOf,
  confidential,
  consentAudience,
  refreshRequest,
  refusalOf,
  sampleTenant,
  users,
  webSecret,
} from '../setup/flow.ts';
import { newKeyPair } from '../setup/keys.ts';
import { apiWith } from '../setup/management.ts';
import {
  exchangePartnerToken,
  mobile,
  type Partner,
  partnerProfile,
  partnerToken,
  partnerTokenType,
  publicJwk,
  startPartner,
} from '../setup/partner.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const byEmail = 'urn:partner:by-email';
const byKey = 'urn:partner:inline-key';
const elsewhere = 'urn:partner:other-connection';
const away = 'urn:partner:nobody-answers';
const byMail = 'urn:partner:by-another-claim';
const ecKey = newKeyPair('ES256');
const eve = { ...users[1], email: 'eve@example.com', user_id: 'eeeeeeeeeeeeeeeeeeeeeeee' };

let partner: Partner;
let freehold: Freehold;
beforeAll(async () => {
  partner = await startPartner();
  const { jwks_uri } = partner;
  const all = ['spa', 'web', 'mobile', 'backend', 'third-party'];
  const inline = { jwks: { keys: [publicJwk(ecKey, 'inline')] }, algorithms: ['ES256'] };
  const tenant = sampleTenant({
    databases: [
      { name: 'Username-Password-Authentication', strategy: 'auth0', enabled_clients: all },
      { name: 'Other', strategy: 'auth0', enabled_clients: ['backend'] },
    ],
    tokenExchangeProfiles: [
      partnerProfile({ jwks_uri }),
      { ...partnerProfile({ jwks_uri, match: 'email' }), name: 'By e-mail', subject_token_type: byEmail },
      {
        ...partnerProfile({ jwks_uri, match: 'email', user_claim: 'mail' }),
        name: 'By another claim',
        subject_token_type: byMail,
      },
      { ...partnerProfile(inline), name: 'Inline key', subject_token_type: byKey },
      {
        ...partnerProfile({ jwks_uri, connection: 'Other' }),
        name: 'Elsewhere',
        subject_token_type: elsewhere,
      },
      {
        ...partnerProfile({ jwks_uri: `${jwks_uri.replace(/:\d+/, ':1')}` }),
        name: 'Away',
        subject_token_type: away,
      },
    ],
  });
  const trusted = { is_token_endpoint_ip_header_trusted: true, token_exchange: mobile.token_exchange };
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    mobile,
    { ...confidential, ...trusted, name: 'Backend', client_id: 'backend' },
    { ...mobile, name: 'Third party', client_id: 'third-party', is_first_party: false },
  ];
  freehold = await startFreehold({
    tenant,
    users: [...users, eve],
    flags: ['--insecure-allow-private-outbound'],
    environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(async () => {
  await freehold.stop();
  await partner.stop();
});

const token = (claims: Record<string, unknown> = {}) => partnerToken(partner, freehold, claims);
const exchange = (subject_token: string, overrides: Record<string, string | undefined> = {}) =>
  exchangePartnerToken(freehold, subject_token, overrides);

async function lastEntry() {
  return (await freehold.logEntries()).at(-1);
}

const invalidSubject = {
  status: 400,
  error: 'invalid_request',
  error_description: 'The subject token is not valid',
};

/** Refused, and the log alone knows why. */
async function expectFault(subject_token: string, fault: string, overrides: Record<string, string> = {}) {
  expect(refusalOf(await exchange(subject_token, overrides))).toEqual(invalidSubject);
  expect(await lastEntry()).toMatchObject({
    type: 'fecte',
    description: 'The subject token is not valid',
    details: { fault },
  });
}

describe('what comes of it', () => {
  test('TX-2, RFC 8693 §2.2.1: a user of ours gets tokens for a token of the partner’s', async () => {
    const before = (await freehold.stores.users.find(ada))?.logins_count ?? 0;
    const answer = await exchange(await token(), { audience, scope: 'openid read:orders offline_access' });
    const { access_token, id_token, refresh_token, ...others } = answer.json();
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(others).toEqual({
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: 86_400,
      scope: 'openid read:orders offline_access',
    });
    expect(claimsOf(String(access_token))).toMatchObject({
      iss: freehold.issuer,
      sub: ada,
      azp: 'mobile',
      scope: 'openid read:orders offline_access',
    });
    expect(claimsOf(String(access_token))).not.toHaveProperty('act');
    expect(claimsOf(String(id_token))).toMatchObject({ sub: ada, aud: 'mobile' });
    expect(await lastEntry()).toMatchObject({
      type: 'secte',
      client_id: 'mobile',
      user_id: ada,
      user_name: 'ada@example.com',
      connection: 'Username-Password-Authentication',
      audience,
    });
    expect((await freehold.stores.users.find(ada))?.logins_count).toBe(before + 1);
    const refreshed = await new Agent(freehold.issuer).postForm(
      '/oauth/token',
      refreshRequest(String(refresh_token), { client_id: 'mobile' }),
    );
    expect(claimsOf(String(refreshed.json().access_token))).toMatchObject({
      sub: ada,
      aud: expect.anything(),
    });
  });

  test('TX-2: without an audience the default one; without any, /userinfo', async () => {
    const opaque = (await exchange(await token(), { scope: 'openid email' })).json();
    const headers = { authorization: `Bearer ${opaque.access_token}` };
    const answer = await new Agent(freehold.issuer).send('/userinfo', { headers });
    expect(answer.json()).toMatchObject({ sub: ada, email: 'ada@example.com' });
    const { settings } = freehold.composed.tenant;
    const change = (default_audience: string) =>
      freehold.composed.unitOfWork.transaction((stores) =>
        stores.tenant.put({ ...settings, default_audience }),
      );
    await change(audience);
    freehold.clock.advance(1);
    const { access_token } = (await exchange(await token())).json();
    expect(claimsOf(String(access_token))).toMatchObject({
      aud: audience,
      scope: 'read:orders write:orders',
    });
    await change('');
    freehold.clock.advance(1);
  });

  test('TX-2: a confidential client proves itself, and needs no grant type: token_exchange allows it', async () => {
    const { grant_types } = (await freehold.stores.clients.find('backend')) ?? {};
    expect(grant_types).not.toContain(exchangeGrant);
    const wrong = { client_id: 'backend', client_secret: 'wrong' };
    expect((await exchange(await token(), wrong)).status).toBe(401);
    expect((await exchange(await token(), { ...wrong, client_secret: webSecret })).status).toBe(200);
  });

  test('a profile may name its keys itself', async () => {
    const signed = await partnerToken({ key: ecKey }, freehold, {}, { kid: 'inline' });
    expect((await exchange(signed, { subject_token_type: byKey })).status).toBe(200);
    await expectFault(await token(), 'its algorithm is none of the profile', { subject_token_type: byKey });
  });

  test('by an address that both sides have verified', async () => {
    const as = (claims: Record<string, unknown>) => token({ sub: 'p|1', ...claims });
    const type = { subject_token_type: byEmail };
    const verified = await as({ email: 'ADA@example.com', email_verified: true });
    const { access_token } = (await exchange(verified, { ...type, audience })).json();
    expect(claimsOf(String(access_token)).sub).toBe(ada);
    for (const claims of [
      { email: 'ada@example.com' },
      { email: 'ada@example.com', email_verified: false },
      { email: 'ada@example.com', email_verified: 'true' },
      { email: ['ada@example.com'], email_verified: true },
      { email: 'nobody@example.com', email_verified: true },
      // Ours is not verified.
      { email: 'bob@example.com', email_verified: true },
    ]) {
      await expectFault(await as(claims), 'it names no user of the connection', type);
    }
  });
});

describe('OpenID Connect Core §5.1: email_verified is said of email', () => {
  const verified = { sub: 'p|1', mail: 'ada@example.com', email_verified: true };
  const type = { subject_token_type: byMail };

  test('another claim may hold the address', async () => {
    expect((await exchange(await token(verified), type)).status).toBe(200);
    expect((await exchange(await token({ ...verified, email: verified.mail }), type)).status).toBe(200);
  });

  test.each(['eve@example.com', '', null])(
    'and not one that nobody verified, beside %j that somebody did',
    async (email) => {
      await expectFault(await token({ ...verified, email }), 'it names no user of the connection', type);
    },
  );
});

describe('who may', () => {
  test.each([
    ['web', 'it is not allowed any profile'],
    ['third-party', 'it is a third party'],
  ])('TX-2: the client %s may not: %s', async (client_id) => {
    const secret = client_id === 'web' ? { client_secret: webSecret } : {};
    expect(refusalOf(await exchange(await token(), { client_id, ...secret }))).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: '"custom_authentication" Token Exchange Profile is not allowed for the client.',
    });
    expect(await lastEntry()).toMatchObject({ type: 'fecte', client_id });
  });

  test('AZ-24: the connection must be enabled for the client', async () => {
    const refused = await exchange(await token(), { subject_token_type: elsewhere });
    expect(refusalOf(refused)).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: 'the connection is not enabled',
    });
    // Where it is, the same id of the same provider is nobody's.
    const backend = { client_id: 'backend', client_secret: webSecret, subject_token_type: elsewhere };
    await expectFault(await token(), 'it names no user of the connection', backend);
  });

  test('AT-10: whoever names an administrator opens nothing of the Management API but what concerns them alone', async () => {
    await giveRole(freehold, ada, 'owner');
    const asked = {
      audience: systemAudience(freehold.issuer),
      scope: 'read:users update:current_user_identities',
    };
    const { access_token, scope } = (await exchange(await token(), asked)).json();
    expect(scope).toBe('update:current_user_identities');
    expect(claimsOf(String(access_token))).not.toHaveProperty('auth_time');
    const api = apiWith(freehold, String(access_token));
    expect((await api.get('/users')).status).toBe(403);
    // Nor a second account by which the administrator would log in.
    const { id_token } = (await exchange(await token({ sub: eve.user_id }), { scope: 'openid' })).json();
    expect(claimsOf(String(id_token)).sub).toBe(`auth0|${eve.user_id}`);
    const linked = await api.post(`/users/${encodeURIComponent(ada)}/identities`, { link_with: id_token });
    expect(linked).toMatchObject({ status: 401, body: { errorCode: 'insufficient_user_authentication' } });
  });

  test('TX-4: who may exchange the partner’s tokens may not act for users', async () => {
    const { access_token } = (await exchange(await token(), { audience })).json();
    const own = { subject_token_type: accessTokenType, audience };
    expect(refusalOf(await exchange(String(access_token), own))).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: `Grant type '${exchangeGrant}' not allowed for the client.`,
    });
  });
});

describe('what is refused', () => {
  const types = 'urn:ietf:params:oauth:token-type:';
  test.each([
    [{ subject_token_type: 'urn:acme:none' }, 'subject_token_type urn:acme:none is not supported'],
    [
      { subject_token_type: `${partnerTokenType}/` },
      `subject_token_type ${partnerTokenType}/ is not supported`,
    ],
    [{ subject_token: undefined }, 'Missing required parameter: subject_token'],
    [{ requested_token_type: `${types}id_token` }, `requested_token_type ${types}id_token is not supported`],
    [{ actor_token: 'x' }, 'actor_token and actor_token_type belong together'],
    [{ actor_token_type: accessTokenType }, 'actor_token and actor_token_type belong together'],
    [
      { actor_token: 'x', actor_token_type: `${types}id_token` },
      'actor_token is not supported with this subject_token_type',
    ],
    [{ organization: 'org_x' }, 'parameter organization is not allowed for this client'],
  ])('TX-2, RFC 8693 §2.1: %o', async (overrides, error_description) => {
    expect(refusalOf(await exchange(await token(), overrides))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description,
    });
  });

  test.each([
    ['an API that does not exist', 'https://nowhere.example/', 403, 'access_denied'],
    ['CN-3: an API that asks for consent', consentAudience, 403, 'consent_required'],
  ])('%s', async (_which, wanted, status, error) => {
    const refused = await exchange(await token(), { audience: wanted, scope: 'openid read:payments' });
    expect(refusalOf(refused)).toMatchObject({ status, error });
    expect(await lastEntry()).toMatchObject({ type: 'fecte', client_id: 'mobile' });
  });

  test('CN-3: what was agreed to before needs no asking', async () => {
    const of = { user_id: ada, client_id: 'mobile', audience: consentAudience };
    const grant = { ...of, scope: ['read:payments'], created_at: freehold.clock.now() };
    await freehold.composed.unitOfWork.transaction(({ userGrants }) =>
      userGrants.add({ id: 'cgr_partner', ...grant }),
    );
    const asked = { audience: consentAudience, scope: 'read:payments' };
    expect((await exchange(await token(), asked)).status).toBe(200);
    expect((await exchange(await token(), { ...asked, scope: 'openid read:payments' })).status).toBe(403);
  });

  test('a user who is blocked, or deleted', async () => {
    freehold.execute('update "user" set blocked = 1 where user_id = ?', ada);
    const refused = await exchange(await token());
    expect(refusalOf(refused)).toMatchObject({ status: 403, error_description: 'user is blocked' });
    expect(await lastEntry()).toMatchObject({ type: 'fecte', user_id: ada });
    freehold.execute('update "user" set blocked = 0 where user_id = ?', ada);
    await expectFault(await token({ sub: 'nobody' }), 'it names no user of the connection');
    await expectFault(await token({ sub: ada }), 'it names no user of the connection');
    await expectFault(await token({ sub: 'ada@example.com' }), 'it names no user of the connection');
  });

  test('a token is not spent before there is the user', async () => {
    const early = await token({ sub: 'ffffffffffffffffffffffff' });
    await expectFault(early, 'it names no user of the connection');
    freehold.execute(
      "update identity set user_id = 'ffffffffffffffffffffffff' where email = 'bob@example.com'",
    );
    expect((await exchange(early)).status).toBe(200);
    await expectFault(early, 'its jti was used before');
  });
});

describe('TX-3: refused tokens of one address', () => {
  const from = (ip: string, subject_token: string) =>
    exchangePartnerToken(freehold, subject_token, {}, { 'x-forwarded-for': ip });

  test('are ten, then it waits ten minutes for each; what succeeds does not count, nor what is malformed', async () => {
    for (let times = 0; times < 12; times += 1)
      expect((await from('192.0.2.7', await token())).status).toBe(200);
    const malformed = { subject_token_type: 'urn:acme:none' };
    await exchangePartnerToken(freehold, 'x', malformed, { 'x-forwarded-for': '192.0.2.7' });
    for (let times = 0; times < 10; times += 1)
      expect((await from('192.0.2.7', 'no token')).status).toBe(400);
    const throttled = {
      status: 429,
      error: 'too_many_attempts',
      error_description:
        'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.',
    };
    expect(refusalOf(await from('192.0.2.7', await token()))).toEqual(throttled);
    expect(await lastEntry()).toMatchObject({ type: 'limit_mu', ip: '192.0.2.7', client_id: 'mobile' });
    expect((await from('192.0.2.8', await token())).status).toBe(200);
    freehold.clock.advance(600);
    expect((await from('192.0.2.7', await token())).status).toBe(200);
    expect((await from('192.0.2.7', 'no token')).status).toBe(400);
    expect(refusalOf(await from('192.0.2.7', await token()))).toEqual(throttled);
  });

  test('are ten, though they come while one waits for the keys of the partner', async () => {
    const times = { iat: freehold.clock.now(), exp: freehold.clock.now() + 1200 };
    const forged = await partnerToken({ key: newKeyPair('RS256') }, freehold, times);
    freehold.clock.advance(600);
    const { promise, resolve } = Promise.withResolvers<void>();
    partner.answering = promise;
    const waiting = Array.from({ length: 15 }, () => from('192.0.2.9', forged));
    await from('192.0.2.10', 'no token');
    resolve();
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([...Array(10).fill(400), ...Array(5).fill(429)]);
  });

  test('GL-7: are those of whom a trusted backend asks for', async () => {
    const backend = { client_id: 'backend', client_secret: webSecret };
    const forwarded = (ip: string, subject_token: string) =>
      exchangePartnerToken(freehold, subject_token, backend, { 'auth0-forwarded-for': ip });
    for (let times = 0; times < 10; times += 1) await forwarded('198.51.100.1', 'no token');
    expect((await forwarded('198.51.100.1', await token())).status).toBe(429);
    expect((await forwarded('198.51.100.2', await token())).status).toBe(200);
  });

  test('are not counted while no key of the partner is to be had: that is nobody’s fault here', async () => {
    const type = { subject_token_type: away };
    for (let times = 0; times < 12; times += 1) {
      const headers = { 'x-forwarded-for': '203.0.113.1' };
      expect(refusalOf(await exchangePartnerToken(freehold, await token(), type, headers))).toEqual(
        invalidSubject,
      );
    }
    expect(await lastEntry()).toMatchObject({ details: { fault: 'no key of the issuer is to be had' } });
    expect((await from('203.0.113.1', await token())).status).toBe(200);
  });

  test('a key that the partner has since is asked for', async () => {
    const next = newKeyPair('ES256');
    const signed = await partnerToken({ key: next }, freehold, {}, { kid: 'next' });
    freehold.clock.advance(5);
    await expectFault(signed, 'it is signed by no key of the issuer');
    const { published } = partner;
    partner.published = { keys: [publicJwk(partner.key, 'partner-key'), publicJwk(next, 'next')] };
    freehold.clock.advance(5);
    // What was refused is not spent.
    expect((await exchange(signed)).status).toBe(200);
    partner.published = published;
  });
});
