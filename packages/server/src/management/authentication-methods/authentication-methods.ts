// /users/{id}/authentication-methods (contract §3.5).
import { z } from 'zod';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { userParams } from '../users/read-users.ts';
import { assertUserExists, getLockedUser, lockUser } from '../users/user-access.ts';
import { invalidBody } from '../validation.ts';
import {
  changedFactorSchema,
  factorBody,
  factorSchema,
  newFactorSchema,
  replacingFactorSchema,
} from './factor-fields.ts';
import { listFactors, makeFactor, recordFactors } from './make-factor.ts';

const factors = paginated('authenticators', factorSchema, { per_page: { least: 0 } });
const path = '/users/{id}/authentication-methods';
const pathOfOne = `${path}/{authentication_method_id}` as const;
const factorParams = userParams.extend({ authentication_method_id: z.string().max(100) });

function inexistentFactor(): ManagementError {
  return new ManagementError(404, 'The authentication method could not be found.');
}

/** Whoever holds a passkey may have nothing else to log in with. */
function assertNoPasskey(types: { type: string }[]): void {
  if (types.some(({ type }) => type === 'passkey'))
    throw new ManagementError(403, 'Operation not permitted when the user has registered at least 1 passkey');
}

export const listAuthenticationMethods = route({
  method: 'GET',
  path,
  summary: 'Get a list of authentication methods',
  scopes: ['read:authentication_methods'],
  params: userParams,
  ...factors.route,
  async answer({ params: { id }, query }, stores) {
    await assertUserExists(id, stores);
    return factors.answerEach(
      query,
      (page) => stores.authenticationMethods.list(id, page),
      (factor) => ({ ...factorBody(factor), confirmed: true }),
    );
  },
});

export const createAuthenticationMethod = route({
  method: 'POST',
  path,
  summary: 'Creates an authentication method for a given user',
  scopes: ['create:authentication_methods'],
  params: userParams,
  body: newFactorSchema,
  status: 201,
  response: factorSchema,
  async answer({ params: { id }, body, caller }, stores, ports) {
    const user = await getLockedUser(id, caller, stores, ports);
    const made = await makeFactor(id, body, stores, ports);
    await recordFactors(user, stores, ports.clock.now());
    return made;
  },
});

export const replaceAuthenticationMethods = route({
  method: 'PUT',
  path,
  summary: 'Update all authentication methods by replacing them with the given ones',
  scopes: ['update:authentication_methods'],
  params: userParams,
  body: z.array(replacingFactorSchema).max(20),
  status: 200,
  response: z.array(factorSchema),
  async answer({ params: { id }, body, caller }, stores, ports) {
    const user = await getLockedUser(id, caller, stores, ports);
    assertNoPasskey(await listFactors(id, stores));
    await stores.authenticationMethods.deleteAllOf(id);
    const made = [];
    for (const factor of body) made.push(await makeFactor(id, factor, stores, ports));
    await recordFactors(user, stores, ports.clock.now());
    return made;
  },
});

export const deleteAuthenticationMethods = route({
  method: 'DELETE',
  path,
  summary: 'Delete all authentication methods for the given user',
  scopes: ['delete:authentication_methods'],
  params: userParams,
  status: 204,
  response: z.null(),
  async answer({ params: { id }, caller }, stores, ports) {
    const user = await lockUser(id, caller, stores, ports);
    if (user === undefined) return null;
    assertNoPasskey(await listFactors(id, stores));
    await stores.authenticationMethods.deleteAllOf(id);
    await recordFactors(user, stores, ports.clock.now());
    return null;
  },
});

export const getAuthenticationMethod = route({
  method: 'GET',
  path: pathOfOne,
  summary: 'Get an authentication method by ID',
  scopes: ['read:authentication_methods'],
  params: factorParams,
  status: 200,
  response: factorSchema,
  async answer({ params: { id, authentication_method_id } }, stores) {
    await assertUserExists(id, stores);
    const factor = await stores.authenticationMethods.find(id, authentication_method_id);
    if (factor === undefined) throw inexistentFactor();
    return { ...factorBody(factor), confirmed: true };
  },
});

export const updateAuthenticationMethod = route({
  method: 'PATCH',
  path: pathOfOne,
  summary: 'Update an authentication method',
  scopes: ['update:authentication_methods'],
  params: factorParams,
  body: changedFactorSchema,
  status: 200,
  response: factorSchema,
  async answer({ params: { id, authentication_method_id }, body, caller }, stores, ports) {
    const user = await getLockedUser(id, caller, stores, ports);
    const factor = await stores.authenticationMethods.find(id, authentication_method_id);
    if (factor === undefined) throw inexistentFactor();
    const { name = factor.name, preferred_authentication_method: preferred } = body;
    if (preferred !== undefined && factor.type !== 'phone')
      throw invalidBody('Additional properties not allowed: preferred_authentication_method');
    const preference = preferred === undefined ? {} : { preferred_authentication_method: preferred };
    const changed = { ...factor, name, described: { ...factor.described, ...preference } };
    await stores.authenticationMethods.update(changed);
    await recordFactors(user, stores, ports.clock.now());
    return factorBody(changed);
  },
});

export const deleteAuthenticationMethod = route({
  method: 'DELETE',
  path: pathOfOne,
  summary: 'Delete an authentication method by ID',
  scopes: ['delete:authentication_methods'],
  params: factorParams,
  status: 204,
  response: z.null(),
  async answer({ params: { id, authentication_method_id }, caller }, stores, ports) {
    const user = await getLockedUser(id, caller, stores, ports);
    if (!(await stores.authenticationMethods.delete(id, authentication_method_id))) throw inexistentFactor();
    await recordFactors(user, stores, ports.clock.now());
    return null;
  },
});
