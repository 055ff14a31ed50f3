// /refresh-tokens and /users/{id}/refresh-tokens of the Management API (contract §3.5). A refresh token is named by its
// authorization, whatever its rotation made of it.
import { z } from 'zod';
import { userinfoAudience } from '../../oauth/issue/tokens.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, type Route, route } from '../route.ts';
import { assertUserExists, getLockedUser, lockUser } from '../users/user-access.ts';
import { refusedUntil } from './ending.ts';
import type { RefreshTokenDetails } from './ports.ts';
import { metadataField, refreshTokenBody, refreshTokenSchema } from './session-body.ts';

const params = z.strictObject({ id: z.string().max(100) });
const ofUserParams = z.strictObject({ user_id: z.string() });
const nothing = z.object({});

const inexistentToken = () =>
  new ManagementError(404, 'The refresh token does not exist.', 'inexistent_refresh_token');

/** RT-20: it is a part of its session. */
function assertOffline({ family }: RefreshTokenDetails, instead = ''): void {
  if (!family.online) return;
  const message = `API doesn't support Online Refresh Tokens${instead}`;
  throw new ManagementError(400, message, 'operation_not_supported');
}

const insteadOfRevoking =
  '. To revoke an Online Refresh Token, use the Sessions API: POST /api/v2/sessions/{session_id}/revoke';

const getRefreshToken = route({
  method: 'GET',
  path: '/refresh-tokens/{id}',
  summary: 'Get a refresh token',
  scopes: ['read:refresh_tokens'],
  params,
  status: 200,
  response: refreshTokenSchema,
  async answer({ params: { id } }, { refreshTokenDetails }, { clock, issuer }) {
    const found = await refreshTokenDetails.find(id, clock.now());
    if (found === undefined) throw inexistentToken();
    assertOffline(found);
    return refreshTokenBody(found, userinfoAudience(issuer));
  },
});

const updateRefreshToken = route({
  method: 'PATCH',
  path: '/refresh-tokens/{id}',
  summary: 'Update a refresh token',
  scopes: ['update:refresh_tokens'],
  params,
  body: z.strictObject({ refresh_token_metadata: metadataField }),
  status: 200,
  response: refreshTokenSchema,
  async answer({ params: { id }, body, caller }, stores, ports) {
    const found = await lockRefreshToken(id, caller, stores, ports);
    if (found === undefined) throw inexistentToken();
    assertOffline(found);
    const { refresh_token_metadata } = body;
    await stores.refreshTokenDetails.setMetadata(id, refresh_token_metadata);
    return refreshTokenBody({ ...found, refresh_token_metadata }, userinfoAudience(ports.issuer));
  },
});

/** What is not there was revoked already. */
const deleteRefreshToken = route({
  method: 'DELETE',
  path: '/refresh-tokens/{id}',
  summary: 'Delete a refresh token',
  scopes: ['delete:refresh_tokens'],
  params,
  status: 202,
  response: nothing,
  async answer({ params: { id }, caller }, stores, ports) {
    await revokeOne(id, caller, stores, ports);
    return {};
  },
});

async function lockRefreshToken(
  aid: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<RefreshTokenDetails | undefined> {
  const found = await stores.refreshTokenDetails.find(aid, ports.clock.now());
  if (found !== undefined) await lockUser(found.family.user_id, caller, stores, ports);
  return found;
}

async function revokeOne(
  aid: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const found = await lockRefreshToken(aid, caller, stores, ports);
  if (found === undefined) return;
  assertOffline(found, insteadOfRevoking);
  const { now, until } = refusedUntil(ports);
  await stores.authorizations.revokeAuthorization(aid, now, until, 'revoked');
}

const revocationBody = z.strictObject({
  ids: z.array(z.string().min(1).max(30)).min(1).max(100).optional(),
  user_id: z.string().min(1).max(300).optional(),
  client_id: z.string().min(1).max(64).optional(),
  audience: z.string().min(1).max(600).optional(),
});

const revokeRefreshTokens = route({
  method: 'POST',
  path: '/refresh-tokens/revoke',
  summary: 'Revoke refresh tokens',
  scopes: ['delete:refresh_tokens'],
  body: revocationBody,
  status: 202,
  response: nothing,
  async answer({ body, caller }, stores, ports) {
    const { ids, user_id, client_id, audience } = body;
    assertCombination(body);
    for (const id of ids ?? []) await revokeOne(id, caller, stores, ports);
    if (user_id === undefined) return {};
    if ((await lockUser(user_id, caller, stores, ports)) === undefined) throw unknown('User');
    if (client_id !== undefined && (await stores.clients.find(client_id)) === undefined)
      throw unknown('Client');
    const stored = audience === userinfoAudience(ports.issuer) ? '' : audience;
    if (stored && (await stores.resourceServers.find(stored)) === undefined) throw unknown('Resource server');
    const { now, until } = refusedUntil(ports);
    const of = { user_id, client_id, audience: stored };
    await stores.refreshTokenDetails.revokeOffline(of, now, until);
    return {};
  },
});

function assertCombination({ ids, user_id, client_id, audience }: z.infer<typeof revocationBody>): void {
  const named = [user_id, client_id, audience].map((name) => name !== undefined);
  // Each narrows the one before it.
  const isNarrowing = named.every((isNamed, at) => !isNamed || named.slice(0, at).every(Boolean));
  if (ids === undefined ? isNarrowing && named[0] : !named.includes(true)) return;
  throw new ManagementError(400, 'Invalid combination of parameters.', 'invalid_body');
}

function unknown(what: string): ManagementError {
  return new ManagementError(400, `${what} not found.`, 'invalid_body');
}

const listed = paginated('refresh_tokens', refreshTokenSchema, {
  checkpoint: 'only',
  filters: { user_id: z.string().min(1).max(300), client_id: z.string().min(1).max(64).optional() },
});

const listRefreshTokens = route({
  method: 'GET',
  path: '/refresh-tokens',
  summary: 'Get refresh tokens',
  scopes: ['read:refresh_tokens'],
  ...listed.route,
  fields: true,
  async answer({ query }, stores, { clock, issuer }) {
    const { user_id, client_id } = query;
    await assertUserExists(user_id, stores);
    if (client_id !== undefined && (await stores.clients.find(client_id)) === undefined)
      throw new ManagementError(404, 'The client does not exist.', 'inexistent_client');
    return listed.answerEach(
      query,
      (page) => stores.refreshTokenDetails.list({ user_id, client_id }, page, clock.now()),
      (item) => refreshTokenBody(item, userinfoAudience(issuer)),
    );
  },
});

/** Counted as recorded. */
const tokens = paginated('tokens', refreshTokenSchema, { checkpoint: 'only', countedByCheckpoint: true });

const listRefreshTokensOfUser = route({
  method: 'GET',
  path: '/users/{user_id}/refresh-tokens',
  summary: 'Get refresh tokens for a user',
  scopes: ['read:refresh_tokens'],
  params: ofUserParams,
  ...tokens.route,
  async answer({ params: { user_id }, query }, stores, { clock, issuer }) {
    await assertUserExists(user_id, stores);
    return tokens.answerEach(
      query,
      (page) => stores.refreshTokenDetails.list({ user_id }, page, clock.now()),
      (item) => refreshTokenBody(item, userinfoAudience(issuer)),
    );
  },
});

const deleteRefreshTokens = route({
  method: 'DELETE',
  path: '/users/{user_id}/refresh-tokens',
  summary: 'Delete refresh tokens for a user',
  scopes: ['delete:refresh_tokens'],
  params: ofUserParams,
  status: 202,
  response: nothing,
  async answer({ params: { user_id }, caller }, stores, ports) {
    await getLockedUser(user_id, caller, stores, ports);
    const { now, until } = refusedUntil(ports);
    await stores.refreshTokenDetails.revokeOffline({ user_id }, now, until);
    return {};
  },
});

export const refreshTokenRoutes: readonly Route[] = [
  getRefreshToken,
  updateRefreshToken,
  deleteRefreshToken,
  revokeRefreshTokens,
  listRefreshTokens,
  listRefreshTokensOfUser,
  deleteRefreshTokens,
];
