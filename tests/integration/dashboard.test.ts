// The dashboard as it is served: one page for every address below it, files that may be kept, a strict policy.
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, claimsOf, codeOf, newPkce, password, tokenRequest } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const owner = 'owner@example.com';
let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  freehold = await startFreehold({
    tenant: { tenant: { friendly_name: 'Ada & "Co" <b>' } },
    environment: { FREEHOLD_ADMIN_EMAIL: owner, FREEHOLD_ADMIN_PASSWORD: password },
  });
  agent = new Agent(freehold.issuer);
});
afterAll(() => freehold.stop());

const folder = new URL('../../packages/server/dist/assets/dashboard/assets/', import.meta.url);
const entry = readdirSync(folder).find((name) => /^index-.*\.js$/.test(name)) ?? '';

test('every address below the dashboard answers its page, which is never stored and never framed', async () => {
  for (const path of [
    '/dashboard',
    '/dashboard/',
    '/dashboard/users/auth0%7C1/roles?page=2',
    '/dashboard/set-up',
  ]) {
    const answer = await agent.send(path);
    expect(answer.status, path).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text).toContain('<div id="root"></div>');
  }
});

test('the policy lets in no script but ours, and styles by a nonce that is new each time', async () => {
  const [one, other] = [await agent.send('/dashboard'), await agent.send('/dashboard')];
  const policyOf = (answer: typeof one) => String(answer.headers['content-security-policy']);
  const nonceOf = (answer: typeof one) =>
    /style-src 'self' 'nonce-([\w-]{22})'/.exec(policyOf(answer))?.[1] ?? '';
  expect(nonceOf(one)).not.toBe('');
  expect(nonceOf(one)).not.toBe(nonceOf(other));
  expect(one.text).toContain(`nonce="${nonceOf(one)}"`);
  expect(policyOf(one)).toContain("default-src 'none'; script-src 'self';");
  expect(policyOf(one)).toContain("frame-ancestors 'none'");
  expect(policyOf(one)).not.toContain('unsafe');
  expect(one.text).not.toMatch(/<script(?![^>]* src=)/);
});

test('the page tells what it has to know, as text whatever the tenant is called', async () => {
  const { text } = await agent.send('/dashboard');
  const [, content = ''] = /<meta name="freehold" content="([^"]*)"/.exec(text) ?? [];
  const told = content.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  expect(JSON.parse(told)).toEqual({
    issuer: freehold.issuer,
    client_id: 'freehold-dashboard',
    try_client_id: 'freehold-dashboard-try',
    friendly_name: 'Ada & "Co" <b>',
    try_url: `${freehold.issuer}try`,
  });
});

test('files may be kept for ever, and come as small as the browser takes them', async () => {
  const plain = await agent.send(`/dashboard/assets/${entry}`, {
    headers: { 'accept-encoding': 'identity' },
  });
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(plain.headers['content-encoding']).toBeUndefined();
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip;q=0.5', 'gzip'],
  ]) {
    const answer = await agent.send(`/dashboard/assets/${entry}`, {
      headers: { 'accept-encoding': accepted ?? '' },
    });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('accept-encoding');
  }
});

test('what is no file of the dashboard is not there, whatever it is called', async () => {
  for (const name of ['nothing.js', '..%2findex.html', `..%2f..%2ftry.js`, `${entry}.br`, 'constructor']) {
    expect((await agent.send(`/dashboard/assets/${name}`)).status, name).toBe(404);
  }
});

test('AT-10: the dashboard is an ordinary client, the one that people get tokens of the system API for', async () => {
  const { clients, clientGrants } = freehold.stores;
  expect(await clients.find('freehold-dashboard')).toMatchObject({
    app_type: 'spa',
    is_system: true,
    is_first_party: true,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    callbacks: [`${freehold.issuer}dashboard/callback`],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
  });
  const audience = `${freehold.issuer}api/v2/`;
  expect(await clientGrants.find('freehold-dashboard', audience, 'user')).toMatchObject({
    allow_all_scopes: true,
  });
  expect(await clientGrants.find('freehold-dashboard', audience, 'client')).toBeUndefined();
});

test('AT-10: the client that logins are tried with gets no token of the system API for what others may do', async () => {
  const { clients, clientGrants } = freehold.stores;
  const client_id = 'freehold-dashboard-try';
  const redirect_uri = `${freehold.issuer}dashboard/callback`;
  expect(await clients.find(client_id)).toMatchObject({ is_system: true, callbacks: [redirect_uri] });
  const audience = `${freehold.issuer}api/v2/`;
  expect(await clientGrants.find(client_id, audience, 'user')).toBeUndefined();
  const scope = 'openid read:users update:users read:current_user';
  const [visitor, pkce] = [new Agent(freehold.issuer), newPkce()];
  const asked = { client_id, redirect_uri, audience, scope };
  const page = await visitor.open(authorizationUrl(freehold, pkce, asked));
  const posted = await visitor.submit(page, { username: owner, password, action: 'default' });
  const code = codeOf(await visitor.send(posted.location ?? ''));
  const request = tokenRequest(pkce, code, { client_id, redirect_uri });
  const tokens = (await visitor.postForm('/oauth/token', request)).json();
  const granted = String(claimsOf(String(tokens.access_token)).scope);
  expect(granted.split(' ').sort()).toEqual(['openid', 'read:current_user']);
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  expect((await agent.send('/api/v2/users', { headers })).status).toBe(403);
});

test('the first screen takes less than 300 kB of compressed script', async () => {
  const { text } = await agent.send('/dashboard');
  const names = [...text.matchAll(/(?:src|href)="\/dashboard\/assets\/([^"]+\.js)"/g)].map(
    ([, name]) => name ?? '',
  );
  expect(names).toContain(entry);
  let total = 0;
  for (const name of names) {
    const answer = await agent.send(`/dashboard/assets/${name}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    total += Number(answer.headers['content-length']);
  }
  expect(total).toBeGreaterThan(100_000);
  expect(total).toBeLessThan(300_000);
});

test('the preview of the login page is framed by us alone, runs nothing, sends nothing, and obeys what it is asked', async () => {
  const agent = new Agent(freehold.issuer);
  const framed = { headers: { 'sec-fetch-dest': 'iframe' } };
  const asked =
    'primary=%23aa0055&page_background=%23ffffff&logo_url=https%3A%2F%2Fimages.example%2Flogo.png';
  const preview = await agent.send(`/dashboard/preview?${asked}`, framed);
  expect(preview.status).toBe(200);
  const policy = String(preview.headers['content-security-policy']);
  expect(policy.split('; ')).toEqual(
    expect.arrayContaining(["default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", 'sandbox']),
  );
  expect(policy).not.toContain('script-src');
  expect(preview.text).toContain('https://images.example/logo.png');
  const css = await agent.send(`/dashboard/preview/theme.css?${asked}`);
  expect(css.text).toContain('--color-primary:#aa0055');
  for (const [screen, heading] of [
    ['signup', 'Sign up'],
    ['login-id', 'Log in'],
    ['login-password', 'Enter your password'],
    ['constructor', 'Log in'],
  ]) {
    const { text } = await agent.send(`/dashboard/preview?screen=${screen}`, framed);
    expect(text).toContain(`<h1>${heading}</h1>`);
    expect(text).not.toMatch(/<script|autofocus/);
  }
  // What is no colour is pasted nowhere, and nobody is led there by a link.
  const forged = await agent.send('/dashboard/preview/theme.css?primary=%23000%3B%7D*%7Bdisplay%3Anone');
  expect(forged.text).toBe('');
  expect((await agent.send(`/dashboard/preview?${asked}`)).status).toBe(404);
});
