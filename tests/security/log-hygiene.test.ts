// The log at its most talkative: no line holds what would let a reader of the log act for somebody, and no text of a
// stranger can forge a line or drive a terminal.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  codeOf,
  getTokens,
  newPkce,
  password,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { sendRaw } from '../setup/raw.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let lines: string[] = [];
beforeAll(async () => {
  const onLogLine = (line: string) => lines.push(line);
  const clients = [
    {
      ...spa,
      app_type: 'regular_web',
      token_endpoint_auth_method: 'client_secret_post',
      client_secret: webSecret,
    },
  ];
  freehold = await startFreehold({ tenant: sampleTenant({ clients }), users, onLogLine });
});
afterAll(() => freehold.stop());

/** What was logged while `work` ran. */
async function logged(work: () => Promise<unknown>): Promise<string> {
  lines = [];
  await work();
  // The access log's line is written once the answer has left: a further answer is behind it.
  await new Agent(freehold.issuer).send('/health');
  return lines.join('');
}

const secret = 'Zm9yLXRoZS1jbGllbnQtYWxvbmUtbm90LWZvci1sb2dz';

test('a whole flow leaves no secret of it', async () => {
  const state = 'a-state-of-the-application-alone';
  const nonce = 'a-nonce-of-the-application-alone';
  const authorize = { state, nonce, scope: 'openid email offline_access', login_hint: 'hinted@example.com' };
  const agent = new Agent(freehold.issuer);
  const secrets: string[] = [state, nonce, password, webSecret, 'hinted@example.com'];
  const log = await logged(async () => {
    const url = authorizationUrl(freehold, newPkce(), authorize);
    const page = await agent.open(url);
    const handle = /name="state" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    await agent.submit(page, {
      username: 'ada@example.com',
      password: `${password}-wrong`,
      action: 'default',
    });
    const { tokens, code, pkce } = await getTokens(freehold, {
      agent,
      authorize,
      token: { client_secret: webSecret },
    });
    const { access_token, id_token = '', refresh_token = '' } = tokens;
    secrets.push(
      handle,
      code,
      pkce.code_verifier,
      pkce.code_challenge,
      access_token,
      id_token,
      refresh_token,
    );
    await agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    await agent.send(`/userinfo?access_token=${access_token}`);
    await agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_secret: webSecret }));
    const refresh = {
      grant_type: 'refresh_token',
      client_id: 'spa',
      client_secret: webSecret,
      refresh_token,
    };
    await agent.postForm('/oauth/token', refresh);
    await agent.postForm('/oauth/token', { ...refresh, client_secret: 'wrong-secret-of-the-client' });
    await agent.postForm('/oauth/revoke', {
      client_id: 'spa',
      client_secret: webSecret,
      token: refresh_token,
    });
    await agent.postForm('/authorize', Object.fromEntries(url.searchParams));
    secrets.push('wrong-secret-of-the-client', ...agent.cookies.values());
    await agent.open(`/oidc/logout?id_token_hint=${id_token}`);
  });
  expect(secrets.every((value) => value.length >= 8)).toBe(true);
  expect(secrets.filter((value) => log.includes(value))).toEqual([]);
  expect(log).toContain('"path":"/oauth/token"');
});

test('no line holds a query', async () => {
  const log = await logged(async () => {
    const agent = new Agent(freehold.issuer);
    for (const path of [
      '/authorize',
      '/u/login',
      '/u/login/password',
      '/oidc/logout',
      '/v2/logout',
      '/userinfo',
      '/nowhere',
      '/assets/%zz',
    ]) {
      await agent.send(`${path}?state=${secret}`, {
        headers: { referer: `https://app.example/?code=${secret}` },
      });
    }
    await agent.send(`/authorize?x=${secret}${'x'.repeat(9000)}`);
    await agent.send(authorizationUrl(freehold, newPkce(), { redirect_uri: `${callback}?x=${secret}` }));
  });
  expect(log).not.toContain(secret);
  expect(log).not.toMatch(/"[^"]*\?[a-z]+=/);
});

test.each([
  ['JSON that breaks right behind a secret', `{"code":"${secret}"]`, 'application/json'],
  ['a secret without quotation marks', `{"refresh_token":${secret}}`, 'application/json'],
  ['a secret alone', secret, 'application/json'],
  ['a secret alone, in quotation marks', `"${secret}"`, 'application/json'],
  ['a form that breaks', `code=${secret}&x=%zz`, 'application/x-www-form-urlencoded'],
  ['a secret for a media type', '', `application/${secret}`],
])('%s is not in the log', async (_name, body, contentType) => {
  const log = await logged(async () => {
    for (const path of ['/oauth/token', '/oauth/revoke', '/authorize', '/u/login', '/userinfo', '/nowhere']) {
      const headers = { 'content-type': contentType };
      await new Agent(freehold.issuer).send(path, { method: 'POST', headers, body });
    }
  });
  for (let start = 0; start + 6 <= secret.length; start += 1) {
    expect(log).not.toContain(secret.slice(start, start + 6));
  }
});

test('a secret where another parameter belongs is in no line', async () => {
  const log = await logged(async () => {
    const agent = new Agent(freehold.issuer);
    await agent.postForm('/oauth/token', { grant_type: secret, client_id: 'spa' });
    await agent.postForm('/oauth/token', {
      grant_type: 'refresh_token',
      client_id: secret,
      refresh_token: secret,
    });
    const basic = Buffer.from(`spa:${secret}`).toString('base64');
    await agent.postForm(
      '/oauth/token',
      { grant_type: 'refresh_token' },
      { authorization: `Basic ${basic}` },
    );
    await agent.send('/userinfo', { headers: { authorization: `Bearer ${secret}` } });
    await agent.send('/userinfo', {
      headers: { cookie: `x=${secret}`, 'auth0-client': secret, dpop: secret },
    });
  });
  expect(log).not.toContain(secret);
});

test('PW-20: a password typed where the identifier belongs is in neither log', async () => {
  const agent = new Agent(freehold.issuer);
  const typed = 'My-own-password-9';
  const log = await logged(async () => {
    const page = await agent.open(authorizationUrl(freehold, newPkce()));
    const answer = await agent.submit(page, { username: typed, password: typed, action: 'default' });
    expect(answer.status).toBe(400);
  });
  expect(log).not.toContain(typed);
  expect(JSON.stringify(await freehold.logEntries())).not.toContain(typed);
});

test('the tenant log holds no code, token or verifier either', async () => {
  const agent = new Agent(freehold.issuer);
  const pkce = newPkce();
  const scope = 'openid offline_access';
  const code = codeOf(
    await agent.logIn(authorizationUrl(freehold, pkce, { scope }), 'ada@example.com', password),
  );
  const redeemed = await agent.postForm(
    '/oauth/token',
    tokenRequest(pkce, code, { client_secret: webSecret }),
  );
  const { access_token, refresh_token, id_token } = redeemed.json();
  await agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_secret: webSecret }));
  await agent.send(authorizationUrl(freehold, pkce, { redirect_uri: 'https://evil.example/' }));
  const entries = JSON.stringify(await freehold.logEntries());
  const secrets = [
    code,
    pkce.code_verifier,
    access_token,
    refresh_token,
    id_token,
    password,
    webSecret,
    ...agent.cookies.values(),
  ];
  expect(secrets.filter((value) => entries.includes(String(value)))).toEqual([]);
});

test('control characters, line ends and characters that turn the text are spelt out, one JSON object a line', async () => {
  const hostile = '\x1b[31m\x07\x9b\u2028\u202e';
  const latin1 = '\x1b[31m\x9b';
  const log = await logged(async () => {
    const agent = new Agent(freehold.issuer);
    const encoded = encodeURIComponent(hostile);
    await agent.send(`/${encoded}?x=${encoded}`);
    await agent.send(`/authorize?response_type=code&client_id=${encoded}`);
    await agent.postJson('/oauth/token', { grant_type: hostile, client_id: hostile });
    await agent.postForm('/oauth/token', { [hostile]: hostile, grant_type: 'x' });
    const head = `GET /${latin1} HTTP/1.1\r\nHost: localhost:${freehold.port}\r\nUser-Agent: ${latin1}\r\nConnection: close\r\n\r\n`;
    await sendRaw(freehold.port, Buffer.from(head, 'latin1'));
  });
  expect(log.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  for (const line of log.split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
});
