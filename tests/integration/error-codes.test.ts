// Error codes and statuses of the token endpoint, in both dialects: contract GL-4, GL-13 and §20, "status".
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import { getCode, getTokens, refreshRequest, sampleTenant, spa, tokenRequest, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const verifier = { code_verifier: 'v'.repeat(43) };
const codeOnly = { ...spa, name: 'Code only', client_id: 'code-only', grant_types: ['authorization_code'] };

describe.each(['auth0', 'oidc'] as const)('dialect %s', (dialect) => {
  let freehold: Freehold;
  /** Logged in once. */
  let agent: Agent;

  beforeAll(async () => {
    const tenant = sampleTenant({ tenant: { dialect } });
    tenant.clients = [...(tenant.clients as unknown[]), codeOnly];
    freehold = await startFreehold({ tenant, users });
    ({ agent } = await getTokens(freehold));
  });
  afterAll(() => freehold.stop());

  const post = (fields: Record<string, string>) => agent.postForm('/oauth/token', fields);

  async function refreshToken(username = 'ada@example.com'): Promise<string | undefined> {
    const authorize = { scope: 'openid offline_access' };
    return (await getTokens(freehold, { username, authorize })).tokens.refresh_token;
  }

  const refusals: [error: string, auth0: number, oidc: number, ask: () => Promise<Answer>][] = [
    ['invalid_request', 400, 400, () => post({ client_id: 'spa' })],
    ['unsupported_grant_type', 400, 400, () => post({ client_id: 'spa', grant_type: 'x' })],
    ['invalid_client', 401, 401, () => post(tokenRequest(verifier, 'x', { client_id: 'web' }))],
    ['invalid_grant', 403, 400, () => post(tokenRequest(verifier, 'x'))],
    ['unauthorized_client', 403, 400, () => post({ ...refreshRequest('x'), client_id: 'code-only' })],
    ['method_not_allowed', 405, 400, () => agent.send('/oauth/token')],
    [
      'invalid_scope',
      400,
      400,
      async () => post({ ...refreshRequest(await refreshToken()), scope: 'openid profile' }),
    ],
  ];

  test.each(refusals)('GL-4: %s', async (error, auth0, oidc, ask) => {
    const answer = await ask();
    expect([answer.status, answer.json().error]).toEqual([dialect === 'auth0' ? auth0 : oidc, error]);
  });

  test('GL-13, TK-90, TK-94, TK-99: the words that SDKs match are the same in either dialect', async () => {
    const words = async (fields: Record<string, string>) => (await post(fields)).json().error_description;
    expect(await words(tokenRequest(verifier, 'x'))).toBe('Invalid authorization code');
    const { code } = await getCode(freehold, { agent });
    expect(await words(tokenRequest(verifier, code))).toBe('Failed to verify code verifier');
    expect(await words(refreshRequest('x'))).toBe('Unknown or invalid refresh token.');
    const ofBob = refreshRequest(await refreshToken('bob@example.com'));
    freehold.execute(`update "user" set blocked = 1 where email = 'bob@example.com'`);
    expect(await words(ofBob)).toBe('user is blocked');
    freehold.execute(`delete from "user" where email = 'bob@example.com'`);
    expect(await words(ofBob)).toBe("The refresh_token was generated for a user who doesn't exist anymore.");
  });
});
