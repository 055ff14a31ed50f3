// Brute-force blocks (contract AP-3, §3.5): who cannot log in for having failed too often, and from where. What counts
// failures knows hashes alone, so that whoever asks has to name the identifier.
import { z } from 'zod';
import { type Connection, isBruteForceProtected, isForLogin } from '../../model/connection.ts';
import type { Identity } from '../../model/user.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { queryBoolean } from '../wire.ts';
import { userParams } from './read-users.ts';
import { assertUserExists, getLockedUser, lockUser } from './user-access.ts';

const blocksSchema = z.object({
  blocked_for: z.array(
    z.object({ identifier: z.string(), ip: z.string().optional(), connection: z.string() }),
  ),
});

const identifierField = z.string().min(1).max(300);
/** What is told is what stops people, so that nothing is while the protection is off: with or without this. */
const consider_brute_force_enablement = queryBoolean.optional();

export const getBlocksByIdentifier = route({
  method: 'GET',
  path: '/user-blocks',
  summary: 'Get blocks by identifier',
  scopes: ['read:users'],
  query: z.strictObject({ identifier: identifierField, consider_brute_force_enablement }),
  status: 200,
  response: blocksSchema,
  answer: async ({ query: { identifier } }, stores, ports) =>
    blocksOf(await everywhere(identifier, stores), stores, ports),
});

export const getBlocks = route({
  method: 'GET',
  path: '/user-blocks/{id}',
  summary: "Get a user's blocks",
  scopes: ['read:users'],
  params: userParams,
  query: z.strictObject({ consider_brute_force_enablement }),
  status: 200,
  response: blocksSchema,
  async answer({ params: { id } }, stores, ports) {
    await assertUserExists(id, stores);
    return blocksOf(await identifiersOf(id, stores), stores, ports);
  },
});

export const deleteBlocksByIdentifier = route({
  method: 'DELETE',
  path: '/user-blocks',
  summary: 'Unblock by identifier',
  scopes: ['update:users'],
  query: z.strictObject({ identifier: identifierField }),
  status: 204,
  response: z.null(),
  async answer({ query: { identifier }, caller }, stores, ports) {
    const places = await everywhere(identifier, stores);
    for (const { connection_id } of places) {
      const found = await stores.users.findByIdentifier(connection_id, identifier);
      if (found !== undefined) await lockUser(found.user.user_id, caller, stores, ports);
    }
    return unblock(places, stores, ports);
  },
});

export const deleteBlocks = route({
  method: 'DELETE',
  path: '/user-blocks/{id}',
  summary: 'Unblock a user',
  scopes: ['update:users'],
  params: userParams,
  status: 204,
  response: z.null(),
  async answer({ params: { id }, caller }, stores, ports) {
    await getLockedUser(id, caller, stores, ports);
    return unblock(await identifiersOf(id, stores), stores, ports);
  },
});

/** Where somebody may have typed what. */
interface Place {
  identifier: string;
  connection_id: string;
  connection: string;
}

async function everywhere(
  identifier: string,
  { connections }: Pick<ManagementStores, 'connections'>,
): Promise<Place[]> {
  return (await connections.list()).filter(counts).map(({ id, name }) => ({
    identifier,
    connection_id: id,
    connection: name,
  }));
}

async function identifiersOf(user_id: string, stores: ManagementStores): Promise<Place[]> {
  const places: Place[] = [];
  for (const identity of await stores.users.listIdentities(user_id)) {
    const connection = await stores.connections.find(identity.connection_id);
    if (connection !== undefined && counts(connection)) places.push(...placesOf(identity));
  }
  return places;
}

function placesOf({ email, username, phone_number, connection_id, connection }: Identity): Place[] {
  return [email, username, phone_number]
    .filter((identifier) => identifier !== null)
    .map((identifier) => ({ identifier, connection_id, connection }));
}

function counts(connection: Connection): boolean {
  return isForLogin(connection) && isBruteForceProtected(connection);
}

async function blocksOf(
  places: Place[],
  { failedLogins }: Pick<ManagementStores, 'failedLogins'>,
  { bruteForceProtection, clock }: ManagementPorts,
) {
  const blocked_for = [];
  for (const place of places) {
    const { identifier, connection } = place;
    for (const { ip } of await bruteForceProtection.blocksOf(place, clock.now(), failedLogins))
      blocked_for.push({ identifier, ...(ip === null ? {} : { ip }), connection });
  }
  return { blocked_for };
}

async function unblock(
  places: Place[],
  { failedLogins }: Pick<ManagementStores, 'failedLogins'>,
  { bruteForceProtection }: ManagementPorts,
): Promise<null> {
  for (const place of places) await bruteForceProtection.unblock(place, failedLogins);
  return null;
}
