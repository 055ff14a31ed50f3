// What searches need of storage, and what can be searched: Auth0's fields for users and for the log (contract §3.5,
// §3.7).
import type { Identity, User } from '../../model/user.ts';
import type { Condition, Searchable } from './condition.ts';

export const searchableUser = {
  fields: {
    user_id: 'text',
    email: 'text',
    'email.domain': 'text',
    email_verified: 'flag',
    username: 'text',
    phone_number: 'text',
    phone_verified: 'flag',
    name: 'text',
    given_name: 'text',
    family_name: 'text',
    nickname: 'text',
    blocked: 'flag',
    created_at: 'seconds',
    updated_at: 'seconds',
    last_login: 'seconds',
    last_ip: 'text',
    logins_count: 'integer',
    last_password_reset: 'seconds',
    organization_id: 'text',
    'identities.connection': 'text',
    'identities.provider': 'text',
    'identities.user_id': 'text',
    'identities.isSocial': 'flag',
    user_metadata: 'json',
    app_metadata: 'json',
  },
  bare: {
    byPrefix: ['email', 'name', 'given_name', 'family_name', 'nickname', 'username', 'phone_number'],
    whole: ['user_id'],
  },
} as const satisfies Searchable<string>;
export type UserField = keyof (typeof searchableUser)['fields'];

/** What a list of users is ordered by. */
export const userSortFields = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'blocked',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
  'last_password_reset',
] as const satisfies readonly UserField[];
export type UserSortField = (typeof userSortFields)[number];

export interface UserSearch {
  condition: Condition<UserField>;
  /** Undefined: in whatever order is cheapest, the same for the same condition. */
  sort: { field: UserSortField; descending: boolean } | undefined;
  limit: number;
  offset: number;
  /** Whether the number of all that are found is asked for. */
  counted: boolean;
}

export interface FoundUsers {
  /** UP-3: the primary identity first. */
  items: { user: User; identities: Identity[] }[];
  total?: number;
}

export interface UserSearchStore {
  /**
   * What no index finds is looked for row by row, in small steps, and at last given up: undefined, as a search that
   * must be narrowed.
   */
  find(search: UserSearch): Promise<FoundUsers | undefined>;
}

export interface SearchStores {
  userSearch: UserSearchStore;
}
