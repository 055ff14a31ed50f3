// What was taken away from a client is not given any more, and what it was never granted neither.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ResourceServer } from '../../packages/server/src/model/resource-server.ts';
import { Agent } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  claimsOf,
  codeOf,
  getTokens,
  newPkce,
  sampleTenant,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let orders: ResourceServer;

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      clientGrants: [{ client_id: 'third', audience, scope: ['read:orders'], subject_type: 'user' }],
    }),
    users,
  });
  const found = await freehold.stores.resourceServers.find(audience);
  if (found === undefined) throw new Error('The sample has no such API');
  orders = found;
});
afterAll(() => freehold.stop());

const change = (members: Partial<ResourceServer>) =>
  freehold.composed.unitOfWork.transaction(({ resourceServers }) =>
    resourceServers.upsert({ ...orders, ...members }),
  );

const scope = 'openid offline_access read:orders write:orders';

describe('AT-11: final scopes = requested ∩ client grant', () => {
  test('a third-party client gets the scopes of its client grant and no other', async () => {
    const agent = new Agent(freehold.issuer);
    const pkce = newPkce();
    const url = authorizationUrl(freehold, pkce, {
      client_id: 'third',
      audience,
      scope: 'openid read:orders write:orders',
    });
    const consent = await agent.logIn(url, 'ada@example.com', users[0]?.password ?? '');
    const code = codeOf(await agent.follow(await agent.submit(consent, { action: 'accept' })));
    const tokens = (
      await agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_id: 'third' }))
    ).json();
    expect(tokens.scope).toBe('openid read:orders');
    expect(claimsOf(String(tokens.access_token)).scope).toBe('openid read:orders');
  });

  test('a first-party client needs one too where the policy is require_client_grant (AZ-21)', async () => {
    await change({
      subject_type_authorization: {
        ...orders.subject_type_authorization,
        user: { policy: 'require_client_grant' },
      },
    });
    const answer = await new Agent(freehold.issuer).send(authorizationUrl(freehold, newPkce(), { audience }));
    expect(answer.location?.searchParams.get('error_description')).toBe(
      `Client "spa" is not authorized to access resource server "${audience}".`,
    );
    await change({});
  });
});

describe('a refresh token gives what the client may have now', () => {
  let refresh_token: string;
  let agent: Agent;

  beforeEach(async () => {
    await change({});
    const given = await getTokens(freehold, { authorize: { audience, scope } });
    agent = given.agent;
    refresh_token = given.tokens.refresh_token ?? '';
  });

  const refresh = () =>
    agent.postForm('/oauth/token', { grant_type: 'refresh_token', client_id: 'spa', refresh_token });
  const refused = { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' };

  test('a scope that the API has no more is not given', async () => {
    await change({ scopes: orders.scopes.filter(({ value }) => value === 'read:orders') });
    expect((await refresh()).json().scope).toBe('openid offline_access read:orders');
  });

  test.each([
    [
      'the API denies every user',
      {
        subject_type_authorization: {
          user: { policy: 'deny_all' as const },
          client: { policy: 'require_client_grant' as const },
        },
      },
    ],
    ['the API allows no offline access', { allow_offline_access: false }],
  ])('nothing where %s, and the token is not spent', async (_what, members) => {
    await change(members);
    const answer = await refresh();
    expect([answer.status, answer.json()]).toEqual([403, refused]);
    await change({});
    expect((await refresh()).status).toBe(200);
  });

  test('nothing where the user’s connection is disabled for the client', async () => {
    const { unitOfWork } = freehold.composed;
    const [connection] = await freehold.stores.connections.list();
    if (connection === undefined) throw new Error('The sample has no connection');
    const clients = await freehold.stores.connections.listClients(connection.id);
    const enable = (ids: string[]) =>
      unitOfWork.transaction(({ connections }) => connections.setClients(connection.id, ids));
    await enable(clients.filter((id) => id !== 'spa'));
    const answer = await refresh();
    expect([answer.status, answer.json()]).toEqual([403, refused]);
    await enable(clients);
  });
});
