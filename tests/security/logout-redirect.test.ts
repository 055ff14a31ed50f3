// Mirrors Better Auth CVE-2024-56734, CVE-2025-27143, CVE-2025-71403: an open redirect after a logout.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { sampleTenant, spa } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { mutantsOf } from './mutants.ts';

const allowed = 'https://app.example/after';

let freehold: Freehold;
beforeAll(async () => {
  const clients = [{ ...spa, allowed_logout_urls: [allowed] }];
  freehold = await startFreehold({ tenant: sampleTenant({ clients }) });
});
afterAll(() => freehold.stop());

const relative = [
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\t//evil.example',
  '/%09/evil.example',
  '%09//evil.example',
  'https:evil.example',
  'https:///evil.example',
  '.evil.example',
  '@evil.example',
];

test.each(relative)('LO-4: returnTo %j leads nowhere', async (returnTo) => {
  const { status, headers } = await logout('/v2/logout', 'returnTo', returnTo);
  expect([status, headers.location]).toEqual([400, undefined]);
});

test.each(relative)('LO-8: post_logout_redirect_uri %j leads nowhere', async (uri) => {
  const { status, headers } = await logout('/oidc/logout', 'post_logout_redirect_uri', uri);
  expect([status, headers.location]).toEqual([400, undefined]);
});

test.each(mutantsOf(allowed))('LO-8: %s is not the registered address', async (_name, mutant) => {
  const { status, headers } = await logout('/oidc/logout', 'post_logout_redirect_uri', mutant);
  expect([status, headers.location]).toEqual([400, undefined]);
});

test.each(mutantsOf(allowed))(
  'LO-4, LO-5: %s never leads away from the registered address',
  async (_name, mutant) => {
    const { status, headers } = await logout('/v2/logout', 'returnTo', mutant);
    if (status === 400) return expect(headers.location).toBeUndefined();
    // LO-5 lets query, fragment, case of scheme and host, and spellings that URLs do not tell apart, pass.
    expect(status).toBe(302);
    const { origin, pathname } = new URL(headers.location ?? '');
    expect(`${origin}${pathname}`).toBe(allowed);
  },
);

test('LO-4: a refused logout ends no session and is recorded', async () => {
  const before = (await freehold.logEntries()).filter(({ type }) => type === 'flo').length;
  await logout('/v2/logout', 'returnTo', '//evil.example');
  const after = (await freehold.logEntries()).filter(({ type }) => type === 'flo').length;
  expect(after).toBe(before + 1);
});

function logout(path: string, name: string, value: string) {
  const url = new URL(path, freehold.issuer);
  url.searchParams.set('client_id', 'spa');
  url.searchParams.set(name, value);
  return new Agent(freehold.issuer).send(url);
}
