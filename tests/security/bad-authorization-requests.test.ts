// Authorization requests that nobody should send: a page until the callback is trusted, the callback from there on.
// Mirrors Keycloak CVE-2026-9689 (parameter pollution).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { authorizationUrl, callback, newPkce, sampleTenant, users } from '../setup/flow.ts';
import { type RawAnswer, sendRaw } from '../setup/raw.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const form = 'application/x-www-form-urlencoded';

let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});
afterAll(() => freehold.stop());

function post(path: string, body: string, contentType = form): Promise<Answer> {
  const headers = { 'content-type': contentType };
  return new Agent(freehold.issuer).send(path, { method: 'POST', headers, body });
}

function expectPage(answer: Answer, status: number, text: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text.replaceAll('&#39;', "'")).toContain(text);
}

function raw(line: string): Promise<RawAnswer> {
  return sendRaw(freehold.port, `${line}\r\nHost: localhost:${freehold.port}\r\nConnection: close\r\n\r\n`);
}

describe('an authorization request', () => {
  const authorize = (query: string) => new Agent(freehold.issuer).send(`/authorize?${query}`);
  const right = () => authorizationUrl(freehold, newPkce()).searchParams.toString();

  test.each(['client_id', 'redirect_uri', 'response_type', 'response_mode', 'state'])(
    'GL-10: a repeated %s is a page, 400',
    async (name) => {
      const twice = `${name}=${name === 'redirect_uri' ? encodeURIComponent(callback) : 'x'}`;
      expectPage(
        await authorize(`${right()}&${twice}&${twice}`),
        400,
        `Parameter '${name}' must not be repeated`,
      );
    },
  );

  test.each(['scope', 'nonce', 'audience', 'prompt', 'code_challenge', 'code', 'error', 'unheard_of'])(
    'GL-10: a repeated %s is refused at the callback, which gets each parameter once',
    async (name) => {
      const { status, location } = await authorize(`${right()}&${name}=a&${name}=b`);
      expect(status).toBe(302);
      expect(`${location?.origin}${location?.pathname}`).toBe(callback);
      expect([...(location?.searchParams ?? [])]).toEqual([
        ['error', 'invalid_request'],
        ['error_description', `Parameter '${name}' must not be repeated`],
        ['state', 'xyzABC123'],
      ]);
    },
  );

  test.each(['%zz', '%c3%28', '%ed%a0%80', '%00'])(
    '%s in any value is a page, 400, also with a right callback',
    async (value) => {
      expectPage(
        await authorize(`${right()}&nonce=${value}`),
        400,
        'invalid_request: The request has a parameter',
      );
      expectPage(
        await post('/authorize', `${right()}&nonce=${value}`),
        400,
        'invalid_request: The request has a parameter',
      );
    },
  );

  test.each([
    ['text/plain', 'The request body must be'],
    ['application/json', 'The request body is not valid JSON'],
  ])('AZ-2: a POST of %s that cannot be read is a page, 400', async (contentType, text) => {
    expectPage(await post('/authorize', right(), contentType), 400, text);
  });

  test.each([8193, 12_000])('GL-12: a URL of %i characters is 414', async (length) => {
    const url = `/authorize?${right()}&x=`;
    const answer = await new Agent(freehold.issuer).send(`${url}${'x'.repeat(length - url.length)}`);
    expect([answer.status, answer.headers.location]).toEqual([414, undefined]);
  });

  test('a URL beyond all limits of headers is refused', async () => {
    const answer = await raw(`GET /authorize?x=${'x'.repeat(40_000)} HTTP/1.1`);
    expect([414, 431]).toContain(answer.status);
  });

  test('GL-12: a URL of 8192 characters is read', async () => {
    const url = `/authorize?${right()}&x=`;
    const answer = await new Agent(freehold.issuer).send(`${url}${'x'.repeat(8192 - url.length)}`);
    expect(answer.status).toBe(302);
    expect(answer.location?.pathname).toBe('/u/login');
  });

  test.each(['a'.repeat(6000), '\u{1f600}', 'a b+c%20d&e=f#g', '"><script>', '\r\nSet-Cookie: a=b'])(
    'AZ-9: state %j comes back as it was sent',
    async (state) => {
      const { status, location, headers } = await new Agent(freehold.issuer).send(
        authorizationUrl(freehold, newPkce(), { prompt: 'none', state }),
      );
      expect(status).toBe(302);
      expect(headers['set-cookie']).toBeUndefined();
      expect(location?.searchParams.getAll('state')).toEqual([state]);
    },
  );

  test.each([
    ['max_age', '-1', 'max_age must be a whole number of seconds'],
    ['max_age', '1e3', 'max_age must be a whole number of seconds'],
    ['max_age', '99999999999', 'max_age must be a whole number of seconds'],
    ['prompt', 'none login', 'prompt none must not be combined with other values'],
    ['prompt', 'NONE', 'Unsupported prompt'],
    ['code_challenge', 'x', 'code_challenge is malformed'],
    ['code_challenge', `${'x'.repeat(42)}=`, 'code_challenge is malformed'],
    ['response_mode', 'constructor', 'Unsupported response mode: constructor'],
    ['connection', "' or 1=1--", 'the connection was not found'],
    ['id_token_hint', 'a.b.c', 'id_token_hint is not an ID token of this issuer'],
  ])('AZ-50: %s=%s is invalid_request at the callback', async (name, value, description) => {
    const { location } = await new Agent(freehold.issuer).send(
      authorizationUrl(freehold, newPkce(), { [name]: value }),
    );
    expect(`${location?.origin}${location?.pathname}`).toBe(callback);
    expect(location?.searchParams.get('error')).toBe('invalid_request');
    expect(location?.searchParams.get('error_description')).toBe(description);
  });
});
