// POST /authorize: contract AZ-2, LT-3; OpenID Connect Core §3.1.2.1.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
const pkce = newPkce();

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});

afterAll(() => freehold.stop());

function form(overrides: Record<string, string | undefined> = {}): Record<string, string> {
  return Object.fromEntries(authorizationUrl(freehold, pkce, overrides).searchParams);
}

describe('OpenID Connect Core §3.1.2.1: "MUST support the use of the HTTP GET and POST methods"', () => {
  test('AZ-2, LT-3: the parameters are kept, and the browser comes back with a GET', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.postForm('/authorize', form(), { origin: 'https://app.example' });
    expect(answer.status).toBe(303);
    expect(answer.location?.pathname).toBe('/authorize/posted');
    expect([...(answer.location?.searchParams.keys() ?? [])]).toEqual(['state']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('AZ-2: a login from there to the tokens', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.follow(await agent.postForm('/authorize', form()));
    const answer = await agent.follow(
      await agent.submit(page, { username: 'ada@example.com', password, action: 'default' }),
    );
    expect(responseOf(answer).state).toBe('xyzABC123');
    const tokens = await agent.postForm('/oauth/token', tokenRequest(pkce, codeOf(answer)));
    expect(tokens.status).toBe(200);
  });

  test('LT-3: with a session, whose Lax cookie comes only with the GET', async () => {
    const { agent } = await getTokens(freehold);
    const posted = await new Agent(freehold.issuer).postForm('/authorize', form());
    expect(codeOf(await agent.follow(posted))).toMatch(/^[A-Za-z0-9_-]{52}$/);
  });

  test('AZ-50: errors at the callback', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.follow(await agent.postForm('/authorize', form({ response_type: 'foo' })));
    expect(responseOf(answer)).toEqual({
      error: 'unsupported_response_type',
      error_description: 'Unsupported response type: foo',
      state: 'xyzABC123',
    });
  });

  test('AZ-50: errors as pages', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.follow(await agent.postForm('/authorize', form({ client_id: 'nobody' })));
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Unknown client: nobody');
  });

  test('GL-10: a repeated parameter is still one when the browser comes back', async () => {
    const agent = new Agent(freehold.issuer);
    const body = `${new URLSearchParams(form())}&scope=openid`;
    const answer = await agent.follow(
      await agent.send('/authorize', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      }),
    );
    expect(responseOf(answer).error_description).toBe("Parameter 'scope' must not be repeated");
  });
});

describe('the handle', () => {
  test('AZ-66: unknown, of another kind, or after ten minutes: nothing is found', async () => {
    const agent = new Agent(freehold.issuer);
    const login = await agent.send(authorizationUrl(freehold, pkce));
    const posted = await agent.postForm('/authorize', form());
    const handles = ['', 'unknown', login.location?.searchParams.get('state')];
    for (const handle of handles) {
      const answer = await agent.send(`/authorize/posted?state=${handle}`);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('We could not find the session of this login');
    }
    const state = posted.location?.searchParams.get('state');
    expect((await agent.send(`/u/login?state=${state}`)).status).toBe(400);
    freehold.clock.advance(600);
    expect((await agent.send(posted.location ?? '')).status).toBe(400);
  });
});
