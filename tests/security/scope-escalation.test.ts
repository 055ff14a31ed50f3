// Mirrors authentik CVE-2024-52287, CVE-2024-38371 and Keycloak CVE-2020-14389: nobody gets more than was granted, by
// asking again, by asking elsewhere, or by taking one API's token to another.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { activate, deviceTenant, getCodes, getDeviceTokens, poll } from '../setup/device.ts';
import {
  accessTokenType,
  apiClient,
  exchange,
  exchangeGrant,
  exchangeTenant,
  identifierOf,
  secretOf,
  userToken,
} from '../setup/exchange.ts';
import {
  audience,
  claimsOf,
  consentAudience,
  getTokens,
  refreshRequest,
  refusalOf,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

/** Its tokens are signed with a secret that it knows. */
const shared = 'https://shared.example/';
let freehold: Freehold;
beforeAll(async () => {
  const exchanging = exchangeTenant({
    clients: [
      { ...apiClient('a'), name: 'Shared', client_id: 'shared', resource_server_identifier: shared },
      {
        name: 'Machine',
        client_id: 'machine',
        client_secret: secretOf('e'),
        app_type: 'non_interactive',
        grant_types: ['client_credentials'],
      },
    ],
    resourceServers: [
      {
        name: 'Shared',
        identifier: shared,
        signing_alg: 'HS256',
        skip_consent_for_verifiable_first_party_clients: true,
      },
    ],
    clientGrants: [{ client_id: 'machine', audience, scope: ['read:orders'] }],
  });
  const devices = deviceTenant();
  const tv = (devices.clients as { client_id: string }[]).filter(({ client_id }) => client_id === 'tv');
  freehold = await startFreehold({
    tenant: { ...exchanging, clients: [...(exchanging.clients as unknown[]), ...tv] },
    users,
  });
});
afterAll(() => freehold.stop());

const agent = () => new Agent(freehold.issuer);
const scopeOf = (token: unknown) => claimsOf(String(token)).scope;

describe('at the device flow', () => {
  test('scopes that are nobody’s, or another API’s, are dropped; a poll adds none', async () => {
    const codes = await getCodes(freehold, { audience, scope: 'read:orders read:payments admin openid' });
    await activate(agent(), codes);
    const answer = await poll(freehold, codes, { scope: 'write:orders', audience: consentAudience });
    expect(answer.json().scope).toBe('read:orders openid');
    expect(claimsOf(String(answer.json().access_token)).aud).toContain(audience);
  });

  test('a refresh token of a device gives no more than the device was granted', async () => {
    const { tokens } = await getDeviceTokens(freehold, { audience, scope: 'read:orders offline_access' });
    const more = { client_id: 'tv', scope: 'read:orders write:orders' };
    const answer = await agent().postForm('/oauth/token', refreshRequest(tokens.refresh_token, more));
    expect(refusalOf(answer)).toMatchObject({ status: 400, error: 'invalid_scope' });
  });

  test('an API that asks for consent is not reached without it', async () => {
    const codes = await getCodes(freehold, { audience: consentAudience, scope: 'read:payments' });
    const page = await activate(agent(), codes);
    expect(page.text).toContain('Allow access');
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'authorization_pending' });
  });
});

describe('at token exchange', () => {
  test('only scopes of the API that is asked for, whatever the subject token has', async () => {
    const { access_token } = await userToken(freehold, 'a', {
      scope: 'openid profile email read:it offline_access',
    });
    const scope = 'openid profile email offline_access read:it read:orders *';
    const answer = await exchange(freehold, 'a', access_token, { scope });
    expect(answer.json()).toMatchObject({ scope: 'read:it' });
    for (const member of ['id_token', 'refresh_token']) expect(answer.json()).not.toHaveProperty(member);
    expect(scopeOf(answer.json().access_token)).toBe('read:it');
  });

  test('one API’s token is no other’s: neither the caller nor a third one may exchange it', async () => {
    const { access_token } = await userToken(freehold, 'a');
    for (const from of ['b', 'c'] as const) {
      const refusal = refusalOf(
        await exchange(freehold, from, access_token, { audience: identifierOf('d') }),
      );
      expect(refusal).toMatchObject({ status: 400, error: 'invalid_request' });
    }
  });

  test('a token for /userinfo alone, and a machine’s, are exchanged for nothing', async () => {
    const opaque = (await getTokens(freehold)).tokens.access_token;
    const fields = {
      grant_type: 'client_credentials',
      client_id: 'machine',
      client_secret: secretOf('e'),
      audience,
    };
    const machines = String((await agent().postForm('/oauth/token', fields)).json().access_token);
    expect(scopeOf(machines)).toBe('read:orders');
    for (const token of [opaque, machines]) {
      expect((await exchange(freehold, 'a', token)).status).toBe(400);
    }
  });

  test('an API cannot renew its user’s token for ever', async () => {
    const { access_token } = await userToken(freehold, 'a');
    let token = access_token;
    for (let times = 0; times < 2; times += 1) {
      const answer = await exchange(freehold, 'a', token, { audience: identifierOf('a') });
      token = String(answer.json().access_token);
      expect(claimsOf(token).exp).toBe(claimsOf(access_token).exp);
    }
    const last = await exchange(freehold, 'a', token, { audience: identifierOf('a') });
    expect(claimsOf(String(last.json().access_token)).exp).toBe(claimsOf(access_token).exp);
    const depth = await exchange(freehold, 'a', String(last.json().access_token), {
      audience: identifierOf('a'),
    });
    expect(refusalOf(depth)).toMatchObject({ status: 400, error: 'invalid_request' });
  });

  test('SG-2: an API that shares its signing secret with us could make any token: none of its is exchanged', async () => {
    const { tokens } = await getTokens(freehold, { authorize: { audience: shared, scope: 'openid' } });
    const subject = { subject_token: tokens.access_token, subject_token_type: accessTokenType };
    const fields = {
      grant_type: exchangeGrant,
      client_id: 'shared',
      client_secret: secretOf('a'),
      ...subject,
    };
    const answer = await agent().postForm('/oauth/token', { ...fields, audience: identifierOf('b') });
    expect(refusalOf(answer)).toMatchObject({ status: 400, error: 'invalid_request' });
    const asked = { client_id: 'shared', client_secret: secretOf('a'), token: tokens.access_token };
    expect((await agent().postForm('/oauth/introspect', asked)).json()).toEqual({ active: false });
  });

  test('a public client has no part in it', async () => {
    const { access_token } = await userToken(freehold, 'a');
    const fields = {
      grant_type: exchangeGrant,
      subject_token: access_token,
      subject_token_type: accessTokenType,
    };
    for (const client_id of ['spa', 'native', 'tv']) {
      const answer = await agent().postForm('/oauth/token', { ...fields, client_id, audience });
      expect(refusalOf(answer)).toMatchObject({ status: 403, error: 'unauthorized_client' });
    }
  });
});

test('CC-5: client credentials give no scope that the client grant lacks', async () => {
  const fields = {
    grant_type: 'client_credentials',
    client_id: 'machine',
    client_secret: secretOf('e'),
    audience,
  };
  const answer = await agent().postForm('/oauth/token', { ...fields, scope: 'read:orders write:orders' });
  expect(refusalOf(answer)).toMatchObject({ status: 403, error: 'access_denied' });
});

test('RT-3: a refresh gives no scope that was not granted', async () => {
  const authorize = { audience, scope: 'read:orders offline_access' };
  const { tokens } = await getTokens(freehold, { authorize });
  const fields = refreshRequest(tokens.refresh_token, { scope: 'read:orders write:orders' });
  expect(refusalOf(await agent().postForm('/oauth/token', fields))).toMatchObject({ error: 'invalid_scope' });
});
