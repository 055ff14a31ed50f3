// Refresh for several resources: RT-18, RT-19, RR-10.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { Agent } from '../setup/agent.ts';
import {
  audience,
  claimsOf,
  consentAudience,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  type Tokens,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const billing = 'https://billing.example/';
const closed = 'https://closed.example/';

function tenant() {
  const sample = sampleTenant();
  const skip_consent_for_verifiable_first_party_clients = true;
  const api = (identifier: string, more: Record<string, unknown> = {}) => ({
    name: 'API',
    identifier,
    scopes: [{ value: 'read:bills' }, { value: 'write:bills' }, { value: 'delete:bills' }],
    skip_consent_for_verifiable_first_party_clients,
    ...more,
  });
  const policies = [
    { audience, scope: ['write:orders'] },
    { audience: billing, scope: ['read:bills', 'write:bills', 'unknown:bills'] },
    { audience: consentAudience, scope: ['read:payments'] },
    { audience: closed, scope: ['read:bills'] },
    { audience: 'https://nowhere.example/', scope: ['read:bills'] },
  ];
  const denied = { subject_type_authorization: { user: { policy: 'deny_all' } } };
  return {
    ...sample,
    clients: [
      ...(sample.clients as unknown[]),
      { ...spa, name: 'Several', client_id: 'several', refresh_token: { policies } },
      { ...spa, name: 'Foreign', client_id: 'foreign', refresh_token: { policies } },
    ],
    resourceServers: [...(sample.resourceServers as unknown[]), api(billing), api(closed, denied)],
    clientGrants: [audience, billing].map((api) => ({
      client_id: 'foreign',
      audience: api,
      subject_type: 'user',
      allow_all_scopes: true,
    })),
  };
}

const clock = new TurnableClock(1_800_000_000);
let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: tenant(), users, clock });
  agent = new Agent(freehold.issuer);
});
afterAll(() => freehold.stop());

async function family(client_id = 'several'): Promise<Tokens> {
  const scope = 'openid profile read:orders offline_access';
  const authorize = { client_id, audience, scope };
  return (await getTokens(freehold, { agent, authorize, token: { client_id } })).tokens;
}

function refresh(tokens: Pick<Tokens, 'refresh_token'>, overrides: Record<string, string> = {}) {
  return agent.postForm(
    '/oauth/token',
    refreshRequest(tokens.refresh_token, { client_id: 'several', ...overrides }),
  );
}

async function refreshed(tokens: Pick<Tokens, 'refresh_token'>, overrides: Record<string, string> = {}) {
  const answer = await refresh(tokens, overrides);
  if (answer.status !== 200) throw new Error(answer.text);
  const given = JSON.parse(answer.text) as Tokens;
  return { ...given, claims: claimsOf(given.access_token) };
}

const userinfo = () => `${freehold.issuer}userinfo`;

describe('RT-18: another API of the client’s policies', () => {
  test('gives what was granted and what the policy adds, for that API alone; the log says mrrt', async () => {
    const given = await refreshed(await family(), { audience: billing });
    expect(given.claims.aud).toEqual([billing, userinfo()]);
    // `offline_access`: the API does not allow it; the refresh token goes on all the same.
    expect(given.scope).toBe('openid profile read:bills write:bills');
    expect(given.refresh_token).toBeDefined();
    const entry = (await freehold.logEntries()).findLast(({ type }) => type === 'sertft');
    expect(entry).toMatchObject({ audience: billing, details: { policy_used: 'mrrt' } });
  });

  test('scope narrows it, and what is not authorized is passed over', async () => {
    const scope = 'openid write:bills delete:bills unknown:bills read:orders';
    const given = await refreshed(await family(), { audience: billing, scope });
    expect(given.scope).toBe('openid write:bills');
  });

  test('without an audience: the original one, with what its policy adds', async () => {
    const given = await refreshed(await family());
    expect(given.claims.aud).toEqual([audience, userinfo()]);
    expect(given.scope).toBe('openid profile read:orders offline_access write:orders');
  });

  test('RR-10: the next token is as good as the first was', async () => {
    const first = await refreshed(await family(), { audience: billing, scope: 'read:bills' });
    const second = await refreshed(first, { scope: 'read:orders' });
    expect([second.claims.aud, second.scope]).toEqual([audience, 'read:orders']);
    const third = await refreshed(second, { audience: billing });
    expect(third.scope).toBe('openid profile read:bills write:bills');
  });
});

describe('RT-19: an audience that the policies do not give is passed over', () => {
  test.each([
    ['of no policy', 'https://other.example/'],
    ['that asks for consent', consentAudience],
    ['that is closed to users', closed],
    ['that does not exist', 'https://nowhere.example/'],
  ])('%s', async (_which, asked) => {
    const given = await refreshed(await family(), { audience: asked });
    expect(given.claims.aud).toEqual([audience, userinfo()]);
    expect(given.scope).toBe('openid profile read:orders offline_access');
  });

  test('for a client without policies', async () => {
    const given = await refreshed(await family('spa'), { client_id: 'spa', audience: billing });
    expect(given.claims.aud).toEqual([audience, userinfo()]);
  });

  test('RT-3: whose scope may then not be exceeded', async () => {
    const fields = { client_id: 'spa', audience: billing, scope: 'openid read:bills' };
    expect(refusalOf(await refresh(await family('spa'), fields))).toEqual({
      status: 400,
      error: 'invalid_scope',
      error_description: 'The requested scope exceeds the scope granted to the refresh token',
    });
  });

  test('RT-18: for a client that has become a third party’s, whatever its policies', async () => {
    const tokens = await family('foreign');
    freehold.execute(`update client set is_first_party = 0 where client_id = 'foreign'`);
    clock.advance(2);
    const given = await refreshed(tokens, { client_id: 'foreign', audience: billing });
    expect([given.claims.aud, given.scope]).toEqual([
      [audience, userinfo()],
      'openid profile read:orders offline_access',
    ]);
  });
});
