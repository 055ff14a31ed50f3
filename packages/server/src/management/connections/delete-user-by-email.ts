import { z } from 'zod';
import { isDatabase } from '../../model/connection.ts';
import { isPrimary, normalizedEmail } from '../../model/user.ts';
import { ManagementError } from '../errors.ts';
import { route } from '../route.ts';
import { removeUser } from '../users/delete-user.ts';
import { lockUser } from '../users/user-access.ts';
import { existingConnection } from './judge.ts';
import { connectionParams } from './read-connections.ts';

/** Of a user who is named after another identity, that of this connection alone goes. */
export const deleteUserByEmail = route({
  method: 'DELETE',
  path: '/connections/{id}/users',
  summary: 'Delete a connection user',
  scopes: ['delete:users'],
  params: connectionParams,
  query: z.strictObject({ email: z.string().min(1).max(254) }),
  status: 204,
  response: z.null(),
  async answer({ params: { id }, query, caller }, stores, ports) {
    const connection = await existingConnection(id, stores);
    if (!isDatabase(connection))
      throw new ManagementError(400, 'Connection must be a database connection', 'operation_not_supported');
    const email = normalizedEmail(query.email);
    const found = await stores.users.findByIdentifier(id, email);
    if (found?.identity.email !== email) return null;
    if (isPrimary(found.identity)) return removeUser(found.user.user_id, caller, stores, ports);
    if ((await lockUser(found.user.user_id, caller, stores, ports)) === undefined) return null;
    await stores.connectionUsers.unlink(found.identity);
    return null;
  },
});
