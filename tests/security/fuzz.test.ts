// Whatever anybody sends, to whatever endpoint: an answer in the endpoint's dialect, never a 5xx, and never a redirect
// to a place that nobody registered. A failure prints the seed and the path with which fast-check repeats it.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceGrant, deviceTenant, getCodes, television } from '../setup/device.ts';
import { authorizationUrl, callback, getTokens, newPkce, users, webSecret } from '../setup/flow.ts';
import { newKeyPair, signJwt } from '../setup/keys.ts';
import { createDatabase, type TestDatabase } from '../setup/postgres.ts';
import { type RawAnswer, sendRaw } from '../setup/raw.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { endpoints, otherEndpoints, pages, publicPaths } from './endpoints.ts';

const milliseconds = 5_000;

let freehold: Freehold;
/** Values that mean something to the server. */
let known: string[] = [];
/** What each endpoint is asked rightly, from which half of all requests start. */
let right: Record<string, [name: string, value: string][]> = {};
let cookies = '';
async function start(databaseUrl?: string): Promise<void> {
  const sample = deviceTenant({
    pushed_authorization_requests_supported: true,
    flags: { enable_dynamic_client_registration: true },
  });
  const key = newKeyPair('ES256');
  const more = {
    grant_types: ['authorization_code', 'refresh_token', 'implicit'],
    signed_request_object: { credentials: [{ alg: 'ES256', pem: key.pem }] },
  };
  freehold = await startFreehold({
    tenant: {
      ...sample,
      clients: [
        ...(sample.clients as object[]).slice(0, -1).map((client) => ({ ...client, ...more })),
        television,
      ],
    },
    users,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  });
  // A client whose refresh tokens do not rotate, so that the right request stays right.
  const web = { client_id: 'web', client_secret: webSecret };
  const authorize = { client_id: 'web', scope: 'openid offline_access' };
  const { tokens, code, agent } = await getTokens(freehold, { authorize, token: web });
  const { access_token, id_token = '', refresh_token = '' } = tokens;
  const page = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' }));
  const [state = '', csrf = ''] = ['state', 'csrf'].map((name) => hiddenField(page.text, name));
  cookies = [...agent.cookies].map((cookie) => cookie.join('=')).join('; ');
  const asks = { ...Object.fromEntries(authorizationUrl(freehold, newPkce()).searchParams), ...web };
  const pushed = (await agent.postForm('/oauth/par', asks)).json();
  const claims = { ...asks, iss: 'web', aud: freehold.issuer, client_secret: undefined };
  const request = await signJwt(key, claims, { typ: 'oauth-authz-req+jwt' });
  known = [access_token, id_token, refresh_token, code, state, csrf, ...agent.cookies.values()];
  const codes = await getCodes(freehold);
  known.push(request, String(pushed.request_uri), codes.device_code);
  expect(known.every((value) => value.length >= 43)).toBe(true);
  const spaUser = {
    client_id: 'spa',
    connection: 'Username-Password-Authentication',
    email: 'ada@example.com',
  };
  right = {
    '/authorize': [...authorizationUrl(freehold, newPkce()).searchParams],
    '/oauth/par': Object.entries(asks),
    '/oauth/token': Object.entries({ grant_type: 'refresh_token', ...web, refresh_token }),
    '/oauth/revoke': Object.entries({ client_id: 'spa', token: code }),
    '/oauth/introspect': Object.entries({ ...web, token: access_token }),
    '/oauth/device/code': Object.entries({ client_id: 'tv', scope: 'openid' }),
    '/activate': [['user_code', codes.user_code]],
    '/userinfo': [['access_token', access_token]],
    '/u/login': Object.entries({ state, csrf, username: 'ada@example.com', password: '', action: 'default' }),
    '/u/login/identifier': Object.entries({ state, csrf, username: 'ada@example.com', action: 'default' }),
    '/u/login/password': Object.entries({ state, csrf, username: 'ada@example.com', password: '' }),
    '/u/signup': Object.entries({ state, csrf, email: 'nobody', password: 'x' }),
    '/u/reset-password/request': Object.entries({ state, csrf, email: 'ada@example.com' }),
    '/dbconnections/signup': Object.entries({ ...spaUser, password: 'weak' }),
    '/dbconnections/change_password': Object.entries(spaUser),
    '/passwordless/start': Object.entries({ client_id: 'spa', connection: 'email', email: 'a@example.com' }),
    '/oidc/logout': Object.entries({
      id_token_hint: id_token,
      post_logout_redirect_uri: 'https://app.example/',
    }),
    '/v2/logout': Object.entries({ client_id: 'spa', returnTo: 'https://app.example/' }),
  };
}

function hiddenField(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
}

const paths = [
  ...[...endpoints, ...otherEndpoints].map(({ path }) => path),
  ...Object.keys(pages),
  ...publicPaths,
  '/nowhere',
];
const names =
  `client_id client_secret redirect_uri response_type response_mode scope state nonce code code_verifier
  code_challenge code_challenge_method grant_type refresh_token audience prompt max_age login_hint id_token_hint
  screen_hint acr_values ui_locales connection organization request request_uri registration resource token
  token_type_hint access_token returnTo post_logout_redirect_uri logout_hint csrf username email password action
  client_assertion dpop_jkt authorization_details correlation_id ext-a claims display realm otp device_code user_code subject_token send authParams phone_number ticket link user_metadata nickname
  __proto__ constructor toString`.split(/\s+/);
const words = [
  'spa',
  'web',
  'native',
  'third',
  'code',
  'query',
  'fragment',
  'form_post',
  'web_message',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'password',
  'http://auth0.com/oauth/grant-type/password-realm',
  'http://auth0.com/oauth/grant-type/passwordless/otp',
  deviceGrant,
  'email',
  'link',
  'Username-Password-Authentication',
  'tv',
  'S256',
  'plain',
  'token',
  'id_token',
  'code id_token token',
  'urn:ietf:params:oauth:request_uri:x',
  'eyJhbGciOiJub25lIiwidHlwIjoiand0In0.e30.',
  'none',
  'login',
  'consent',
  'openid',
  'offline_access',
  'accept',
  'deny',
  callback,
  'https://evil.example/',
  '//evil.example',
  'javascript:alert(1)',
  'https://app.example/',
  'http://127.0.0.1:99999/callback',
  'com.myclientapp://myclientapp.com/callback',
  'x'.repeat(43),
  '-1',
  '0',
  '99999999999999999999',
  '1e9',
  '"><svg onload=alert(1)>',
  "' or 1=1--",
  '\u0000',
  '\ud800',
  '\u202e',
  '%',
  '%00',
  '%zz',
  '\r\nSet-Cookie: a=b',
  '{"$ne":1}',
  '..',
  '[]',
  '\u{1f600}',
];

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.nat(20).map((index) => known[index % known.length] ?? '') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('', 'a'.repeat(3000)) },
);
const name = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.string() },
);
const parameters = fc.array(fc.tuple(name, value), { maxLength: 14 });

const encodings: Record<string, (pairs: [string, string][]) => string> = {
  'application/x-www-form-urlencoded': (pairs) => new URLSearchParams(pairs).toString(),
  'application/json': (pairs) => JSON.stringify(Object.fromEntries(pairs)),
  'application/json; charset=utf-16': (pairs) => JSON.stringify(pairs),
  'multipart/form-data; boundary=x': (pairs) => pairs.map(([, text]) => `--x\r\n\r\n${text}\r\n`).join(''),
  'text/plain': (pairs) => pairs.map((pair) => pair.join('=')).join('\n'),
};

const headerValue = fc.oneof(
  value,
  value.map((text) => `Bearer ${text}`),
  value.map((text) => `Basic ${Buffer.from(text).toString('base64')}`),
  fc.constant('text/html'),
);
const fuzzed = fc.record({
  method: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('GET', 'POST') },
    { weight: 1, arbitrary: fc.constantFrom('HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY') },
  ),
  path: fc.oneof(
    // Half of them with a right way to ask.
    fc.nat(99).map((index) => Object.keys(right)[index % Object.keys(right).length] ?? '/'),
    fc.constantFrom(...paths),
  ),
  startsRight: fc.boolean(),
  changes: fc.array(fc.tuple(name, value), { maxLength: 4 }),
  /** Changes are appended, so that parameters repeat; or they replace. */
  repeats: fc.boolean(),
  query: fc.oneof(fc.constant<[string, string][]>([]), parameters),
  contentType: fc.oneof(
    { weight: 3, arbitrary: fc.constant('application/x-www-form-urlencoded') },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(encodings)) },
  ),
  sendsCookies: fc.boolean(),
  headers: fc.dictionary(
    fc.constantFrom(
      'Authorization',
      'Origin',
      'Accept',
      'Auth0-Client',
      'DPoP',
      'Sec-Fetch-Site',
      'User-Agent',
      'X-Forwarded-For',
    ),
    headerValue,
    { maxKeys: 2 },
  ),
});
type Fuzzed = typeof fuzzed extends fc.Arbitrary<infer Value> ? Value : never;

function write(request: Fuzzed): string {
  const { method, path, startsRight, changes, repeats, query, contentType, sendsCookies, headers } = request;
  const start = startsRight ? (right[path] ?? []) : [];
  const pairs = repeats ? [...start, ...changes] : [...new Map([...start, ...changes])];
  const content = method === 'GET' ? '' : (encodings[contentType]?.(pairs) ?? '');
  const lines = Object.entries({ ...headers, ...(sendsCookies ? { Cookie: cookies } : {}) }).map(
    ([header, text]) => `${header}: ${text.replace(/[^\x20-\x7e\x80-\xff]/g, '')}`,
  );
  return [
    `${method} ${path}?${new URLSearchParams(method === 'GET' ? pairs : query)} HTTP/1.1`,
    `Host: localhost:${freehold.port}`,
    'Connection: close',
    ...(method === 'GET'
      ? []
      : [`Content-Type: ${contentType}`, `Content-Length: ${Buffer.byteLength(content)}`]),
    ...lines,
    '',
    content,
  ].join('\r\n');
}

/** Where an answer may send a browser: to ourselves, or to what the sample tenant registers. */
const registered = [callback, 'com.myclientapp://myclientapp.com/callback', 'https://app.example/'];
const loopbackCallback = /^http:\/\/127\.0\.0\.1(:\d{1,5})?\/callback[?#]/;

function expectSafe({ status, headers, text }: RawAnswer): void {
  expect(status).toBeLessThan(500);
  const location = headers.get('location');
  if (location !== undefined) {
    const isOwn = /^\/(?![/\\])/.test(location);
    const isRegistered = registered.some(
      (url) => location === url || location.startsWith(`${url}?`) || location.startsWith(`${url}#`),
    );
    expect(isOwn || isRegistered || loopbackCallback.test(location), location).toBe(true);
  }
  if (headers.get('content-type')?.startsWith('text/html')) {
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(text).not.toContain('<svg onload');
  }
}

function expectOAuthError({ status, headers, text }: RawAnswer): void {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const { error, error_description, ...others } = JSON.parse(text) as Record<string, unknown>;
  expect(others).toEqual({});
  expect(error).toMatch(/^[a-z_]+$/);
  // RFC 6749 §5.2 allows these characters; our own quotation marks are Auth0's (GL-14).
  expect(error_description).toMatch(/^[\x20-\x5b\x5d-\x7e]+$/);
  expect(status).toBeGreaterThanOrEqual(400);
}

describe.each(['SQLite', 'PostgreSQL'])('on %s', (engine) => {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = engine === 'SQLite' ? undefined : await createDatabase();
    await start(database?.url);
  });
  afterAll(async () => {
    await freehold.stop();
    await database?.drop();
  });

  test('every endpoint answers every parameter in its own dialect', async () => {
    const property = fc.asyncProperty(fuzzed, async (request) => {
      const answer = await sendRaw(freehold.port, write(request));
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expectSafe(answer);
      const speaksOAuth = endpoints.some(({ path }) => path === request.path);
      const isAnswered = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(request.method);
      if (speaksOAuth && isAnswered && answer.status >= 400 && answer.status !== 414)
        expectOAuthError(answer);
    });
    await fc.assert(property, { numRuns: 4_000, interruptAfterTimeLimit: milliseconds });
  });

  test('a request whose bytes are broken is refused, and the server goes on', async () => {
    const { pathname, search, host } = authorizationUrl(freehold, newPkce());
    const requests = [
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `POST /oauth/token HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n{"grant_type":"x","code":"y" } `,
      `GET /u/login?state=x HTTP/1.1\r\nHost: ${host}\r\nCookie: freehold_browser_${freehold.port}=x\r\nConnection: close\r\n\r\n`,
    ].map((request) => Buffer.from(request));
    const change = fc.record({
      at: fc.nat(),
      removed: fc.nat(3),
      inserted: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc
          .constantFrom(
            '\r\n',
            '\r\n\r\n',
            '\0',
            ' ',
            '\t',
            '\n',
            ':',
            'Host: evil.example\r\n',
            'Transfer-Encoding: chunked\r\n',
            '//',
            '%',
          )
          .map((text) => Buffer.from(text)),
      ),
    });
    const property = fc.asyncProperty(
      fc.nat(2),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (index, changes) => {
        const broken = changes.reduce((bytes, { at, removed, inserted }) => {
          const place = at % bytes.length;
          return Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place + removed)]);
        }, requests[index] ?? Buffer.alloc(0));
        expectSafe(await sendRaw(freehold.port, broken, 100));
      },
    );
    await fc.assert(property, { numRuns: 3_000, interruptAfterTimeLimit: milliseconds });
    expect(
      (await sendRaw(freehold.port, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))
        .status,
    ).toBe(200);
  });
});
