// Consent: when it is asked for, in which words, and what accepting and declining do. Contract CN-1 to CN-8, AZ-62.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  codeOf,
  consentAudience,
  getTokens,
  newPkce,
  responseOf,
  sampleTenant,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
const pkce = newPkce();

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users: [...users, ...people(13)] });
});

afterAll(() => freehold.stop());

/** Users that nobody has asked yet, one per test. */
function people(count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => ({
    ...users[0],
    email: `person${index}@example.com`,
    user_id: undefined,
  }));
}

let next = 0;

async function signInSomebodyNew(): Promise<Agent> {
  const username = `person${next++}@example.com`;
  return (await getTokens(freehold, { username })).agent;
}

function ask(
  agent: Agent,
  overrides: Record<string, string | undefined>,
  server = freehold,
): Promise<Answer> {
  return agent.open(authorizationUrl(server, pkce, overrides));
}

async function accept(agent: Agent, page: Answer): Promise<Answer> {
  return agent.follow(await agent.submit(page, { action: 'accept' }));
}

function isConsentPage({ status, text }: Answer): boolean {
  return (
    status === 200 &&
    text.includes('name="action" value="accept"') &&
    text.includes('name="action" value="deny"')
  );
}

const payments = { audience: consentAudience, scope: 'openid read:payments' };

describe('SD-23, CN-1: unless consent has been previously given', () => {
  test('the first time it is asked for, the second time not, silently neither', async () => {
    const agent = await signInSomebodyNew();
    const page = await ask(agent, payments);
    expect(isConsentPage(page)).toBe(true);
    expect(codeOf(await accept(agent, page))).toBeTruthy();
    expect(codeOf(await ask(agent, payments))).toBeTruthy();
    expect(codeOf(await ask(agent, { ...payments, prompt: 'none' }))).toBeTruthy();
  });

  test('CN-2: more scopes than granted ask again, fewer do not', async () => {
    const agent = await signInSomebodyNew();
    await accept(agent, await ask(agent, { ...payments, scope: 'openid' }));
    expect(codeOf(await ask(agent, { ...payments, scope: 'openid' }))).toBeTruthy();
    const page = await ask(agent, payments);
    expect(isConsentPage(page)).toBe(true);
    await accept(agent, page);
    for (const scope of ['openid read:payments', 'openid', 'read:payments']) {
      expect(codeOf(await ask(agent, { ...payments, scope })), scope).toBeTruthy();
    }
  });

  test('CN-1: a grant is one user’s, for one client and one API', async () => {
    const agent = await signInSomebodyNew();
    await accept(agent, await ask(agent, payments));
    expect(isConsentPage(await ask(agent, { ...payments, client_id: 'native' }))).toBe(true);
    expect(isConsentPage(await ask(await signInSomebodyNew(), payments))).toBe(true);
  });

  test('PR-11: prompt=consent asks in spite of a grant, once', async () => {
    const agent = await signInSomebodyNew();
    await accept(agent, await ask(agent, payments));
    const page = await ask(agent, { ...payments, prompt: 'consent' });
    expect(isConsentPage(page)).toBe(true);
    expect(codeOf(await accept(agent, page))).toBeTruthy();
    expect(isConsentPage(await ask(agent, { prompt: 'consent', scope: 'openid' }))).toBe(true);
  });
});

describe('AT-14: what is taken back before the login has ended', () => {
  test('is not given, however often the browser comes back; who asks anew is asked', async () => {
    const agent = await signInSomebodyNew();
    const accepted = await agent.submit(await ask(agent, payments), { action: 'accept' });
    const [entry] = (await freehold.logEntries()).toReversed();
    await freehold.composed.unitOfWork.transaction(({ userGrants }) =>
      userGrants.deleteAllOf(String(entry?.user_id)),
    );
    for (const _time of [1, 2]) {
      const answer = await agent.follow(accepted);
      expect([answer.status, answer.location]).toEqual([400, undefined]);
    }
    const page = await ask(agent, payments);
    expect(isConsentPage(page)).toBe(true);
    expect(codeOf(await accept(agent, page))).toBeTruthy();
  });
});

describe('who is asked', () => {
  test('CN-3: not for first-party clients without an API, nor where the API skips it', async () => {
    const agent = await signInSomebodyNew();
    expect(codeOf(await ask(agent, { scope: 'openid profile email' }))).toBeTruthy();
    expect(codeOf(await ask(agent, { audience, scope: 'openid read:orders offline_access' }))).toBeTruthy();
  });

  test('CN-4: a third-party client always asks', async () => {
    const agent = await signInSomebodyNew();
    const page = await ask(agent, { client_id: 'third', scope: 'openid' });
    expect(isConsentPage(page)).toBe(true);
    expect(codeOf(await accept(agent, page))).toBeTruthy();
    expect(codeOf(await ask(agent, { client_id: 'third', scope: 'openid' }))).toBeTruthy();
  });
});

describe('CN-6: the page', () => {
  test('names client, tenant, user and API, and groups the permissions', async () => {
    const agent = await signInSomebodyNew();
    const page = await ask(agent, { ...payments, scope: 'openid email read:payments' });
    for (const words of [
      'Single page',
      'Acme',
      '@example.com',
      'Your profile',
      'Confirm who you are',
      'See your email address',
      'Payments',
      'Payments: read',
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.text).not.toContain('Read your payments');
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://app.example");
  });

  test('use_scope_descriptions_for_consent shows the descriptions instead', async () => {
    const server = await startFreehold({
      tenant: sampleTenant({ tenant: { flags: { use_scope_descriptions_for_consent: true } } }),
      users,
    });
    try {
      const { agent } = await getTokens(server);
      const page = await ask(agent, payments, server);
      expect(page.text).toContain('Read your payments');
      expect(page.text).not.toContain('Payments: read');
    } finally {
      await server.stop();
    }
  });
});

describe('CN-7, AZ-62: declined', () => {
  test('access_denied at the callback, and nothing is granted', async () => {
    const agent = await signInSomebodyNew();
    const answer = await agent.submit(await ask(agent, payments), { action: 'deny' });
    expect(answer.status).toBe(303);
    expect(responseOf(answer)).toEqual({
      error: 'access_denied',
      error_description: 'The user denied the authorization request',
      state: 'xyzABC123',
    });
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'f',
      description: 'The user denied the authorization request',
      client_id: 'spa',
    });
    expect(isConsentPage(await ask(agent, payments))).toBe(true);
  });

  test('the transaction is over: accepting afterwards finds nothing', async () => {
    const agent = await signInSomebodyNew();
    const page = await ask(agent, payments);
    await agent.submit(page, { action: 'deny' });
    expect((await agent.submit(page, { action: 'accept' })).status).toBe(400);
    expect(isConsentPage(await ask(agent, payments))).toBe(true);
  });

  test('a post that says neither declines', async () => {
    const agent = await signInSomebodyNew();
    const answer = await agent.submit(await ask(agent, payments), {});
    expect(responseOf(answer).error).toBe('access_denied');
  });
});

test('CN-10: what was consented to is what the tokens are for', async () => {
  const agent = await signInSomebodyNew();
  const answer = await accept(
    agent,
    await ask(agent, { ...payments, scope: 'openid read:payments unknown' }),
  );
  const tokens = (await agent.postForm('/oauth/token', tokenRequest(pkce, codeOf(answer)))).json();
  expect(tokens.scope).toBe('openid read:payments');
});
