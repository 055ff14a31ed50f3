// OpenID Connect RP-Initiated Logout at /oidc/logout.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  claimsOf,
  getTokens,
  newPkce,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import {
  bye,
  expectSignedOutPage,
  hasSession,
  query,
  signInAtLeaver,
  startWithLeaver,
} from '../setup/logout.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;

beforeAll(async () => {
  freehold = await startWithLeaver();
});
afterAll(() => freehold.stop());

const signedIn = () => signInAtLeaver(freehold);

describe('/oidc/logout', () => {
  const post_logout_redirect_uri = bye;

  test('LO-7, LO-8, LO-9, LO-11: a hint of this session: no question, state goes along', async () => {
    const { agent, tokens } = await signedIn();
    const { id_token = '' } = tokens;
    const state = 'a b&c=d+é/%';
    const answer = await agent.send(
      query('/oidc/logout', { id_token_hint: id_token, post_logout_redirect_uri, state }),
    );
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(`${bye}?state=${encodeURIComponent(state)}`);
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test('LO-9: state follows a query that is there, byte for byte', async () => {
    const url = 'https://app.example/query?a=1';
    const parameters = { client_id: 'leaver', post_logout_redirect_uri: url, state: 's' };
    const answer = await new Agent(freehold.issuer).send(query('/oidc/logout', parameters));
    expect([answer.status, answer.headers.location]).toEqual([302, `${url}&state=s`]);
  });

  test('LO-7, LT-3: POST with a form: 303 to a GET, which does the same', async () => {
    const { agent, tokens } = await signedIn();
    const fields = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri };
    // A cross-site POST carries no Lax cookie.
    const posted = await new Agent(freehold.issuer).postForm('/oidc/logout', fields);
    expect([posted.status, posted.location?.pathname]).toEqual([303, '/oidc/logout/posted']);
    expect(posted.headers['set-cookie']).toBeUndefined();
    const answer = await agent.send(posted.location ?? '');
    expect([answer.status, answer.headers.location]).toEqual([302, bye]);
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test('LO-7: logout_hint, the sid, is as good as an ID token', async () => {
    const { agent, tokens } = await signedIn();
    const logout_hint = String(claimsOf(tokens.id_token).sid);
    const answer = await agent.send(
      query('/oidc/logout', { client_id: 'leaver', logout_hint, post_logout_redirect_uri }),
    );
    expect([answer.status, answer.headers.location]).toEqual([302, bye]);
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test.each([
    `${bye}/`,
    `${bye}?a=b`,
    'https://app.example/query?a=2',
    'https://app.example/query',
    'HTTPS://app.example/bye',
    'https://one.wild.example/out',
    'https://*.wild.example/out',
    'https://tenant.example/out',
    'https://evil.example/',
  ])('LO-8: %s is not exactly an Allowed Logout URL: 400, and the session stays', async (url) => {
    const { agent, tokens } = await signedIn();
    const parameters = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: url };
    const answer = await agent.send(query('/oidc/logout', parameters));
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
    expect(await hasSession(freehold, agent)).toBe(true);
  });

  test("LO-8: without hint and client_id the tenant's list counts", async () => {
    const url = 'https://tenant.example/out';
    const answer = await new Agent(freehold.issuer).send(
      query('/oidc/logout', { post_logout_redirect_uri: url }),
    );
    expect([answer.status, answer.headers.location]).toEqual([302, url]);
  });

  test('LO-10: hints that contradict one another are 400', async () => {
    const { agent, tokens } = await signedIn();
    const { id_token = '' } = tokens;
    for (const [contradiction, words] of [
      [{ client_id: 'spa' }, 'client_id is not the audience of id_token_hint'],
      [{ logout_hint: 'another' }, 'logout_hint is not the session of id_token_hint'],
    ] as const) {
      const answer = await agent.send(query('/oidc/logout', { id_token_hint: id_token, ...contradiction }));
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
    }
    expect(await hasSession(freehold, agent)).toBe(true);
  });

  test('AT-16, LO-11: what is no ID token of ours is no hint: it ends nothing unasked, and names no client', async () => {
    const { agent, tokens } = await signedIn();
    const { tokens: others } = await getTokens(freehold, { agent, authorize: { scope: 'openid' } });
    const { tokens: api } = await getTokens(freehold, { agent, authorize: { audience } });
    const [head, body] = (others.id_token ?? '').split('.');
    for (const id_token_hint of [
      tokens.access_token,
      api.access_token,
      'x',
      `${head}.${body}.`,
      `${head}.${body}.AAAA`,
    ]) {
      const question = await agent.send(query('/oidc/logout', { id_token_hint }));
      expect([question.status, question.text.match(/<button/g)?.length]).toEqual([200, 1]);
      const parameters = { id_token_hint, post_logout_redirect_uri };
      expect((await agent.send(query('/oidc/logout', parameters))).status).toBe(400);
    }
    expect(await hasSession(freehold, agent)).toBe(true);
  });

  test.each([
    ['no hint', {}],
    ["another session's sid", { logout_hint: 'another' }],
    ['a hint that is not valid', { id_token_hint: 'x' }],
  ])('LO-11: %s: a question first, and the answer decides', async (_what, parameters) => {
    const { agent } = await signedIn();
    const search = { client_id: 'leaver', post_logout_redirect_uri, state: 's', ...parameters };
    const question = await agent.send(query('/oidc/logout', search));
    expect(question.status).toBe(200);
    expect(question.text.match(/<button/g)).toHaveLength(1);
    expect(question.headers['content-security-policy']).toContain("form-action 'self' https://app.example");
    expect(await hasSession(freehold, agent)).toBe(true);
    const answer = await agent.submit(question, {});
    expect([answer.status, answer.headers.location]).toEqual([303, `${bye}?state=s`]);
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test('LO-11, LT-1, LT-4: the answer counts only from the browser that was asked, in its own form', async () => {
    const { agent } = await signedIn();
    const question = await agent.send('/oidc/logout?client_id=leaver');
    const stranger = new Agent(freehold.issuer);
    expect((await stranger.submit(question, {})).status).toBe(400);
    expect((await agent.submit(question, { csrf: 'x'.repeat(43) })).status).toBe(400);
    expect(await hasSession(freehold, agent)).toBe(true);
    expectSignedOutPage(await agent.submit(question, {}));
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test('LO-11: without a session there is nothing to ask', async () => {
    expectSignedOutPage(await new Agent(freehold.issuer).send('/oidc/logout'));
  });

  test('LO-12: an ID token that has expired is still a hint', async () => {
    const { agent, tokens } = await signedIn();
    freehold.clock.advance(36_001);
    const parameters = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri };
    const answer = await agent.send(query('/oidc/logout', parameters));
    expect([answer.status, answer.headers.location]).toEqual([302, bye]);
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test('LO-1: as an image of another site it ends nothing', async () => {
    const { agent, tokens } = await signedIn();
    const url = query('/oidc/logout', { id_token_hint: tokens.id_token ?? '' });
    await agent.send(url, { headers: { 'sec-fetch-dest': 'image' } });
    expect(await hasSession(freehold, agent)).toBe(true);
  });
});

test('LO-11: a tenant may do without the question', async () => {
  const tenant = sampleTenant({ tenant: { sessions: { oidc_logout_prompt_enabled: false } } });
  const other = await startFreehold({ tenant, users });
  try {
    const { agent } = await getTokens(other);
    expectSignedOutPage(await agent.send('/oidc/logout'));
    const silent = await agent.open(authorizationUrl(other, newPkce(), { prompt: 'none' }));
    expect(silent.location?.searchParams.get('error')).toBe('login_required');
  } finally {
    await other.stop();
  }
});
