// Mirrors ZITADEL CVE-2026-109373, GHSA-mq4x-r2w3-j7mr; Keycloak CVE-2024-7341, CVE-2020-14302, CVE-2020-10734; Casdoor
// CVE-2023-34927: sessions belong to the browser that made them, and no other site can act in its name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  consentAudience,
  getCode,
  newPkce,
  password,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
/** Somebody else, who is logged in. */
let bob: Agent;
let sessionCookie = '';
let browserCookie = '';
beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({ tenant: { skip_non_verifiable_callback_uri_confirmation_prompt: false } }),
    users,
  });
  sessionCookie = `freehold_session_${freehold.port}`;
  browserCookie = `freehold_browser_${freehold.port}`;
  api = await managementApi(freehold);
  bob = (await getCode(freehold, { username: 'bob@example.com' })).agent;
});
afterAll(() => freehold.stop());

const hasSession = async (agent: Agent) => {
  const answer = await agent.send(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
  return answer.location?.searchParams.has('code') === true;
};

describe('SE-6, SE-12: a cookie that was set before the login', () => {
  test('is not the one after it, and opens nothing', async () => {
    const planted = 'A'.repeat(43);
    const victim = new Agent(freehold.issuer);
    victim.cookies.set(sessionCookie, planted);
    await getCode(freehold, { agent: victim });
    expect(victim.cookies.get(sessionCookie)).not.toBe(planted);
    expect(await hasSession(victim)).toBe(true);
    const attacker = new Agent(freehold.issuer);
    attacker.cookies.set(sessionCookie, planted);
    expect(await hasSession(attacker)).toBe(false);
  });

  test('that is another person’s session ends with the login, for both', async () => {
    const { agent: attacker } = await getCode(freehold, { username: 'bob@example.com' });
    const planted = attacker.cookies.get(sessionCookie) ?? '';
    const victim = new Agent(freehold.issuer);
    victim.cookies.set(sessionCookie, planted);
    await getCode(freehold, { agent: victim, authorize: { prompt: 'login' } });
    expect(victim.cookies.get(sessionCookie)).not.toBe(planted);
    expect(await hasSession(attacker)).toBe(false);
    expect(await hasSession(victim)).toBe(true);
  });

  test('cannot be forged, cut off, swapped or said in other words', async () => {
    const { agent } = await getCode(freehold);
    const [secret = '', browser = ''] = [sessionCookie, browserCookie].map((name) => agent.cookies.get(name));
    const forged = [
      '',
      secret.slice(1),
      secret.slice(0, -1),
      `${secret}.`,
      `${secret}%00`,
      `"${secret}"x`,
      browser,
      '*',
      '%',
      'x'.repeat(5000),
    ];
    for (const value of forged) {
      const other = new Agent(freehold.issuer);
      other.cookies.set(sessionCookie, value);
      expect(await hasSession(other), value).toBe(false);
    }
    const otherPort = new Agent(freehold.issuer);
    otherPort.cookies.set(`freehold_session_${freehold.port + 1}`, secret);
    otherPort.cookies.set('__Host-freehold_session', secret);
    expect(await hasSession(otherPort)).toBe(false);
  });

  test('of two sessions begun at once shares nothing with the other', async () => {
    const logins = await Promise.all([getCode(freehold), getCode(freehold)]);
    const [one, two] = logins.map(({ agent }) =>
      Buffer.from(agent.cookies.get(sessionCookie) ?? '', 'base64url'),
    );
    expect([one?.length, two?.length]).toEqual([32, 32]);
    const different = [...(one ?? [])].reduce((count, byte, index) => {
      return count + ((byte ^ (two?.[index] ?? 0)).toString(2).match(/1/g)?.length ?? 0);
    }, 0);
    // 256 coins: fewer than 80 or more than 176 differing bits come once in 10^9.
    expect(different).toBeGreaterThan(80);
    expect(different).toBeLessThan(176);
  });
});

interface Form {
  page: Answer;
  fields: Record<string, string>;
}

const identifier = 'identifier';
const passwordAfterIt = 'password after it';

/** Each form that changes something, filled in rightly. */
const forms: Record<string, (agent: Agent) => Promise<Form>> = {
  login: async (agent) => ({
    page: await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' })),
    fields: { username: 'ada@example.com', password, action: 'default' },
  }),
  [identifier]: async (agent) => ({
    page: await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' })),
    fields: { username: 'ada@example.com', action: 'default' },
  }),
  [passwordAfterIt]: async (agent) => {
    const first = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' }));
    const page = await agent.follow(await agent.submit(first, { username: 'ada@example.com' }));
    return { page, fields: { username: 'ada@example.com', password, action: 'default' } };
  },
  'sign-up': async (agent) => ({
    page: await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login', screen_hint: 'signup' })),
    fields: { email: `${agent.cookies.get(browserCookie)?.slice(0, 8)}@example.com`, password },
  }),
  consent: async (agent) => {
    await getCode(freehold, { agent });
    const authorize = { audience: consentAudience, scope: 'openid read:payments', prompt: 'consent' };
    return {
      page: await agent.open(authorizationUrl(freehold, newPkce(), authorize)),
      fields: { action: 'accept' },
    };
  },
  'callback confirmation': async (agent) => {
    await getCode(freehold, { agent });
    const authorize = { client_id: 'native', redirect_uri: 'com.myclientapp://myclientapp.com/callback' };
    return {
      page: await agent.open(authorizationUrl(freehold, newPkce(), authorize)),
      fields: { action: 'accept' },
    };
  },
  logout: async (agent) => {
    await getCode(freehold, { agent });
    return { page: await agent.send('/oidc/logout'), fields: {} };
  },
};

describe.each(Object.entries(forms))('LT-4: the form of the %s', (name, open) => {
  beforeAll(async () => {
    const identifier_first = [identifier, passwordAfterIt].includes(name);
    expect((await api.patch('/prompts', { identifier_first })).status).toBe(200);
  });

  const actionOf = ({ text }: Answer) => /<form[^>]*action="([^"]*)"/.exec(text)?.[1] ?? '';
  const hidden = ({ text }: Answer) => ({
    state: /name="state" value="([^"]*)"/.exec(text)?.[1] ?? '',
    csrf: /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? '',
  });

  async function expectRefused(
    agent: Agent,
    { page, fields }: Form,
    hiddenFields: Record<string, string>,
    headers = {},
  ) {
    const before = agent.cookies.get(sessionCookie);
    const answer = await agent.postForm(actionOf(page), { ...fields, ...hiddenFields }, headers);
    expect([answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([
      400,
      undefined,
      undefined,
    ]);
    expect(answer.text).toContain('invalid_request');
    expect(agent.cookies.get(sessionCookie)).toBe(before);
  }

  test('is taken as it is, from our own page', async () => {
    const agent = new Agent(freehold.issuer);
    const { page, fields } = await open(agent);
    const headers = { origin: new URL(freehold.issuer).origin, 'sec-fetch-site': 'same-origin' };
    const answer = await agent.postForm(actionOf(page), { ...fields, ...hidden(page) }, headers);
    expect(answer.status).toBe(answer.location === undefined ? 200 : 303);
  });

  test('is refused without its token, with another page’s or another browser’s', async () => {
    const agent = new Agent(freehold.issuer);
    const form = await open(agent);
    const { state, csrf } = hidden(form.page);
    const ofOtherPage = hidden((await open(agent)).page).csrf;
    const ofOtherBrowser = hidden((await open(new Agent(freehold.issuer))).page).csrf;
    for (const forged of ['', ofOtherPage, ofOtherBrowser, csrf.slice(1), `${csrf}A`, csrf.toUpperCase()]) {
      await expectRefused(agent, form, { state, csrf: forged });
    }
    await expectRefused(agent, form, { state });
    await expectRefused(agent, form, { csrf });
  });

  test('is refused from another site, whatever the browser says of it', async () => {
    const agent = new Agent(freehold.issuer);
    const form = await open(agent);
    const own = new URL(freehold.issuer).origin;
    const headers = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: own.replace('http:', 'https:') },
      { origin: `${own}.evil.example` },
      { origin: own.replace(/:\d+$/, '') },
      { origin: `${own}/` },
      { origin: own, 'sec-fetch-site': 'cross-site' },
    ];
    for (const header of headers) await expectRefused(agent, form, hidden(form.page), header);
  });

  test('LT-1: is refused from a browser that did not begin it', async () => {
    const form = await open(new Agent(freehold.issuer));
    const withoutCookies = new Agent(freehold.issuer);
    for (const agent of [withoutCookies, bob]) await expectRefused(agent, form, hidden(form.page));
  });
});

describe('LO-1: a logout from another site', () => {
  test.each(['image', 'iframe', 'script', 'empty', 'embed', 'object'])(
    'as %s ends nothing',
    async (destination) => {
      const { agent } = await getCode(freehold);
      for (const path of ['/v2/logout', '/oidc/logout']) {
        const headers = { 'sec-fetch-dest': destination, 'sec-fetch-site': 'cross-site' };
        const answer = await agent.send(path, { headers });
        expect(answer.status).toBe(200);
        expect(await hasSession(agent)).toBe(true);
      }
    },
  );

  test('LO-11: without a hint, or with another’s, is asked about and ends nothing until it is answered', async () => {
    const { agent } = await getCode(freehold);
    const other = await getCode(freehold, { username: 'bob@example.com' });
    const redeemed = await other.agent.postForm('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code: other.code,
      code_verifier: other.pkce.code_verifier,
      redirect_uri: 'https://app.example/callback',
    });
    const { id_token } = redeemed.json();
    for (const path of [
      '/oidc/logout',
      `/oidc/logout?id_token_hint=${id_token}`,
      '/oidc/logout?logout_hint=x',
    ]) {
      const page = await agent.send(path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('action="/u/logout"');
      expect(await hasSession(agent)).toBe(true);
    }
    const posted = await agent.follow(await agent.postForm('/oidc/logout', { client_id: 'spa' }));
    expect(posted.text).toContain('action="/u/logout"');
    expect(await hasSession(agent)).toBe(true);
  });
});
