// The Authorization Code Flow with PKCE, as a test drives it: valid by default, so that a test states what differs.
import { createHash, randomBytes } from 'node:crypto';
import type { RefreshTokenConfiguration } from '../../packages/server/src/model/client.ts';
import { Agent, type Answer } from './agent.ts';
import type { Freehold } from './server.ts';

export const callback = 'https://app.example/callback';
export const password = 'Correct-horse-1';

/** A tenant with one client of each type and two APIs. `overrides` replace whole sections. */
export function sampleTenant(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    tenant: { friendly_name: 'Acme' },
    clients: [
      spa,
      {
        ...spa,
        name: 'Native',
        client_id: 'native',
        app_type: 'native',
        callbacks: ['com.myclientapp://myclientapp.com/callback', 'http://127.0.0.1/callback', callback],
      },
      confidential,
      { ...spa, name: 'Third', client_id: 'third', is_first_party: false },
    ],
    resourceServers: [
      orders,
      {
        name: 'Payments',
        identifier: consentAudience,
        scopes: [{ value: 'read:payments', description: 'Read your payments' }],
        skip_consent_for_verifiable_first_party_clients: false,
      },
    ],
    ...overrides,
  };
}

export const audience = 'https://orders.example/';
/** An API that asks for consent, and without refresh tokens. */
export const consentAudience = 'https://payments.example/';
export const webSecret = 'a-secret-of-the-web-client-that-is-64-characters-long-0123456789';

export const orders = {
  name: 'Orders',
  identifier: audience,
  scopes: [
    { value: 'read:orders', description: 'Read your orders' },
    { value: 'write:orders', description: 'Change your orders' },
  ],
  allow_offline_access: true,
  skip_consent_for_verifiable_first_party_clients: true,
};

export const spa = {
  name: 'Single page',
  client_id: 'spa',
  app_type: 'spa',
  callbacks: [callback],
  allowed_logout_urls: ['https://app.example/'],
  web_origins: ['https://app.example'],
  allowed_origins: ['https://app.example'],
  grant_types: ['authorization_code', 'refresh_token'],
};

export const confidential = {
  ...spa,
  name: 'Web',
  client_id: 'web',
  client_secret: webSecret,
  app_type: 'regular_web',
  token_endpoint_auth_method: 'client_secret_post',
};

/** The `sub` of the first user. */
export const ada = 'auth0|0123456789abcdef01234567';

/** As the SPA, but its spent refresh tokens may never come again (RR-8). */
export const strictSpa = {
  ...spa,
  name: 'Strict',
  client_id: 'strict',
  refresh_token: { rotation_type: 'rotating', retry_safe: false },
};

export const users = [
  {
    email: 'ada@example.com',
    password,
    email_verified: true,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    nickname: 'ada',
    picture: 'https://example.com/ada.png',
    user_id: '0123456789abcdef01234567',
  },
  { email: 'bob@example.com', password, email_verified: false },
];

export interface Pkce {
  code_verifier: string;
  code_challenge: string;
}

export function newPkce(): Pkce {
  const code_verifier = randomBytes(32).toString('base64url');
  return { code_verifier, code_challenge: createHash('sha256').update(code_verifier).digest('base64url') };
}

/** A parameter that is `undefined` is left out. */
export function authorizationUrl(
  { issuer }: Pick<Freehold, 'issuer'>,
  { code_challenge }: Pick<Pkce, 'code_challenge'>,
  overrides: Record<string, string | undefined> = {},
): URL {
  const url = new URL('authorize', issuer);
  const parameters: Record<string, string | undefined> = {
    client_id: spa.client_id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid profile email',
    state: 'xyzABC123',
    code_challenge,
    code_challenge_method: 'S256',
    ...overrides,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** The members of the token request; one that is `undefined` is left out. */
export function tokenRequest(
  { code_verifier }: Pick<Pkce, 'code_verifier'>,
  code: string,
  overrides: Record<string, string | undefined> = {},
): Record<string, string> {
  const parameters: Record<string, string | undefined> = {
    grant_type: 'authorization_code',
    client_id: spa.client_id,
    code,
    code_verifier,
    redirect_uri: callback,
    ...overrides,
  };
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export function codeOf(answer: Answer): string {
  const code = answer.location?.searchParams.get('code');
  if (code == null)
    throw new Error(
      `No code at the callback: ${answer.status} ${answer.location?.href ?? answer.text.slice(0, 500)}`,
    );
  return code;
}

/** What came to the callback, by redirect. */
export function responseOf(answer: Answer): Record<string, string> {
  const { location } = answer;
  if (location === undefined) throw new Error(`No redirect: ${answer.status} ${answer.text.slice(0, 500)}`);
  return Object.fromEntries(new URLSearchParams(location.search || location.hash.slice(1)));
}

export interface Tokens {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  scope: string;
  expires_in: number;
  token_type: string;
}

export interface CodeOptions {
  /** One that has a session is not asked again. */
  agent?: Agent;
  username?: string;
  authorize?: Record<string, string | undefined>;
}

/** Logs in, if the agent has not yet, and stops at the callback; the session stays with the agent. */
export async function getCode(
  freehold: Pick<Freehold, 'issuer'>,
  options: CodeOptions = {},
): Promise<{ code: string; agent: Agent; pkce: Pkce }> {
  const agent = options.agent ?? new Agent(freehold.issuer);
  const pkce = newPkce();
  const username = options.username ?? 'ada@example.com';
  const first = await agent.open(authorizationUrl(freehold, pkce, options.authorize));
  const answer =
    first.location === undefined
      ? await agent.follow(await agent.submit(first, { username, password, action: 'default' }))
      : first;
  return { code: codeOf(answer), agent, pkce };
}

/** As getCode, and redeems it. `token` overrides the token request. */
export async function getTokens(
  freehold: Pick<Freehold, 'issuer'>,
  options: CodeOptions & { token?: Record<string, string | undefined> } = {},
): Promise<{ tokens: Tokens; code: string; agent: Agent; pkce: Pkce }> {
  const { code, agent, pkce } = await getCode(freehold, options);
  const redeemed = await agent.postForm('/oauth/token', tokenRequest(pkce, code, options.token));
  if (redeemed.status !== 200) throw new Error(`No tokens: ${redeemed.status} ${redeemed.text}`);
  return { tokens: JSON.parse(redeemed.text) as Tokens, code, agent, pkce };
}

/** The whole of a refusal, to be compared at once: the status and every member of the body. */
export function refusalOf(answer: Answer): Record<string, unknown> {
  return { status: answer.status, ...answer.json() };
}

/** The members of a refresh request; one that is `undefined` is left out. */
export function refreshRequest(
  refresh_token: string | undefined,
  overrides: Record<string, string> = {},
): Record<string, string> {
  return {
    grant_type: 'refresh_token',
    client_id: spa.client_id,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    ...overrides,
  };
}

/** Changes members of the client's `refresh_token`, as an administrator would; returns what stood there before. */
export async function configureRefreshToken(
  { composed }: Pick<Freehold, 'composed'>,
  client_id: string,
  differs: Partial<RefreshTokenConfiguration>,
): Promise<RefreshTokenConfiguration> {
  return composed.unitOfWork.transaction(async ({ clients }) => {
    const client = await clients.find(client_id);
    if (client === undefined) throw new Error(`No client ${client_id}`);
    await clients.upsert({ ...client, refresh_token: { ...client.refresh_token, ...differs } });
    return client.refresh_token;
  });
}

/** The claims of a JWT, unverified. */
export function claimsOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
