// Mirrors Keycloak CVE-2023-6291, CVE-2024-8883, CVE-2026-3872, CVE-2024-1132, CVE-2022-3782, CVE-2026-7504; Fosite
// CVE-2020-15233, CVE-2020-15234; authentik CVE-2024-52289, CVE-2024-21637; Better Auth CVE-2026-67333: a callback that
// only resembles a registered one, and schemes that run a script.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { authorizationUrl, newPkce, sampleTenant, spa } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { mutantsOf } from './mutants.ts';

const exact = { client_id: 'exact', app_type: 'spa', callback: 'https://app.example.com/callback' };
const customScheme = {
  client_id: 'custom',
  app_type: 'native',
  callback: 'com.example.app://app.example.com/cb',
};
const loopback = { client_id: 'loopback', app_type: 'native', callback: 'http://127.0.0.1/callback' };
const fixedPort = { client_id: 'fixed-port', app_type: 'spa', callback: 'http://localhost/callback' };
const wildcard = { client_id: 'wildcard', app_type: 'spa', callback: 'https://*.example.com/cb' };
const everyClient = [exact, customScheme, loopback, fixedPort, wildcard];

let freehold: Freehold;
beforeAll(async () => {
  const clients = everyClient.map(({ callback, ...client }) => ({
    ...spa,
    ...client,
    name: client.client_id,
    callbacks: [callback],
  }));
  freehold = await startFreehold({ tenant: sampleTenant({ clients }) });
});
afterAll(() => freehold.stop());

function authorize(client_id: string, redirect_uri: string): Promise<Answer> {
  const url = authorizationUrl(freehold, newPkce(), { client_id, redirect_uri, prompt: 'none' });
  return new Agent(freehold.issuer).send(url);
}

function expectMismatch(answer: Answer): void {
  expect(answer.status).toBe(403);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.text).toContain('Callback URL mismatch.');
}

function expectAccepted(answer: Answer, redirect_uri: string): void {
  expect(answer.status).toBe(302);
  expect(answer.headers.location).toBe(
    `${redirect_uri}?error=login_required&error_description=Login%20required&state=xyzABC123`,
  );
}

describe.each([exact, customScheme, fixedPort])('CB-1, CB-3, AZ-55: $callback', ({ client_id, callback }) => {
  const mutants = mutantsOf(callback);

  test('is accepted byte for byte; a fragment is stripped (AZ-6)', async () => {
    expect(mutants.length).toBeGreaterThan(40);
    expectAccepted(await authorize(client_id, callback), callback);
    expectAccepted(await authorize(client_id, `${callback}#//evil.example`), callback);
  });

  test.each(mutants)('RFC 9700 §2.1: %s is a mismatch', async (_name, mutant) => {
    expectMismatch(await authorize(client_id, mutant));
  });
});

describe(`DIS-17, RFC 8252 §7.3: ${loopback.callback} of a native client`, () => {
  const portMutants = ['another port', 'port 0'];
  const mutants = mutantsOf(loopback.callback).filter(([name]) => !portMutants.includes(name));

  test.each([
    'http://127.0.0.1/callback',
    'http://127.0.0.1:8443/callback',
    'http://127.0.0.1:65535/callback',
  ])('is accepted on any port: %s', async (redirect_uri) =>
    expectAccepted(await authorize('loopback', redirect_uri), redirect_uri),
  );

  test.each(mutants)('%s is a mismatch', async (_name, mutant) => {
    expectMismatch(await authorize('loopback', mutant));
  });

  test.each([
    'http://localhost/callback',
    'http://[::1]/callback',
    'http://127.1/callback',
    'http://2130706433/callback',
  ])('another name of the same machine is a mismatch: %s', async (redirect_uri) =>
    expectMismatch(await authorize('loopback', redirect_uri)),
  );
});

describe(`CB-4: ${wildcard.callback}`, () => {
  test.each(['https://a.example.com/cb', 'https://a-1.example.com/cb'])(
    '%s is accepted',
    async (redirect_uri) => expectAccepted(await authorize('wildcard', redirect_uri), redirect_uri),
  );

  test.each(
    mutantsOf('https://a.example.com/cb').filter(([name]) => name !== 'the host as a suffix of another'),
  )('%s is a mismatch', async (_name, mutant) => expectMismatch(await authorize('wildcard', mutant)));

  test.each([
    'https://*.example.com/cb',
    'https://.example.com/cb',
    'https://example.com/cb',
    'https://a.b.example.com/cb',
    'https://evil.example#.example.com/cb',
    'https://evil.example/.example.com/cb',
    'https://evil.example?.example.com/cb',
    'https://evil.example%2f.example.com/cb',
    'https://evil.example%252e.example.com/cb',
    'https://evil.example\\.example.com/cb',
    'https://evil.example:443.example.com/cb',
    'https://user@a.example.com/cb',
    'https://a@.example.com/cb',
    'https://a\u3002b.example.com/cb',
    'https://a.example.com/..;/cb',
    'https://a.example.com/%2e%2e/cb',
    'https://a.example.com/x/..%2Fcb',
    'https://aexample.com/cb',
    'https://a.exampleXcom/cb',
    'https://aXexample.com/cb',
  ])('%s is a mismatch: the star is the characters of one label', async (redirect_uri) =>
    expectMismatch(await authorize('wildcard', redirect_uri)),
  );
});

describe('CB-12: schemes that run a script or read local content', () => {
  const schemes = [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://a.example/x',
    'JavaScript://%0aalert(1)',
  ];

  test.each(schemes)('%s is no callback, whoever asks', async (redirect_uri) => {
    for (const { client_id } of everyClient) expectMismatch(await authorize(client_id, redirect_uri));
  });

  test.each(schemes)('%s is nowhere to go after a logout', async (returnTo) => {
    const url = new URL('v2/logout', freehold.issuer);
    url.searchParams.set('client_id', 'exact');
    url.searchParams.set('returnTo', returnTo);
    const answer = await new Agent(freehold.issuer).send(url);
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });

  test.each(['callbacks', 'allowed_logout_urls', 'web_origins', 'allowed_origins'])(
    'none of them can be registered in %s',
    async (field) => {
      const clients = [{ ...spa, [field]: schemes }];
      const refusal = await startFreehold({ tenant: sampleTenant({ clients }) }).then(
        (started) => started.stop(),
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(Error);
      for (const index of schemes.keys()) {
        expect(String(refusal)).toContain(`clients[0].${field}[${index}]`);
      }
    },
  );

  test.each(schemes)('initiate_login_uri cannot be %s', async (initiate_login_uri) => {
    const clients = [{ ...spa, initiate_login_uri }];
    await expect(startFreehold({ tenant: sampleTenant({ clients }) })).rejects.toThrow('initiate_login_uri');
  });
});
