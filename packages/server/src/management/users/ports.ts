// What the routes about users need of storage; each comment states the invariant that they rely on.
import type { Identity, User } from '../../model/user.ts';

export interface ManagedIdentityStore {
  /** By the `user_id` that the identity has, or had, as a user of its own. */
  findNamed(provider: string, user_id: string): Promise<Identity | undefined>;
  /**
   * By connection and provider's id: owner, identifiers and profile. False, and nothing changed, if the connection has
   * another of this e-mail address, username or telephone number.
   */
  update(identity: Identity): Promise<boolean>;
}

export interface ManagedUserStore {
  /** By user_id; what logins write (`last_login`, `last_ip`, `logins_count`) stays. Under `lock` alone. */
  update(user: User): Promise<void>;
  /** With exactly this address. */
  listByEmail(email: string): Promise<User[]>;
  /** A user whose identity is there already, and is made theirs next. */
  restore(user: User): Promise<void>;
  /** With everything that is the user's; false if there was no such user. */
  delete(user_id: string): Promise<boolean>;
}

export interface UserStores {
  users: ManagedUserStore;
  identities: ManagedIdentityStore;
}
