// A row of APIs that call one another on a user's behalf, each a client of its own (RFC 8693).
import { Agent, type Answer } from './agent.ts';
import { getTokens, sampleTenant, spa, type Tokens } from './flow.ts';
import type { Freehold } from './server.ts';

export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

export const apis = ['a', 'b', 'c', 'd', 'e'] as const;
export type Api = (typeof apis)[number];

export const identifierOf = (api: Api): string => `https://${api}.example/`;
export const secretOf = (api: Api): string => api.repeat(64);

export const resourceServer = (api: Api) => ({
  name: `API ${api}`,
  identifier: identifierOf(api),
  scopes: [{ value: 'read:it' }, { value: 'write:it' }],
  skip_consent_for_verifiable_first_party_clients: true,
  allow_offline_access: true,
  token_lifetime: 3600,
});

export const apiClient = (api: Api) => ({
  name: `Client ${api}`,
  client_id: `client-${api}`,
  client_secret: secretOf(api),
  app_type: 'resource_server',
  resource_server_identifier: identifierOf(api),
  grant_types: [exchangeGrant],
  token_exchange: { allow_any_profile_of_type: ['on_behalf_of_token_exchange'] },
});

type Entry = Record<string, unknown>;

/** `more`: what is put beside, or over, the sample's clients and resource servers. */
export function exchangeTenant(
  more: { clients?: Entry[]; resourceServers?: Entry[]; clientGrants?: Entry[] } = {},
) {
  const sample = sampleTenant();
  const connected = apis.map(apiClient);
  return {
    ...sample,
    clients: [...(sample.clients as unknown[]), ...connected, ...(more.clients ?? [])],
    resourceServers: [
      ...(sample.resourceServers as unknown[]),
      ...apis.map(resourceServer),
      ...(more.resourceServers ?? []),
    ],
    clientGrants: more.clientGrants ?? [],
  };
}

/** The user's token for an API, as the single-page application gets it. */
export async function userToken(
  freehold: Pick<Freehold, 'issuer'>,
  api: Api,
  options: { scope?: string; username?: string } = {},
): Promise<Tokens> {
  const { scope = 'openid profile read:it', username = 'ada@example.com' } = options;
  const authorize = { audience: identifierOf(api), scope };
  return (await getTokens(freehold, { username, authorize, token: { client_id: spa.client_id } })).tokens;
}

export function exchange(
  { issuer }: Pick<Freehold, 'issuer'>,
  from: Api,
  subject_token: string,
  overrides: Record<string, string | undefined> = {},
): Promise<Answer> {
  const fields: Record<string, string | undefined> = {
    grant_type: exchangeGrant,
    client_id: `client-${from}`,
    client_secret: secretOf(from),
    subject_token,
    subject_token_type: accessTokenType,
    audience: identifierOf('b'),
    ...overrides,
  };
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Agent(issuer).postForm('/oauth/token', Object.fromEntries(given));
}
