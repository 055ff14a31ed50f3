// The device's half of the device flow (RFC 8628): codes, polling, tokens.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { Agent } from '../setup/agent.ts';
import {
  activate,
  type Codes,
  deviceGrant,
  deviceTenant,
  getCodes,
  getDeviceTokens,
  poll,
  requestCodes,
  television,
} from '../setup/device.ts';
import { DpopKey } from '../setup/dpop.ts';
import { audience, claimsOf, refreshRequest, refusalOf, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const clock = new TurnableClock(1_800_000_000);
let freehold: Freehold;
let strict: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: deviceTenant(), users, clock });
  strict = await startFreehold({ tenant: deviceTenant({ dialect: 'oidc' }), users, clock });
});
afterAll(async () => {
  await freehold.stop();
  await strict.stop();
});

async function latestEntry(server: Freehold, type: string) {
  return (await server.logEntries()).findLast((entry) => entry.type === type);
}

const pending = {
  status: 403,
  error: 'authorization_pending',
  error_description: 'User has yet to authorize device code.',
};
const invalid = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Invalid or expired device code.',
};

describe('/oauth/device/code', () => {
  test('DV-1, DV-2: client_id, scope and audience give the codes, the addresses, 900 and 5 seconds', async () => {
    const answer = await requestCodes(freehold, { audience });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const { device_code, user_code, ...others } = answer.json();
    expect(device_code).toMatch(/^[\w-]{43}$/);
    expect(others).toEqual({
      verification_uri: `${freehold.issuer}activate`,
      verification_uri_complete: `${freehold.issuer}activate?user_code=${String(user_code)}`,
      expires_in: 900,
      interval: 5,
    });
  });

  test('DV-3: eight of 20 consonants in the mask ****-****', async () => {
    const { user_code } = await getCodes(freehold);
    expect(user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  });

  test('DV-3: the tenant chooses digits and another mask', async () => {
    const device_flow = { charset: 'digits', mask: '*** *** ***' };
    const other = await startFreehold({ tenant: deviceTenant({ device_flow }), users, clock });
    const codes = await getCodes(other);
    expect(codes.user_code).toMatch(/^\d{3} \d{3} \d{3}$/);
    expect(codes.verification_uri_complete).toContain(encodeURIComponent(codes.user_code));
    await activate(new Agent(other.issuer), codes);
    expect((await poll(other, codes)).status).toBe(200);
    await other.stop();
  });

  test.each([
    { charset: 'base20', mask: '***-****' },
    { charset: 'digits', mask: '****-****' },
    { charset: 'base20', mask: '****-****-****-****-*' },
    { charset: 'base20', mask: '****_****' },
    { charset: 'letters', mask: '****-****' },
  ])('DV-3: the tenant file may not have device_flow %o', async (device_flow) => {
    await expect(startFreehold({ tenant: deviceTenant({ device_flow }) })).rejects.toThrow(/device_flow/);
  });

  test.each([
    [
      'a client without the grant type',
      { client_id: 'native' },
      `Grant type '${deviceGrant}' not allowed for the client.`,
    ],
    [
      'a single page application',
      { client_id: 'tv-spa' },
      'Only a native client without a secret may authorize devices.',
    ],
    [
      'a client with a secret',
      { client_id: 'tv-web' },
      'Only a native client without a secret may authorize devices.',
    ],
  ])('DV-4: %s is refused with unauthorized_client', async (_who, fields, error_description) => {
    const tenant = deviceTenant();
    const others = [
      { ...television, client_id: 'tv-spa', name: 'a', app_type: 'spa' },
      {
        ...television,
        client_id: 'tv-web',
        name: 'b',
        app_type: 'regular_web',
        token_endpoint_auth_method: 'client_secret_post',
      },
    ];
    const clients = [...(tenant.clients as unknown[]), ...others];
    const other = await startFreehold({ tenant: { ...tenant, clients }, users, clock });
    const answer = await requestCodes(other, fields);
    expect(refusalOf(answer)).toEqual({ status: 403, error: 'unauthorized_client', error_description });
    expect(await latestEntry(other, 'fdeaz')).toMatchObject({ client_id: fields.client_id });
    await other.stop();
  });

  test('unknown clients and audiences, repeated parameters, JSON and other methods are refused', async () => {
    expect(refusalOf(await requestCodes(freehold, { client_id: 'nobody' }))).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    expect(refusalOf(await requestCodes(freehold, { client_id: undefined }))).toMatchObject({
      status: 400,
      error: 'invalid_request',
      error_description: 'Missing required parameter: client_id',
    });
    expect(refusalOf(await requestCodes(freehold, { audience: 'https://nowhere.example/' }))).toMatchObject({
      status: 403,
      error: 'access_denied',
    });
    const agent = new Agent(freehold.issuer);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const twice = { method: 'POST', headers: form, body: 'client_id=tv&client_id=tv' };
    expect((await agent.send('/oauth/device/code', twice)).json()).toMatchObject({
      error: 'invalid_request',
    });
    expect((await agent.postJson('/oauth/device/code', { client_id: 'tv' })).json()).toMatchObject({
      error: 'invalid_request',
    });
    const got = await agent.send('/oauth/device/code');
    expect([got.status, got.headers.allow]).toEqual([405, 'POST, OPTIONS']);
  });

  test('DV-12: Allowed Web Origins may call it, and poll; they may not call the token endpoint otherwise', async () => {
    const agent = new Agent(freehold.issuer);
    const origin = 'https://tv.example';
    const allowed = async (path: string, fields: Record<string, string>, from = origin) =>
      (await agent.postForm(path, fields, { origin: from })).headers['access-control-allow-origin'];
    expect(await allowed('/oauth/device/code', { client_id: 'tv' })).toBe(origin);
    expect(await allowed('/oauth/device/code', { client_id: 'tv' }, 'https://evil.example')).toBeUndefined();
    const polling = { client_id: 'tv', grant_type: deviceGrant, device_code: 'x' };
    expect(await allowed('/oauth/token', polling)).toBe(origin);
    expect(await allowed('/oauth/token', { ...polling, grant_type: 'refresh_token' })).toBeUndefined();
    for (const path of ['/oauth/device/code', '/oauth/token']) {
      const preflight = await agent.send(path, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      expect(preflight.headers['access-control-allow-origin']).toBe(origin);
    }
  });
});

describe('polling', () => {
  test('DV-5, DIS-14: until somebody has decided: authorization_pending, 403', async () => {
    const codes = await getCodes(freehold);
    expect(refusalOf(await poll(freehold, codes))).toEqual(pending);
  });

  test('DV-5: oidc answers 400', async () => {
    const codes = await getCodes(strict);
    expect(refusalOf(await poll(strict, codes))).toEqual({ ...pending, status: 400 });
  });

  test('DV-6: within five seconds of the last poll: slow_down, 429, and five seconds go on being enough', async () => {
    const codes = await getCodes(freehold);
    await poll(freehold, codes);
    clock.advance(4);
    for (let times = 0; times < 3; times += 1) {
      expect(refusalOf(await poll(freehold, codes))).toEqual({
        status: 429,
        error: 'slow_down',
        error_description: 'You are polling faster than the specified interval of 5 seconds.',
      });
    }
    clock.advance(1);
    expect(refusalOf(await poll(freehold, codes))).toEqual(pending);
  });

  test('DV-6, RFC 8628 §3.5: oidc answers 400, and each slow_down adds five seconds to the interval', async () => {
    const codes = await getCodes(strict);
    await poll(strict, codes);
    const slowDown = (seconds: number) => ({
      status: 400,
      error: 'slow_down',
      error_description: `You are polling faster than the specified interval of ${seconds} seconds.`,
    });
    expect(refusalOf(await poll(strict, codes))).toEqual(slowDown(10));
    clock.advance(9);
    expect(refusalOf(await poll(strict, codes))).toEqual(slowDown(15));
    clock.advance(6);
    expect(refusalOf(await poll(strict, codes))).toMatchObject({ error: 'authorization_pending' });
  });

  test('DV-7: after 900 seconds expired_token once, then invalid_grant', async () => {
    const codes = await getCodes(freehold);
    clock.advance(899);
    expect(refusalOf(await poll(freehold, codes))).toEqual(pending);
    clock.advance(1);
    expect(refusalOf(await poll(freehold, codes))).toEqual({
      status: 403,
      error: 'expired_token',
      error_description: 'The device code has expired',
    });
    expect(refusalOf(await poll(freehold, codes))).toEqual(invalid);
    expect(await latestEntry(freehold, 'fede')).toMatchObject({ client_id: 'tv' });
  });

  test('DV-7: an approval that the device did not ask about in time has expired too', async () => {
    const codes = await getCodes(freehold);
    await activate(new Agent(freehold.issuer), codes);
    clock.advance(900);
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'expired_token' });
    expect(refusalOf(await poll(freehold, codes))).toEqual(invalid);
  });

  test('a code that nobody has, another client’s, and none at all', async () => {
    expect(refusalOf(await poll(freehold, { device_code: 'x'.repeat(43) }))).toEqual(invalid);
    const codes = await getCodes(freehold);
    expect(refusalOf(await poll(freehold, { device_code: codes.user_code }))).toEqual(invalid);
    expect(refusalOf(await poll(freehold, codes, { device_code: undefined }))).toMatchObject({
      status: 400,
      error_description: 'Missing required parameter: device_code',
    });
    expect(refusalOf(await poll(freehold, codes, { client_id: 'spa' }))).toMatchObject({
      status: 403,
      error: 'unauthorized_client',
    });
    expect(refusalOf(await poll(freehold, codes))).toEqual(pending);
  });

  test('waiting leaves no entry in the tenant log', async () => {
    const before = (await freehold.logEntries()).length;
    const codes = await getCodes(freehold);
    await poll(freehold, codes);
    await poll(freehold, codes);
    expect((await freehold.logEntries()).length).toBe(before);
  });
});

describe('tokens', () => {
  test('DV-10, DV-11: without an audience a token for /userinfo, and an ID token; one time', async () => {
    const { tokens, codes } = await getDeviceTokens(freehold);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 86_400, scope: 'openid profile' });
    expect(tokens.refresh_token).toBeUndefined();
    expect(claimsOf(tokens.id_token)).toMatchObject({ aud: 'tv', sub: 'auth0|0123456789abcdef01234567' });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const userinfo = await new Agent(freehold.issuer).send('/userinfo', { headers });
    expect(userinfo.json()).toMatchObject({ name: 'Ada Lovelace' });
    expect(refusalOf(await poll(freehold, codes))).toEqual(invalid);
  });

  test('AC-14, AC-15, DV-11: an API’s token and a refresh token, no ID token without openid', async () => {
    const scope = 'read:orders unknown:scope offline_access';
    const { tokens } = await getDeviceTokens(freehold, { audience, scope });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: audience, azp: 'tv' });
    expect(tokens.scope).toBe('read:orders offline_access');
    expect(tokens.id_token).toBeUndefined();
    const refresh = refreshRequest(tokens.refresh_token, { client_id: 'tv' });
    expect((await new Agent(freehold.issuer).postForm('/oauth/token', refresh)).status).toBe(200);
  });

  test('DV-10: the exchange leaves sede', async () => {
    await getDeviceTokens(freehold);
    expect(await latestEntry(freehold, 'sede')).toMatchObject({
      client_id: 'tv',
      user_id: 'auth0|0123456789abcdef01234567',
    });
  });

  test('DP-9: bound to the key that the device proves when it asks', async () => {
    const codes = await getCodes(freehold, { scope: 'openid offline_access' });
    const agent = new Agent(freehold.issuer);
    await activate(agent, codes);
    const key = new DpopKey(freehold);
    const fields = { grant_type: deviceGrant, client_id: 'tv', device_code: codes.device_code };
    const answer = await agent.postForm('/oauth/token', fields, { dpop: await key.proof() });
    const { token_type, access_token, refresh_token } = answer.json();
    expect([answer.status, token_type]).toEqual([200, 'DPoP']);
    expect((await key.userinfo(agent, String(access_token))).status).toBe(200);
    const refresh = refreshRequest(String(refresh_token), { client_id: 'tv' });
    expect((await agent.postForm('/oauth/token', refresh)).json().error).toBe('invalid_dpop_proof');
  });

  test('a code that comes again revokes what it gave', async () => {
    const { tokens, codes } = await getDeviceTokens(freehold);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const agent = new Agent(freehold.issuer);
    expect((await agent.send('/userinfo', { headers })).status).toBe(200);
    await poll(freehold, codes);
    expect((await agent.send('/userinfo', { headers })).status).toBe(401);
    expect(await latestEntry(freehold, 'fede')).toMatchObject({ details: { replayed: true } });
  });

  test('of fifty polls at once exactly one gets tokens', async () => {
    const codes = await getCodes(freehold);
    await activate(new Agent(freehold.issuer), codes);
    const answers = await Promise.all(Array.from({ length: 50 }, () => poll(freehold, codes)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 200).map(refusalOf);
    expect(others).toEqual(Array.from({ length: 49 }, () => invalid));
  });

  test('a user who was blocked since, or whose rights ended, gives nothing any more', async () => {
    const codes: Codes = await getCodes(freehold);
    await activate(new Agent(freehold.issuer), codes, 'bob@example.com');
    freehold.execute(`update "user" set blocked = 1 where email = 'bob@example.com'`);
    expect(refusalOf(await poll(freehold, codes))).toEqual(invalid);
    freehold.execute(`update "user" set blocked = 0 where email = 'bob@example.com'`);
  });

  test('WK-1: discovery names the endpoint and the grant type', async () => {
    const answer = await new Agent(freehold.issuer).send('/.well-known/openid-configuration');
    expect(answer.json()).toMatchObject({
      device_authorization_endpoint: `${freehold.issuer}oauth/device/code`,
      grant_types_supported: expect.arrayContaining([deviceGrant]),
    });
  });
});
