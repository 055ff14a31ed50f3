import type { AuthenticationMethod } from '../../model/authentication-method.ts';
import type { Listed, Page } from '../pagination.ts';

export interface AuthenticationMethodStore {
  /** The secret of a `totp` is sealed beside it. */
  insert(method: AuthenticationMethod, totp_secret: string | null): Promise<void>;
  find(user_id: string, id: string): Promise<AuthenticationMethod | undefined>;
  /** In the order in which they were made; those of one second by id. */
  list(user_id: string, page: Page): Promise<Listed<AuthenticationMethod>>;
  /** By user and id: name and description. */
  update(method: AuthenticationMethod): Promise<void>;
  /** True if there was one. */
  delete(user_id: string, id: string): Promise<boolean>;
  deleteAllOf(user_id: string): Promise<void>;
}

export interface AuthenticationMethodStores {
  authenticationMethods: AuthenticationMethodStore;
}
