// What nobody should send, and the answer that the contract gives to each: parameters, tokens, request lines and headers.
// What every endpoint has in common is tried in bad-endpoints.test.ts. Mirrors Keycloak CVE-2026-9689 (parameter pollution).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { getTokens, sampleTenant, users } from '../setup/flow.ts';
import { type RawAnswer, sendRaw } from '../setup/raw.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});
afterAll(() => freehold.stop());

function post(path: string, body: string, contentType: string | undefined = form): Promise<Answer> {
  const headers: Record<string, string> = contentType === '' ? {} : { 'content-type': contentType };
  return new Agent(freehold.issuer).send(path, { method: 'POST', headers, body });
}

function expectOAuthError(answer: Answer, status: number, error: string, error_description: string): void {
  expect([answer.status, answer.json()]).toEqual([status, { error, error_description }]);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers.pragma).toBe('no-cache');
}

function expectPage(answer: Answer, status: number, text: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text.replaceAll('&#39;', "'")).toContain(text);
}

function raw(lines: string[], body: string | Buffer = ''): Promise<RawAnswer> {
  const head = Buffer.from(`${[...lines, 'Connection: close', '', ''].join('\r\n')}`, 'latin1');
  return sendRaw(freehold.port, Buffer.concat([head, Buffer.from(body)]));
}

const host = () => `Host: localhost:${freehold.port}`;

describe('the parameters of a token request', () => {
  test.each([
    ['nothing', '', 'Missing required parameter: grant_type'],
    ['a grant_type without value', 'grant_type=', 'Missing required parameter: grant_type'],
    ['no client_id', 'grant_type=authorization_code', 'Missing required parameter: client_id'],
    [
      'an empty client_id',
      'grant_type=authorization_code&client_id=',
      'Missing required parameter: client_id',
    ],
    ['no code', 'grant_type=authorization_code&client_id=spa', 'Missing required parameter: code'],
    [
      'an empty code',
      'grant_type=authorization_code&client_id=spa&code=',
      'Missing required parameter: code',
    ],
    [
      'no refresh_token',
      'grant_type=refresh_token&client_id=spa',
      'Missing required parameter: refresh_token',
    ],
  ])('TK-8, AC-20, GL-11: %s', async (_name, body, description) => {
    expectOAuthError(await post('/oauth/token', body), 400, 'invalid_request', description);
  });

  test.each([
    'AUTHORIZATION_CODE',
    'authorization_code ',
    '__proto__',
    'constructor',
    '\u{1f600}',
    'x'.repeat(9999),
  ])('TK-9: grant_type %s is unsupported_grant_type', async (grant_type) => {
    const answer = await post(
      '/oauth/token',
      new URLSearchParams({ grant_type, client_id: 'spa' }).toString(),
    );
    expectOAuthError(answer, 400, 'unsupported_grant_type', 'Grant type not supported');
  });

  test.each(['grant_type', 'client_id', 'code', 'code_verifier', 'redirect_uri', 'scope', 'unheard_of'])(
    'GL-10, RFC 6749 §3.2: a repeated %s is invalid_request',
    async (name) => {
      const answer = await post(
        '/oauth/token',
        `grant_type=authorization_code&client_id=spa&code=x&${name}=a&${name}=a`,
      );
      expectOAuthError(answer, 400, 'invalid_request', `Parameter '${name}' must not be repeated`);
    },
  );

  test.each(['grant_type', 'client_id', 'code'])(
    'TK-1, TK-2: %s of a JSON type that is no string is invalid_request',
    async (name) => {
      for (const value of [1, true, ['a'], { $ne: '' }]) {
        const body = { grant_type: 'authorization_code', client_id: 'spa', code: 'x', [name]: value };
        const answer = await post('/oauth/token', JSON.stringify(body), json);
        expectOAuthError(answer, 400, 'invalid_request', `Parameter '${name}' must be a string`);
      }
    },
  );

  test.each([1, true, { a: 1 }, ['openid', 1]])('TK-16: scope %j is invalid_scope', async (scope) => {
    const body = {
      grant_type: 'refresh_token',
      client_id: 'spa',
      refresh_token: (await offline()).refresh_token,
      scope,
    };
    const answer = await post('/oauth/token', JSON.stringify(body), json);
    expectOAuthError(answer, 400, 'invalid_scope', 'Scope must be an array or a string');
  });

  test.each(['\u0000', '\ud800', 'a\u0000b'])('TK-2: %j in JSON is invalid_request', async (code) => {
    const body = { grant_type: 'authorization_code', client_id: 'spa', code };
    const answer = await post('/oauth/token', JSON.stringify(body), json);
    expectOAuthError(answer, 400, 'invalid_request', "Parameter 'code' has an ill-formed character");
  });

  test.each(['Basic', 'Basic !!!!', 'Basic c3Bh', `Basic ${Buffer.from('a\0b:c').toString('base64')}`])(
    'CA-2: Authorization %j is invalid_request',
    async (authorization) => {
      const answer = await new Agent(freehold.issuer).postForm(
        '/oauth/token',
        { grant_type: 'refresh_token' },
        { authorization },
      );
      expectOAuthError(answer, 400, 'invalid_request', 'The Authorization header is malformed');
    },
  );

  test('GL-14: what is reflected has no quotation mark, backslash, control or foreign character, and an end', async () => {
    const name = `"\\\r\n\u202e\u00e9${'x'.repeat(500)}`;
    const body = new URLSearchParams([
      ['grant_type', 'x'],
      [name, '1'],
      [name, '2'],
    ]).toString();
    const description = `Parameter '??????${'x'.repeat(194)}' must not be repeated`;
    expectOAuthError(await post('/oauth/token', body), 400, 'invalid_request', description);
  });

  async function offline() {
    return (await getTokens(freehold, { authorize: { scope: 'openid offline_access' } })).tokens;
  }
});

describe('an access token at /userinfo', () => {
  test('RFC 6750 §3.1: a repeated access_token is invalid_request', async () => {
    const twice = 'access_token=a&access_token=b';
    const description = "Parameter 'access_token' must not be repeated";
    expectOAuthError(await post('/userinfo', twice), 400, 'invalid_request', description);
    expectOAuthError(
      await new Agent(freehold.issuer).send(`/userinfo?${twice}`),
      400,
      'invalid_request',
      description,
    );
  });

  test('UI-1, RFC 6750 §2: one in the header and one in the body is invalid_request', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.postForm('/userinfo', { access_token: 'a' }, { authorization: 'Bearer a' });
    const description = 'The request carries the access token in more than one way';
    expectOAuthError(answer, 400, 'invalid_request', description);
  });

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer "a"',
    'Bearer a,b',
    'Basic YTpi',
    'Token a',
    '\u00ff',
  ])('RFC 6750 §2.1: Authorization %j is no access token', async (authorization) => {
    const answer = await new Agent(freehold.issuer).send('/userinfo', { headers: { authorization } });
    const error_description = 'The access token is invalid or has expired';
    expectOAuthError(answer, 401, 'invalid_token', error_description);
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer error="invalid_token", error_description="${error_description}"`,
    );
  });

  test('TK-2: malformed JSON is 400 invalid_request', async () => {
    expectOAuthError(
      await post('/userinfo', '{', json),
      400,
      'invalid_request',
      'The request body is not valid JSON',
    );
  });
});

describe('a page of ours', () => {
  const paths = [
    '/u/login',
    '/u/login/identifier',
    '/u/login/password',
    '/u/signup',
    '/u/consent',
    '/u/confirm-callback',
    '/u/logout',
  ];

  test.each(paths)('AZ-66: a POST to %s without a transaction is a page, 400', async (path) => {
    expectPage(await post(path, 'state=x&csrf=y'), 400, 'invalid_request');
  });
});

describe('a request line or header that HTTP does not know', () => {
  test.each([
    ['no HTTP', 'nonsense'],
    ['a lower-case method', 'get / HTTP/1.1'],
    ['a version of the future', 'GET / HTTP/3.0'],
    ['a space in the target', 'GET /a b HTTP/1.1'],
    ['a control character in the target', 'GET /a\x01b HTTP/1.1'],
  ])('%s is 400', async (_name, line) => {
    expect((await raw([line, host()])).status).toBe(400);
  });

  test.each([
    ['a header without a name', ': x'],
    ['a header without a colon', 'nonsense'],
    ['a header with a space before its colon', 'Accept : x'],
    ['a header with a NUL', 'Accept: a\0b'],
    ['a length that is no number', 'Content-Length: x'],
    ['a negative length', 'Content-Length: -1'],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2'],
    ['a length beside chunks', 'Content-Length: 1\r\nTransfer-Encoding: chunked'],
    ['two hosts', 'Host: evil.example'],
  ])('RFC 9112: %s is 400 or 421', async (_name, header) => {
    const { status, headers } = await raw(['POST /oauth/token HTTP/1.1', host(), header]);
    expect([400, 421]).toContain(status);
    expect(headers.get('location')).toBeUndefined();
  });

  test('SE-9: headers of 20,000 characters are 431', async () => {
    expect((await raw(['GET / HTTP/1.1', host(), `Cookie: ${'a'.repeat(20_000)}`])).status).toBe(431);
  });

  test.each([
    '/assets/%zz',
    '/assets/%',
    '/%c3%28',
    '/assets/%00',
    '/assets/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/assets/%2e%2e/x',
    `/assets/${'x'.repeat(300)}`,
  ])('path traversal: GET %s is refused, with the headers that every answer has', async (path) => {
    const { status, headers, text } = await raw([`GET ${path} HTTP/1.1`, host()]);
    expect([400, 404]).toContain(status);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).not.toContain('devDependencies');
  });

  test.each(['POST', 'PUT'])('%s of an unreadable body to nowhere is 4xx in JSON', async (method) => {
    for (const [contentType, body] of [
      ['text/plain', 'x'],
      [json, '{'],
      [form, '%zz'],
    ] as const) {
      const answer = await new Agent(freehold.issuer).send('/nowhere', {
        method,
        body,
        headers: { 'content-type': contentType },
      });
      expect(answer.json()).toMatchObject({ statusCode: answer.status });
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
  });
});
