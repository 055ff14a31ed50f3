// Mirrors Keycloak CVE-2023-6291 and CVE-2026-9689, Fosite CVE-2020-15234 and Cloudflare workers-oauth-provider
// CVE-2025-4144, by the other ways in which a request may come: what is refused in the query is refused when it is pushed
// or signed, and what stands beside a pushed or signed request never counts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  getTokens,
  newPkce,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { newKeyPair, signJwt } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { mutantsOf } from './mutants.ts';

const key = newKeyPair('ES256');
const lines: string[] = [];
let freehold: Freehold;
/** Ada is signed in here: whatever is accepted is answered with a code. */
let signedIn: Agent;
beforeAll(async () => {
  const web = {
    ...spa,
    name: 'Web',
    client_id: 'web',
    client_secret: webSecret,
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    signed_request_object: { credentials: [{ alg: 'ES256', pem: key.pem }] },
  };
  freehold = await startFreehold({
    tenant: sampleTenant({
      tenant: { pushed_authorization_requests_supported: true },
      clients: [spa, web],
    }),
    users,
    onLogLine: (line) => lines.push(line),
  });
  ({ agent: signedIn } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

type Fields = Record<string, string | undefined>;

/** The members of a valid request of the client `web`. */
function request(overrides: Fields = {}): Record<string, string> {
  const url = authorizationUrl(freehold, newPkce(), { client_id: 'web', ...overrides });
  return Object.fromEntries(url.searchParams);
}

function push(fields: Record<string, string>): Promise<Answer> {
  return new Agent(freehold.issuer).postForm('/oauth/par', { ...fields, client_secret: webSecret });
}

function sign(fields: Record<string, string>): Promise<string> {
  const claims = { ...fields, iss: 'web', aud: freehold.issuer };
  return signJwt(key, claims, { typ: 'oauth-authz-req+jwt' });
}

function authorize(fields: Record<string, string>): Promise<Answer> {
  return signedIn.send(`/authorize?${new URLSearchParams({ client_id: 'web', ...fields })}`);
}

describe('CB-1: every mutant of the callback', () => {
  test.each(mutantsOf(callback))('%s', async (_name, redirect_uri) => {
    const pushed = await push(request({ redirect_uri }));
    expect([pushed.status, pushed.json().error]).toEqual([400, 'invalid_request']);
    const signed = await authorize({
      request: await sign(request({ redirect_uri })),
      redirect_uri: callback,
    });
    expect([signed.status, signed.location]).toEqual([403, undefined]);
    const beside = await authorize({ request: await sign(request()), redirect_uri });
    expect(beside.location?.href.startsWith(`${callback}?code=`)).toBe(true);
  });
});

describe('GL-10: nothing outside changes what was pushed or signed', () => {
  const outside: Fields[] = [
    { redirect_uri: 'https://evil.example/' },
    { response_mode: 'fragment' },
    { response_type: 'token' },
    { state: 'of-somebody-else' },
    { code_challenge: newPkce().code_challenge },
    { code_challenge_method: 'plain' },
    { scope: 'openid offline_access' },
    { audience: 'https://orders.example/' },
    { prompt: 'login' },
    { nonce: 'of-somebody-else' },
    { dpop_jkt: 'a'.repeat(43) },
  ];

  async function boundTo(answer: Answer): Promise<unknown> {
    const code = answer.location?.searchParams.get('code');
    expect(answer.location?.searchParams.get('state')).toBe('xyzABC123');
    const [row] = freehold.execute(
      `select redirect_uri, code_challenge is not null as challenged, nonce, scope, audience, dpop_jkt
       from authorization_code order by rowid desc limit 1`,
    );
    expect(code).toMatch(/^[\w-]{52}$/);
    return row;
  }
  const asked = {
    redirect_uri: callback,
    challenged: 1,
    nonce: null,
    scope: '["openid","profile","email"]',
    audience: null,
    dpop_jkt: null,
  };

  test.each(outside)('%j', async (fields) => {
    const { request_uri } = (await push(request())).json();
    const beside = fields as Record<string, string>;
    expect(await boundTo(await authorize({ request_uri: String(request_uri), ...beside }))).toEqual(asked);
    expect(await boundTo(await authorize({ request: await sign(request()), ...beside }))).toEqual(asked);
  });
});

test('RFC 7636 §4.4.1: a challenge method that is refused in the query is refused by every other way', async () => {
  const weak = request({ code_challenge_method: 'plain' });
  expect((await push(weak)).json().error_description).toBe('transform algorithm not supported');
  const { location } = await authorize({ request: await sign(weak) });
  expect(location?.searchParams.get('error_description')).toBe('transform algorithm not supported');
});

test('RM-2: no token in a query, by whatever way it is asked for', async () => {
  const asks = request({ response_type: 'token id_token', response_mode: 'query', nonce: 'n' });
  expect((await push(asks)).json().error).toBe('invalid_request');
  const { location } = await authorize({ request: await sign(asks) });
  expect([location?.search, location?.hash.includes('access_token')]).toEqual(['', false]);
});

test('XSS: markup in what is pushed or signed is text on every page that carries it', async () => {
  const markup = '"><svg onload=alert(1)>';
  const fields = request({ state: markup, response_mode: 'form_post', login_hint: markup, 'ext-a': markup });
  const { request_uri } = (await push(fields)).json();
  for (const answer of [
    await authorize({ request_uri: String(request_uri) }),
    await authorize({ request: await sign(fields) }),
    await authorize({ request: await sign({ ...fields, redirect_uri: `https://evil.example/${markup}` }) }),
    await authorize({ request: markup }),
    await authorize({ request_uri: markup }),
  ]) {
    expect(answer.text).not.toContain('<svg onload');
  }
});

test('the log holds neither a reference, nor a signed request, nor a token that came by the browser', async () => {
  lines.length = 0;
  const { request_uri } = (await push(request({ state: 'state-for-the-client-alone' }))).json();
  const signed = await sign(request());
  const code = (await authorize({ request_uri: String(request_uri) })).location?.searchParams.get('code');
  await authorize({ request: signed });
  await authorize({ request: `${signed}x` });
  const asks = { client_id: 'web', response_type: 'token id_token', nonce: 'nonce-for-the-client' };
  const { location } = await signedIn.send(authorizationUrl(freehold, newPkce(), asks));
  const tokens = new URLSearchParams(location?.hash.slice(1));
  await new Agent(freehold.issuer).send('/health');
  const written = lines.join('') + JSON.stringify(await freehold.logEntries());
  const secrets = [
    String(request_uri).slice(-43),
    signed,
    code,
    tokens.get('access_token'),
    tokens.get('id_token'),
    webSecret,
    'state-for-the-client-alone',
    'nonce-for-the-client',
  ];
  for (const secret of secrets) {
    expect(secret).toMatch(/^.{16,}$/);
    expect(written.includes(String(secret))).toBe(false);
  }
  expect(written).toContain('/oauth/par');
});
