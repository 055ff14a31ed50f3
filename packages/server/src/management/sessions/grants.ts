// /grants of the Management API: what users consented to (contract §3.7, CN-1).
import { z } from 'zod';
import type { UserGrant } from '../../model/session.ts';
import { userinfoAudience } from '../../oauth/issue/tokens.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Route, route } from '../route.ts';
import { lockUser } from '../users/user-access.ts';
import { refusedUntil } from './ending.ts';

const grantSchema = z.object({
  id: z.string(),
  clientID: z.string(),
  user_id: z.string(),
  audience: z.string(),
  scope: z.array(z.string()),
});

const grants = paginated('grants', grantSchema, {
  filters: {
    user_id: z.string().optional(),
    client_id: z.string().optional(),
    audience: z.string().optional(),
  },
});

/** A consent that names no API is one for /userinfo. */
function grantBody({ id, client_id, user_id, audience, scope }: UserGrant, userinfo: string) {
  return { id, clientID: client_id, user_id, audience: audience || userinfo, scope };
}

const listGrants = route({
  method: 'GET',
  path: '/grants',
  summary: 'Get grants',
  scopes: ['read:grants'],
  ...grants.route,
  async answer({ query }, { grantList }, ports) {
    const { user_id, client_id } = query;
    const userinfo = userinfoAudience(ports.issuer);
    const audience = query.audience === userinfo ? '' : query.audience;
    return grants.answerEach(
      query,
      (page) => grantList.list({ user_id, client_id, audience }, page),
      (grant) => grantBody(grant, userinfo),
    );
  },
});

/** What is not there was deleted already. */
const deleteGrant = route({
  method: 'DELETE',
  path: '/grants/{id}',
  summary: 'Delete a grant by id',
  scopes: ['delete:grants'],
  params: z.strictObject({ id: z.string() }),
  status: 204,
  response: z.null(),
  async answer({ params: { id }, caller }, stores, ports) {
    const grant = await stores.grantList.find(id);
    if (grant === undefined) return null;
    await lockUser(grant.user_id, caller, stores, ports);
    await takeBack(grant, stores, ports);
    return null;
  },
});

/** AT-14: what was given by the grant ends with it. */
async function takeBack(
  { id, user_id, client_id, audience }: UserGrant,
  { grantList, authorizations }: Pick<ManagementStores, 'grantList' | 'authorizations'>,
  ports: ManagementPorts,
): Promise<void> {
  await grantList.delete(id);
  const { now, until } = refusedUntil(ports);
  await authorizations.revokeAuthorizations({ user_id, client_id, audience }, now, until);
}

const firstOfThem = { limit: 100, offset: 0, after: undefined, counted: false };

const deleteGrantsOfUser = route({
  method: 'DELETE',
  path: '/grants',
  summary: 'Delete a grant by user_id',
  scopes: ['delete:grants'],
  query: z.strictObject({ user_id: z.string() }),
  status: 204,
  response: z.null(),
  async answer({ query: { user_id }, caller }, stores, ports) {
    if ((await lockUser(user_id, caller, stores, ports)) === undefined) return null;
    for (;;) {
      const { items } = await stores.grantList.list({ user_id }, firstOfThem);
      for (const grant of items) await takeBack(grant, stores, ports);
      if (items.length < firstOfThem.limit) return null;
    }
  },
});

export const grantRoutes: readonly Route[] = [listGrants, deleteGrant, deleteGrantsOfUser];
