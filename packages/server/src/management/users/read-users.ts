import { z } from 'zod';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { inexistentUser } from './user-access.ts';
import { type UserBody, userBody, userSchema } from './user-body.ts';

export const userParams = z.strictObject({ id: z.string() });

export async function findUserBody(
  user_id: string,
  { users }: Pick<ManagementStores, 'users'>,
): Promise<UserBody | undefined> {
  const user = await users.find(user_id);
  return user && userBody(user, await users.listIdentities(user_id));
}

export const getUser = route({
  method: 'GET',
  path: '/users/{id}',
  summary: 'Get a User',
  scopes: ['read:users', 'read:user_idp_tokens'],
  currentUser: { scopes: ['read:current_user'], param: 'id' },
  params: userParams,
  status: 200,
  response: userSchema,
  fields: true,
  async answer({ params: { id } }, stores) {
    const body = await findUserBody(id, stores);
    if (body === undefined) throw inexistentUser();
    return body;
  },
});

export const listUsersByEmail = route({
  method: 'GET',
  path: '/users-by-email',
  summary: 'Search Users by Email',
  scopes: ['read:users'],
  query: z.strictObject({ email: z.string().min(1).max(300) }),
  status: 200,
  response: z.array(userSchema),
  fields: true,
  async answer({ query: { email } }, { users }) {
    const found = await users.listByEmail(email);
    return Promise.all(found.map(async (user) => userBody(user, await users.listIdentities(user.user_id))));
  },
});
