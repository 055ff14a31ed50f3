// What the authorization endpoint does differently in the two dialects: DIS-*, AZ-35, AZ-56, AZ-64, AZ-70, GL-14.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const pkce = newPkce();
const blocked = { email: 'carol@example.com', password, blocked: true };
const state = 'xyzABC123';
const issOf = (freehold: Freehold) => ({ iss: freehold.issuer });

interface Differences {
  iss(freehold: Freehold): Record<string, string>;
  blockedUser: string;
  absentRedirectUri: number;
  unsupportedAcr: Record<string, unknown>;
  quote: string;
}

const dialects: ['auth0' | 'oidc', Differences][] = [
  [
    'auth0',
    {
      iss: () => ({}),
      blockedUser: 'unauthorized',
      absentRedirectUri: 302,
      unsupportedAcr: {
        error: 'invalid_request',
        error_description: 'acr_values has a value that is not supported',
        state,
      },
      quote: '"',
    },
  ],
  [
    'oidc',
    {
      iss: issOf,
      blockedUser: 'access_denied',
      absentRedirectUri: 400,
      unsupportedAcr: { code: expect.any(String), state, iss: expect.any(String) },
      quote: "'",
    },
  ],
];

describe.each(dialects)('dialect %s', (dialect, expected) => {
  let freehold: Freehold;
  let signedIn: Agent;

  beforeAll(async () => {
    freehold = await startFreehold({
      tenant: sampleTenant({ tenant: { dialect, acr_values_supported: ['gold', 'silver'] } }),
      users: [...users, blocked],
    });
    ({ agent: signedIn } = await getTokens(freehold));
  });

  afterAll(() => freehold.stop());

  function ask(overrides: Record<string, string | undefined>, agent = signedIn): Promise<Answer> {
    return agent.send(authorizationUrl(freehold, pkce, overrides));
  }

  test('AZ-70, RFC 9207 §2: iss with a code and with an error', async () => {
    const iss = expected.iss(freehold);
    expect(responseOf(await ask({}))).toEqual({ code: expect.any(String), state, ...iss });
    expect(responseOf(await ask({ connection: 'github' }))).toEqual({
      error: 'invalid_request',
      error_description: 'the connection was not found',
      state,
      ...iss,
    });
  });

  test('AZ-64: a blocked user who logs in', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.logIn(authorizationUrl(freehold, pkce), blocked.email, password);
    expect(answer.status).toBe(303);
    expect(responseOf(answer)).toEqual({
      error: expected.blockedUser,
      error_description: 'user is blocked',
      state,
      ...expected.iss(freehold),
    });
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await freehold.logEntries()).at(-1)).toMatchObject({ type: 'f', description: 'user is blocked' });
  });

  test('AZ-56: a client’s only callback is meant where none is sent', async () => {
    expect((await ask({ redirect_uri: undefined })).status).toBe(expected.absentRedirectUri);
  });

  test('AZ-35: acr_values that the tenant does not support', async () => {
    expect(responseOf(await ask({ acr_values: 'gold platinum' }))).toEqual(expected.unsupportedAcr);
    expect(Object.keys(responseOf(await ask({ acr_values: 'gold silver' })))).toContain('code');
  });

  test('GL-14, AZ-21: our own quotation marks', async () => {
    const { quote } = expected;
    const answer = await ask({ client_id: 'third', audience: 'https://orders.example/' });
    expect(responseOf(answer).error_description).toBe(
      'Client "third" is not authorized to access resource server "https://orders.example/".'.replaceAll(
        '"',
        quote,
      ),
    );
  });

  test('GL-14: values that are repeated hold no quotation marks in either', async () => {
    expect(responseOf(await ask({ response_type: 'a"b\\c' })).error_description).toBe(
      'Unsupported response type: a?b?c',
    );
  });
});

describe('AZ-70: the tenant’s own word goes before the dialect’s', () => {
  test.each([
    ['auth0', true],
    ['oidc', false],
  ] as const)('dialect %s, authorization_response_iss_parameter_supported %s', async (dialect, sends) => {
    const freehold = await startFreehold({
      tenant: sampleTenant({
        tenant: { dialect, authorization_response_iss_parameter_supported: sends },
      }),
    });
    try {
      const answer = await new Agent(freehold.issuer).send(
        authorizationUrl(freehold, pkce, { prompt: 'none' }),
      );
      expect(responseOf(answer).iss).toBe(sends ? freehold.issuer : undefined);
    } finally {
      await freehold.stop();
    }
  });
});
