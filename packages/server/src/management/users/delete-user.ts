import { z } from 'zod';
import { eraseUser } from '../../login/user-deletion.ts';
import { assertOwnerRemains } from '../administration.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, route } from '../route.ts';
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
  answer: ({ params: { id }, caller }, stores, ports) => removeUser(id, caller, stores, ports),
});

/** With all that is the user's; their sessions end, and the applications hear of it. Throws ManagementError 400, 403. */
export async function removeUser(
  id: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<null> {
  if ((await lockUser(id, caller, stores, ports)) === undefined) return null;
  await assertOwnerRemains([id], stores);
  await eraseUser(id, caller.requester, stores, ports);
  return null;
}
