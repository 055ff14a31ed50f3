// The dialect table (DIS-*), row by row and in both dialects: this file is to the server what oauth/dialect.ts
// is in it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  claimsOf,
  getCode,
  getTokens,
  newPkce,
  refreshRequest,
  sampleTenant,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

type Dialect = 'auth0' | 'oidc';
interface Row {
  name: string;
  /** What a client sees of it. */
  observe(server: Server): Promise<unknown>;
  auth0: unknown;
  oidc: unknown;
}
interface Server {
  freehold: Freehold;
  /** Logged in once. */
  agent: Agent;
}

const servers = new Map<Dialect, Server>();
const ada = 'auth0|0123456789abcdef01234567';

beforeAll(async () => {
  for (const dialect of ['auth0', 'oidc'] as const) {
    const tenant = { dialect, acr_values_supported: ['urn:acr:silver'] };
    const freehold = await startFreehold({ tenant: sampleTenant({ tenant }), users });
    servers.set(dialect, { freehold, agent: (await getTokens(freehold)).agent });
  }
});
afterAll(async () => {
  for (const { freehold } of servers.values()) await freehold.stop();
});

/** Status and body of a token request for a new code, with what the row changes. */
async function exchange(
  { freehold, agent }: Server,
  override: Record<string, string | undefined>,
): Promise<unknown> {
  const { code, pkce } = await getCode(freehold, { agent });
  return post({ freehold, agent }, tokenRequest(pkce, code, override));
}

async function post({ agent }: Server, fields: Record<string, string>): Promise<unknown> {
  const answer = await agent.postForm('/oauth/token', fields);
  const { error, error_description } = answer.json();
  return [answer.status, error, error_description];
}

/** Where an authorization request ends: what the callback hears, or the status of the page. */
async function authorize({ freehold, agent }: Server, override: Record<string, string | undefined>) {
  const answer = await agent.open(authorizationUrl(freehold, newPkce(), override));
  const heard = answer.location?.searchParams;
  if (heard === undefined) return answer.status;
  return heard.has('code') ? 'code' : [heard.get('error'), heard.get('error_description')];
}

const rows: Row[] = [
  {
    name: 'status, DIS-3, AC-5: an unknown code',
    observe: (server) => exchange(server, { code: 'unknown' }),
    auth0: [403, 'invalid_grant', 'Invalid authorization code'],
    oidc: [400, 'invalid_grant', 'Invalid authorization code'],
  },
  {
    name: 'status, AC-6: a wrong verifier',
    observe: (server) => exchange(server, { code_verifier: 'w'.repeat(43) }),
    auth0: [403, 'invalid_grant', 'Failed to verify code verifier'],
    oidc: [400, 'invalid_grant', 'Failed to verify code verifier'],
  },
  {
    name: 'status, RT-4: an unknown refresh token',
    observe: (server) => post(server, refreshRequest('unknown')),
    auth0: [403, 'invalid_grant', 'Unknown or invalid refresh token.'],
    oidc: [400, 'invalid_grant', 'Unknown or invalid refresh token.'],
  },
  {
    name: 'status, CA-5, DIS-1: client authentication is 401 in both',
    observe: (server) => exchange(server, { client_id: 'web' }),
    auth0: [401, 'invalid_client', 'Client authentication failed'],
    oidc: [401, 'invalid_client', 'Client authentication failed'],
  },
  {
    name: 'status, TK-8: a missing parameter is 400 in both',
    observe: (server) => post(server, { client_id: 'spa' }),
    auth0: [400, 'invalid_request', 'Missing required parameter: grant_type'],
    oidc: [400, 'invalid_request', 'Missing required parameter: grant_type'],
  },
  {
    name: 'AC-7: a code bound to a challenge and no verifier',
    observe: (server) => exchange(server, { code_verifier: undefined }),
    auth0: [400, 'invalid_request', "Parameter 'code_verifier' is required"],
    oidc: [400, 'invalid_grant', "Parameter 'code_verifier' is required"],
  },
  {
    name: 'AC-3, DIS-26: a wrong redirect_uri at the token endpoint',
    observe: (server) => exchange(server, { redirect_uri: `${callback}/` }),
    auth0: [
      403,
      'unauthorized_client',
      `The redirect URI is wrong. You sent ${callback}/, and we expected ${callback}`,
    ],
    oidc: [400, 'invalid_grant', 'The redirect URI is not the one sent to the authorization endpoint'],
  },
  {
    name: 'DIS-7, ID-9, UI-3: updated_at in the ID token and at /userinfo',
    async observe({ freehold, agent }) {
      const { tokens } = await getTokens(freehold, { agent, authorize: { scope: 'openid profile' } });
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      const told = [claimsOf(tokens.id_token), (await agent.send('/userinfo', { headers })).json()];
      return told.map(({ updated_at }) => typeof updated_at);
    },
    auth0: ['string', 'string'],
    oidc: ['number', 'number'],
  },
  {
    name: 'AZ-64: a blocked user at /authorize',
    async observe({ freehold }) {
      freehold.execute('update "user" set blocked = 1 where user_id = ?', ada);
      const url = authorizationUrl(freehold, newPkce());
      const { location } = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', 'Correct-horse-1');
      freehold.execute('update "user" set blocked = 0 where user_id = ?', ada);
      return [location?.searchParams.get('error'), location?.searchParams.get('error_description')];
    },
    auth0: ['unauthorized', 'user is blocked'],
    oidc: ['access_denied', 'user is blocked'],
  },
  {
    name: 'GL-14: quotes in our own descriptions',
    async observe({ freehold, agent }) {
      const tenant = freehold.stores.resourceServers;
      const api = await tenant.find('https://orders.example/');
      const policy = JSON.stringify({ ...api?.subject_type_authorization, user: { policy: 'deny_all' } });
      const set = 'update resource_server set subject_type_authorization = ? where identifier = ?';
      freehold.execute(set, policy, 'https://orders.example/');
      const heard = await authorize({ freehold, agent }, { audience: 'https://orders.example/' });
      freehold.execute(set, JSON.stringify(api?.subject_type_authorization), 'https://orders.example/');
      return heard;
    },
    auth0: [
      'invalid_request',
      'Client "spa" is not authorized to access resource server "https://orders.example/".',
    ],
    oidc: [
      'invalid_request',
      "Client 'spa' is not authorized to access resource server 'https://orders.example/'.",
    ],
  },
  {
    name: 'AZ-56: redirect_uri left out, where the client has one callback',
    observe: (server) => authorize(server, { redirect_uri: undefined }),
    auth0: 'code',
    oidc: 400,
  },
  {
    name: 'AZ-70, RFC 9207: iss in the authorization response, and in the metadata',
    async observe({ freehold, agent }) {
      const { location } = await agent.open(authorizationUrl(freehold, newPkce()));
      const discovery = (await agent.send('/.well-known/openid-configuration')).json();
      const issued = location?.searchParams.get('iss') === freehold.issuer;
      return [issued, discovery.authorization_response_iss_parameter_supported];
    },
    auth0: [false, false],
    oidc: [true, true],
  },
  {
    name: 'AZ-35: an acr_values that the tenant does not list',
    observe: async (server) => {
      const heard = await authorize(server, { acr_values: 'urn:acr:gold' });
      return Array.isArray(heard) ? heard[0] : heard;
    },
    auth0: 'invalid_request',
    oidc: 'code',
  },
  {
    name: 'AZ-35: an acr_values that it lists',
    observe: (server) => authorize(server, { acr_values: 'urn:acr:silver' }),
    auth0: 'code',
    oidc: 'code',
  },
  {
    name: 'WK-2: scopes that no user can fill',
    async observe({ agent }) {
      const { scopes_supported } = (await agent.send('/.well-known/openid-configuration')).json();
      return ['phone', 'address'].filter((scope) => (scopes_supported as string[]).includes(scope));
    },
    auth0: ['phone', 'address'],
    oidc: ['phone'],
  },
  {
    name: 'UI-1: the access token in the query of /userinfo',
    async observe({ freehold, agent }) {
      const { tokens } = await getTokens(freehold, { agent, authorize: { scope: 'openid' } });
      const answer = await agent.send(`/userinfo?access_token=${tokens.access_token}`);
      return [answer.status, answer.json()];
    },
    auth0: [200, { sub: ada }],
    oidc: [
      401,
      { error: 'invalid_token', error_description: 'An access token in the query is not accepted' },
    ],
  },
  {
    name: 'UI-5: insufficient_scope is no row of the table: 403 in both',
    async observe({ freehold, agent }) {
      const { tokens } = await getTokens(freehold, { agent, authorize: { scope: 'profile' } });
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      return (await agent.send('/userinfo', { headers })).status;
    },
    auth0: 403,
    oidc: 403,
  },
];

describe.each(['auth0', 'oidc'] as const)('dialect %s', (dialect) => {
  test.each(rows)('$name', async (row) => {
    const server = servers.get(dialect);
    if (server === undefined) throw new Error(`No server speaks ${dialect}`);
    expect(await row.observe(server)).toEqual(row[dialect]);
  });
});
