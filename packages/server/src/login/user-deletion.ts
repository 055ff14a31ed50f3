// Deleting a user, with everything that is theirs.
import type { Requester } from '../model/events.ts';
import type { LoginStores } from './ports.ts';
import { endSessionsOf } from './sessions.ts';

export interface UserDeletionStores extends LoginStores {
  users: LoginStores['users'] & {
    /** With everything that is the user's; false if there was no such user. */
    delete(user_id: string): Promise<boolean>;
  };
}

/** Their sessions end, and the applications hear of it. In the transaction of the caller. */
export async function eraseUser(
  user_id: string,
  requester: Requester,
  stores: UserDeletionStores,
  ports: Parameters<typeof endSessionsOf>[4],
): Promise<void> {
  // First: the end of a login holds the consent that it relies on, and then its session.
  await stores.userGrants.deleteAllOf(user_id);
  await endSessionsOf(user_id, 'account-deleted', requester, stores, ports);
  await stores.users.delete(user_id);
}
