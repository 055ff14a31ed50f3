// Errors that nobody but the person can be told: client or callback is not trusted (contract AZ-50 to AZ-59).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { authorizationUrl, newPkce, responseOf, sampleTenant, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let agent: Agent;
const pkce = newPkce();

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      tenant: {
        friendly_name: 'Acme & Sons',
        picture_url: 'https://acme.example/logo.png',
        support_email: 'help@acme.example',
        support_url: 'https://acme.example/help',
      },
    }),
    users,
  });
  agent = new Agent(freehold.issuer);
});

afterAll(() => freehold.stop());

function ask(overrides: Record<string, string | undefined>): Promise<Answer> {
  return agent.send(authorizationUrl(freehold, pkce, overrides));
}

function expectPage(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(answer.headers['cache-control']).toContain('no-store');
}

describe('RFC 6749 §4.1.2.1: "MUST NOT automatically redirect the user-agent"', () => {
  test('AZ-52, AZ-59: a request without any parameter is 400', async () => {
    const answer = await agent.send('/authorize');
    expectPage(answer, 400);
    expect(answer.text).toContain('invalid_request: Missing required parameter: response_type');
  });

  test('AZ-52, AZ-51: response_type is missed first', async () => {
    const answer = await ask({
      response_type: undefined,
      client_id: 'nobody',
      redirect_uri: 'https://evil.example/',
    });
    expectPage(answer, 400);
    expect(answer.text).toContain('invalid_request: Missing required parameter: response_type');
  });

  test('AZ-4, AZ-53: no client_id', async () => {
    for (const client_id of [undefined, '']) {
      const answer = await ask({ client_id });
      expectPage(answer, 400);
      expect(answer.text).toContain('invalid_request: Missing required parameter: client_id');
    }
  });

  test('SD-27, AZ-54: an unknown client', async () => {
    const answer = await ask({ client_id: 'nobody' });
    expectPage(answer, 400);
    expect(answer.text).toContain('invalid_request: Unknown client: nobody');
  });

  test('AZ-54: what is repeated on the page is text', async () => {
    const answer = await ask({ client_id: '<img src=x onerror=alert(1)>' });
    expectPage(answer, 400);
    expect(answer.text).not.toContain('<img src=x');
    expect(answer.text).toContain('Unknown client: &lt;img src=x');
  });

  test('SD-3, SD-46, AZ-5, AZ-55, AZ-59: a callback that is not registered is 403', async () => {
    const redirect_uri = 'https://evil.example/callback?a="<b>';
    const answer = await ask({ redirect_uri });
    expectPage(answer, 403);
    expect(answer.text).toContain('Callback URL mismatch.');
    expect(answer.text).toContain('The provided redirect_uri is not in the list of allowed callback URLs');
    expect(answer.text).toContain('Application Settings page');
    expect(answer.text).toContain('https://evil.example/callback?a=');
    expect(answer.text).not.toContain('<b>');
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'f',
      client_id: 'spa',
      description: 'https://evil.example/callback?a=?<b> is not in the list of allowed callback URLs',
    });
  });

  test('AZ-56: no redirect_uri, and the client has more than one', async () => {
    const answer = await ask({ client_id: 'native', redirect_uri: undefined });
    expectPage(answer, 400);
    expect(answer.text).toContain(
      'invalid_request: The request is missing a required parameter: redirect_uri',
    );
  });

  test.each(['client_id', 'redirect_uri', 'response_type', 'response_mode', 'state'])(
    'GL-10: %s twice',
    async (name) => {
      const url = authorizationUrl(freehold, pkce, { response_mode: 'query' });
      url.searchParams.append(name, url.searchParams.get(name) ?? '');
      const answer = await agent.send(url);
      expectPage(answer, 400);
      expect(answer.text).toContain(`invalid_request: Parameter '${name}' must not be repeated`);
    },
  );

  test('a query that is not percent-encoded UTF-8', async () => {
    for (const broken of ['%zz', '%ff', '%00']) {
      const answer = await agent.send(`${authorizationUrl(freehold, pkce).href}&login_hint=${broken}`);
      expectPage(answer, 400);
      expect(answer.text).toContain('invalid_request: The request has a parameter');
    }
  });
});

test('AZ-58: the page shows the tenant’s name and logo, where help is, and a tracking id', async () => {
  const { text } = await agent.send('/authorize');
  expect(text).toContain('Oops!, something went wrong');
  expect(text).toContain('Acme &amp; Sons');
  expect(text).toContain('src="https://acme.example/logo.png"');
  expect(text).toContain('href="mailto:help@acme.example"');
  expect(text).toContain('href="https://acme.example/help"');
  expect(text).toMatch(/Tracking ID: <code>[0-9a-f]{20}<\/code>/);
});

test('GL-12: a request line that is too long is 414', async () => {
  const answer = await ask({ state: 'x'.repeat(8192) });
  expect(answer.status).toBe(414);
  expect(answer.headers.location).toBeUndefined();
});

test('GL-2: another Host than the issuer’s is 421, and nothing is redirected', async () => {
  for (const host of ['evil.example', `evil.example:${freehold.port}`, 'localhost.evil.example']) {
    const answer = await agent.send(authorizationUrl(freehold, pkce), { headers: { host } });
    expect(answer.status, host).toBe(421);
    expect(answer.headers.location).toBeUndefined();
  }
});

test('GL-1: every redirect of ours is within the one origin, with the issuer’s trailing slash', async () => {
  expect(freehold.issuer).toMatch(/^http:\/\/localhost:\d+\/$/);
  const { location } = await ask({});
  expect(location?.href.startsWith(freehold.issuer)).toBe(true);
});

describe('AZ-57: a custom error page', () => {
  let custom: Freehold;

  beforeAll(async () => {
    custom = await startFreehold({
      tenant: sampleTenant({ tenant: { error_page: { url: 'https://acme.example/error?a=b' } } }),
    });
  });

  afterAll(() => custom.stop());

  test('gets what is known of the request', async () => {
    const anonymous = new Agent(custom.issuer);
    const unknown = await anonymous.send(authorizationUrl(custom, pkce, { client_id: 'nobody' }));
    expect(unknown.status).toBe(302);
    expect(unknown.location?.origin).toBe('https://acme.example');
    expect(responseOf(unknown)).toEqual({
      a: 'b',
      error: 'invalid_request',
      error_description: 'Unknown client: nobody',
      lang: 'en',
      tracking: expect.stringMatching(/^[0-9a-f]{20}$/),
    });
    const mismatch = await anonymous.send(
      authorizationUrl(custom, pkce, { redirect_uri: 'https://evil.example/', connection: 'Members' }),
    );
    expect(responseOf(mismatch)).toMatchObject({
      client_id: 'spa',
      connection: 'Members',
      lang: 'en',
      error: 'invalid_request',
      error_description: 'https://evil.example/ is not in the list of allowed callback URLs',
    });
  });

  test('gets lost transactions too', async () => {
    const lost = await new Agent(custom.issuer).send('/u/login?state=unknown');
    expect(lost.status).toBe(302);
    expect(lost.location?.origin).toBe('https://acme.example');
    expect(responseOf(lost)).toMatchObject({ a: 'b', error: 'invalid_request' });
  });

  test('gets nothing that has a callback to go to', async () => {
    const refused = await new Agent(custom.issuer).send(
      authorizationUrl(custom, pkce, { connection: 'github' }),
    );
    expect(refused.location?.origin).toBe('https://app.example');
  });
});
