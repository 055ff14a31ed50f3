// The token endpoint around its grants: bodies, methods, grant types, the shape of answers and of refusals.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  claimsOf,
  getCode,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Logged in once; each test gets a code of its own from its session. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  const codeOnly = { ...spa, name: 'Code only', client_id: 'code-only', grant_types: ['authorization_code'] };
  const none = { ...spa, name: 'No grant', client_id: 'no-grant', grant_types: ['implicit'] };
  tenant.clients = [...(tenant.clients as unknown[]), codeOnly, none];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const form = { 'content-type': 'application/x-www-form-urlencoded' };

test('TK-1, SD-51, SD-52: JSON and form bodies are answered alike', async () => {
  const first = await getCode(freehold, { agent });
  const second = await getCode(freehold, { agent });
  const asForm = await agent.postForm('/oauth/token', tokenRequest(first.pkce, first.code));
  const asJson = await agent.postJson('/oauth/token', tokenRequest(second.pkce, second.code));
  expect([asForm.status, asJson.status]).toEqual([200, 200]);
  expect(Object.keys(asJson.json())).toEqual(Object.keys(asForm.json()));
  expect(claimsOf(String(asJson.json().id_token))).toMatchObject({ sub: 'auth0|0123456789abcdef01234567' });
});

test('SD-51: the media type is compared without case, and may have parameters', async () => {
  for (const type of [
    'Application/JSON',
    'application/json; charset=utf-8',
    'APPLICATION/JSON;charset=UTF-8',
  ]) {
    const { code, pkce } = await getCode(freehold, { agent });
    const answer = await agent.postJson('/oauth/token', tokenRequest(pkce, code), { 'content-type': type });
    expect([type, answer.status]).toEqual([type, 200]);
  }
});

test('TK-5, TK-7, GL-8, SD-64, SD-67, SD-68, SD-69, AC-17, DIS-18: the members of the answer and its headers', async () => {
  const { code, pkce } = await getCode(freehold, {
    agent,
    authorize: { scope: 'openid offline_access', audience },
  });
  const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code));
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers.pragma).toBe('no-cache');
  expect(answer.json()).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    refresh_token: expect.stringMatching(/^[\w-]{52}$/),
    id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    scope: 'openid offline_access',
    expires_in: 86_400,
    token_type: 'Bearer',
  });
  const { exp, iat } = claimsOf(String(answer.json().access_token));
  expect(Number(exp) - Number(iat)).toBe(86_400);
});

test('TK-6: scope is always answered, with what was granted', async () => {
  const { tokens } = await getTokens(freehold, {
    agent,
    authorize: { scope: 'openid favorite_color read:orders delete:orders', audience },
  });
  expect(tokens.scope).toBe('openid read:orders');
});

test('TK-2, SD-54: malformed JSON, as with a trailing comma, is 400 invalid_request', async () => {
  for (const body of ['{"grant_type":"authorization_code",}', '{', '', 'null', '[]', '"text"', '1']) {
    const answer = await agent.postJson('/oauth/token', body);
    expect([body, answer.status, answer.json().error]).toEqual([body, 400, 'invalid_request']);
    expect(answer.json().error_description).toEqual(expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/));
  }
});

test('TK-3: another content type, or none, is 400 invalid_request', async () => {
  const expected = {
    status: 400,
    error: 'invalid_request',
    error_description: 'The request body must be application/x-www-form-urlencoded or application/json',
  };
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml']) {
    const answer = await agent.send('/oauth/token', {
      method: 'POST',
      headers: { 'content-type': type },
      body: 'x',
    });
    expect(refusalOf(answer)).toEqual(expected);
  }
  expect(refusalOf(await agent.send('/oauth/token', { method: 'POST' }))).toEqual({
    ...expected,
    error_description: 'Missing required parameter: grant_type',
  });
});

test('TK-4: every method but POST is 405 method_not_allowed', async () => {
  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await agent.send('/oauth/token', { method });
    expect(refusalOf(answer)).toEqual({
      status: 405,
      error: 'method_not_allowed',
      error_description: 'Only POST is allowed here',
    });
    expect(answer.headers.allow).toBe('POST, OPTIONS');
  }
  expect((await agent.send('/oauth/token', { method: 'HEAD' })).status).toBe(405);
});

test('TK-8, SD-57: a missing or empty grant_type is 400 invalid_request', async () => {
  const expected = {
    status: 400,
    error: 'invalid_request',
    error_description: 'Missing required parameter: grant_type',
  };
  expect(refusalOf(await agent.postForm('/oauth/token', { client_id: 'spa' }))).toEqual(expected);
  expect(refusalOf(await agent.postForm('/oauth/token', { client_id: 'spa', grant_type: '' }))).toEqual(
    expected,
  );
  expect(refusalOf(await agent.postJson('/oauth/token', { client_id: 'spa', grant_type: null }))).toEqual(
    expected,
  );
});

test('TK-9, TK-11, SD-57: a grant type that is not ours is 400 unsupported_grant_type', async () => {
  const others = [
    'http://auth0.com/oauth/grant-type/mfa-otp',
    'urn:openid:params:grant-type:ciba',
    'AUTHORIZATION_CODE',
    'authorization_code ',
    '__proto__',
  ];
  for (const grant_type of others) {
    const answer = await agent.postForm('/oauth/token', { client_id: 'spa', grant_type });
    expect([grant_type, refusalOf(answer)]).toEqual([
      grant_type,
      { status: 400, error: 'unsupported_grant_type', error_description: 'Grant type not supported' },
    ]);
  }
});

test.each([
  ['no-grant', 'authorization_code'],
  ['code-only', 'refresh_token'],
])(
  'TK-10, SD-5: client %s, for which %s is not enabled, gets 403 unauthorized_client',
  async (client_id, grant_type) => {
    const answer = await agent.postForm('/oauth/token', {
      client_id,
      grant_type,
      code: 'x',
      refresh_token: 'x',
    });
    expect(refusalOf(answer)).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: `Grant type '${grant_type}' not allowed for the client.`,
    });
  },
);

test('TK-16: scope may be a JSON array; another type is 400 invalid_scope', async () => {
  const { tokens } = await getTokens(freehold, {
    agent,
    authorize: { scope: 'openid profile offline_access' },
  });
  const { refresh_token } = tokens;
  for (const scope of [5, { openid: true }, [1], true]) {
    expect(
      refusalOf(await agent.postJson('/oauth/token', { ...refreshRequest(refresh_token), scope })),
    ).toEqual({
      status: 400,
      error: 'invalid_scope',
      error_description: 'Scope must be an array or a string',
    });
  }
  const answer = await agent.postJson('/oauth/token', {
    ...refreshRequest(refresh_token),
    scope: ['openid', 'offline_access'],
  });
  expect([answer.status, answer.json().scope]).toEqual([200, 'openid offline_access']);
});

test('TK-2: a JSON member of the wrong type is 400 invalid_request, naming it', async () => {
  const { code, pkce } = await getCode(freehold, { agent });
  for (const name of ['grant_type', 'client_id', 'code', 'redirect_uri', 'code_verifier']) {
    const answer = await agent.postJson('/oauth/token', { ...tokenRequest(pkce, code), [name]: ['x'] });
    expect(refusalOf(answer)).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: `Parameter '${name}' must be a string`,
    });
  }
});

test('RFC 6749 §3.2, GL-10: a parameter that comes twice is 400 invalid_request', async () => {
  const { code, pkce } = await getCode(freehold, { agent });
  const body = new URLSearchParams(tokenRequest(pkce, code));
  body.append('code', code);
  const answer = await agent.send('/oauth/token', { method: 'POST', headers: form, body: body.toString() });
  expect([answer.status, answer.json().error]).toEqual([400, 'invalid_request']);
  body.delete('code');
  body.append('code', code);
  const once = await agent.send('/oauth/token', { method: 'POST', headers: form, body: body.toString() });
  expect(once.status).toBe(200);
});

test('GL-9, AC-19: parameters that nobody asked for are ignored, audience among them', async () => {
  const { code, pkce } = await getCode(freehold, { agent, authorize: { scope: 'openid' } });
  const extra = { my_param: 'test', audience, DPoP: 'x' };
  const answer = await agent.postJson('/oauth/token', {
    ...tokenRequest(pkce, code),
    ...extra,
    nested: { a: 1 },
  });
  expect(answer.status).toBe(200);
  expect(String(answer.json().access_token).split('.')).toHaveLength(5);
});

test('GL-6: the Auth0-Client header is accepted, and kept in the tenant log', async () => {
  const { code, pkce } = await getCode(freehold, { agent });
  const header = Buffer.from(JSON.stringify({ name: 'auth0-spa-js', version: '2.1.3' })).toString('base64');
  const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code), { 'auth0-client': header });
  expect(answer.status).toBe(200);
  expect((await freehold.logEntries()).at(-1)).toMatchObject({
    type: 'seacft',
    auth0_client: '{"name":"auth0-spa-js","version":"2.1.3"}',
  });
});
