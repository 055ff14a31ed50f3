// Where Auth0's fields for users stand.
import { type RawBuilder, sql } from 'kysely';
import type { UserField } from '../../management/search/ports.ts';
import type { Subject } from './sql.ts';

const identity = { table: 'identity', owner: 'owner' };

export const users: Subject<UserField> = {
  table: 'user',
  id: 'user_id',
  places: {
    user_id: { column: 'user_id', indexed: 'whole' },
    email: { column: 'email_search', folded: true, indexed: 'whole', nullable: true },
    'email.domain': { column: 'email_domain', folded: true, indexed: 'present', nullable: true },
    email_verified: { column: 'email_verified' },
    username: { column: 'username', folded: true, indexed: 'present', nullable: true },
    phone_number: { column: 'phone_number', indexed: 'present', nullable: true },
    phone_verified: { column: 'phone_verified' },
    name: { column: 'name_search', folded: true, indexed: 'whole' },
    given_name: { column: 'given_name_search', folded: true, indexed: 'present', nullable: true },
    family_name: { column: 'family_name_search', folded: true, indexed: 'present', nullable: true },
    nickname: { column: 'nickname_search', folded: true, indexed: 'whole' },
    blocked: { column: 'blocked', indexed: 'whole' },
    created_at: { column: 'created_at', indexed: 'whole' },
    updated_at: { column: 'updated_at' },
    last_login: { column: 'last_login', indexed: 'whole', nullable: true },
    last_ip: { column: 'last_ip', nullable: true },
    logins_count: { column: 'logins_count', indexed: 'whole' },
    last_password_reset: { column: 'last_password_reset', nullable: true },
    organization_id: {
      column: 'organization_id',
      of: { table: 'organization_member', owner: 'user_id' },
      indexed: 'present',
    },
    'identities.connection': { column: 'connection', of: identity, indexed: 'present' },
    'identities.provider': { column: 'provider', of: identity },
    'identities.user_id': { column: 'user_id', of: identity, indexed: 'present' },
    'identities.isSocial': { column: 'isSocial', of: identity },
    user_metadata: { column: 'user_metadata' },
    app_metadata: { column: 'app_metadata' },
  },
};

export interface UserOrder {
  field: UserField;
  descending: boolean;
}

/** The order of a list, in which the id decides between equals. `present`: of rows that all have the field. */
export function orderBy({ field, descending }: UserOrder, { present = false } = {}): RawBuilder<unknown> {
  const { column, nullable, indexed } = users.places[field];
  const direction = sql.raw(descending ? 'desc' : 'asc');
  if (column === users.id) return sql`order by ${sql.ref(column)} ${direction}`;
  // What SQLite does without being told, and the indexes of PostgreSQL have.
  const hasNulls = nullable && !(present && indexed === 'present');
  const nulls = sql.raw(descending ? 'nulls last' : 'nulls first');
  return sql`order by ${sql.ref(column)} ${direction} ${hasNulls ? nulls : sql``}, ${sql.ref(users.id)} ${direction}`;
}
