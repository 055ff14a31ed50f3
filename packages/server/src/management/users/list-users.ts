// GET /users: the list, and the search with `q` (contract §3.5). However far a page is, it is answered: Auth0's limit of
// 1000 users does not stand here.
import { z } from 'zod';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { type Condition, equals } from '../search/condition.ts';
import { longestQuery } from '../search/parse.ts';
import {
  searchableUser,
  type UserField,
  type UserSearch,
  type UserSortField,
  userSortFields,
} from '../search/ports.ts';
import { conditionIn, searchTooLong } from '../search/refusals.ts';
import { queryBoolean } from '../wire.ts';
import { userBody, userSchema } from './user-body.ts';

const users = paginated('users', userSchema, {
  per_page: { least: 0 },
  length: true,
  filters: {
    q: z.string().max(longestQuery).optional(),
    search_engine: z.enum(['v1', 'v2', 'v3']).optional(),
    connection: z.string().min(1).max(128).optional(),
    sort: z
      .string()
      .regex(new RegExp(`^(?:${userSortFields.join('|')}):(?:1|-1)$`))
      .optional(),
    /** The order is always the same. */
    primary_order: queryBoolean.optional(),
  },
});

export const listUsers = route({
  method: 'GET',
  path: '/users',
  summary: 'List or Search Users',
  scopes: ['read:users', 'read:user_idp_tokens'],
  ...users.route,
  fields: true,
  async answer({ query }, { userSearch }) {
    assertEngine(query.search_engine);
    const search = { condition: conditionOf(query), sort: sortOf(query.sort) };
    return users.answer(query, async ({ limit, offset, counted }) => {
      const found = await userSearch.find({ ...search, limit, offset, counted });
      if (found === undefined) throw searchTooLong();
      return { ...found, items: found.items.map(({ user, identities }) => userBody(user, identities)) };
    });
  },
});

function assertEngine(search_engine: 'v1' | 'v2' | 'v3' | undefined): void {
  if (search_engine === undefined || search_engine === 'v3') return;
  const instead = search_engine === 'v2' ? ' Use search_engine=v3 instead.' : '';
  throw new ManagementError(
    400,
    `You are not allowed to use search_engine=${search_engine}.${instead}`,
    'invalid_query_string',
  );
}

function conditionOf({
  q,
  connection,
}: {
  q?: string | undefined;
  connection?: string | undefined;
}): Condition<UserField> {
  const asked = conditionIn(q ?? '', searchableUser);
  if (connection === undefined) return asked;
  const ofConnection = equals<UserField>('identities.connection', connection);
  return asked.kind === 'all' ? ofConnection : { kind: 'and', of: [asked, ofConnection] };
}

/** Its pattern has been matched. */
function sortOf(sort: string | undefined): UserSearch['sort'] {
  const [field, direction] = sort?.split(':') ?? [];
  return field === undefined ? undefined : { field: field as UserSortField, descending: direction === '-1' };
}
