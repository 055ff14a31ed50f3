// The OpenID Foundation's plan oidcc-backchannel-rp-initiated-logout-certification-test-plan, in dialect `oidc`.
import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  clients,
  type Provider,
  postLogoutRedirectUri,
  RelyingParty,
  startProvider,
} from '../setup/conformance.ts';
import { type RelyingParty as BackChannel, startRelyingParty } from '../setup/relying-party.ts';

let backChannel: BackChannel;
let provider: Provider;
beforeAll(async () => {
  backChannel = await startRelyingParty();
  const oidc_logout = { backchannel_logout_urls: [`${backChannel.origin}/backchannel_logout`] };
  provider = await startProvider({ clients: [{ ...clients.client, oidc_logout }] }, [
    '--insecure-allow-private-outbound',
  ]);
});
afterAll(async () => {
  await provider.freehold.stop();
  await backChannel.stop();
});

test('WK-8: oidcc-backchannel-rp-initiated-logout-discovery-endpoint-verification', () => {
  expect(provider.discovery).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

test('BC-1, BC-2: oidcc-backchannel-rp-initiated-logout', async () => {
  const party = new RelyingParty(provider);
  const authorization = await party.authorize();
  const redeemed = await party.redeem(authorization);
  const { claims } = await party.readTokens(redeemed, authorization.sent.nonce);
  const state = randomBytes(64).toString('hex');
  const search = new URLSearchParams({
    id_token_hint: String(redeemed.json().id_token),
    post_logout_redirect_uri: postLogoutRedirectUri,
    state,
  });
  const answer = await party.browser.send(`/oidc/logout?${search}`);
  expect(answer.location?.href).toBe(`${postLogoutRedirectUri}?state=${state}`);

  await provider.freehold.composed.deliverDue();
  expect(backChannel.received).toMatchObject([
    {
      method: 'POST',
      url: '/backchannel_logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  ]);
  const form = new URLSearchParams(backChannel.received[0]?.body);
  expect([...form.keys()]).toEqual(['logout_token']);
  const { payload } = await jwtVerify(form.get('logout_token') ?? '', createLocalJWKSet(provider.jwks), {
    issuer: String(provider.discovery.issuer),
    audience: clients.client.client_id,
    algorithms: ['RS256'],
    currentDate: new Date(provider.freehold.clock.now() * 1000),
    requiredClaims: ['iat', 'jti'],
  });
  expect(payload).toMatchObject({
    sub: claims.sub,
    sid: claims.sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  expect(payload).not.toHaveProperty('nonce');
  expect((await party.authorize({ prompt: 'none' })).response.error).toBe('login_required');
});
