import { z } from 'zod';
import { endSessionsOf } from '../../login/sessions.ts';
import { assertOwnerRemains } from '../administration.ts';
import { route } from '../route.ts';
import { userParams } from './read-users.ts';
import { lockUser } from './user-access.ts';

/** Whoever is there no more was deleted already: the answer is the same. */
export const deleteUser = route({
  method: 'DELETE',
  path: '/users/{id}',
  summary: 'Delete a User',
  scopes: ['delete:users'],
  currentUser: { scopes: ['delete:current_user'], param: 'id' },
  params: userParams,
  status: 204,
  response: z.null(),
  async answer({ params: { id }, caller }, stores, ports) {
    if ((await lockUser(id, caller, stores, ports)) === undefined) return null;
    await assertOwnerRemains([id], stores);
    const making = { now: ports.clock.now(), random: ports.random };
    await endSessionsOf(id, 'account-deleted', caller.requester, stores, making);
    await stores.users.delete(id);
    return null;
  },
});
