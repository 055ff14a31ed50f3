// Deleting a connection takes its users with it, however many they are: a few at a time, each few in a transaction of
// its own, so that nobody waits for it and a restart goes on where it stopped. Nobody logs in by it meanwhile.
import { type DeliveryKind, type DeliveryOutcome, newDelivery } from '../model/delivery.ts';
import type { Requester } from '../model/events.ts';
import type { Identity } from '../model/user.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores } from './ports.ts';
import { eraseUser, type UserDeletionStores } from './user-deletion.ts';

/** The delivery that goes on where a transaction stopped. */
const connectionDeletion = 'connection_deletion';
/** Users of one transaction. */
const usersAtOnce = 100;

type IdentityKey = Pick<Identity, 'connection_id' | 'provider' | 'user_id' | 'owner'>;

export interface ConnectionDeletionStores extends UserDeletionStores {
  connectionUsers: {
    /** The first so many identities of the connection. */
    list(connection_id: string, limit: number): Promise<IdentityKey[]>;
    /** The identity alone; its owner stays. */
    unlink(identity: Pick<Identity, 'connection_id' | 'user_id'>): Promise<void>;
  };
  connections: LoginStores['connections'] & {
    /** The row itself, once it has no users. */
    delete(id: string): Promise<void>;
  };
}

export interface ConnectionDeletionPorts {
  unitOfWork: UnitOfWork<ConnectionDeletionStores>;
  clock: Clock;
  random: Random;
}

/** In the transaction of the caller: what is left for later is stored with it. */
export async function deleteUsersOf(
  connection_id: string,
  requester: Requester,
  stores: ConnectionDeletionStores,
  ports: Pick<ConnectionDeletionPorts, 'clock' | 'random'>,
): Promise<void> {
  const identities = await stores.connectionUsers.list(connection_id, usersAtOnce);
  for (const identity of identities) {
    if (isPrimary(identity)) await eraseUser(identity.owner, requester, stores, ports);
    else await stores.connectionUsers.unlink(identity);
  }
  if (identities.length < usersAtOnce) return stores.connections.delete(connection_id);
  const content = { connection_id };
  const delivery = { kind: connectionDeletion, content, requester };
  await stores.deliveries.add(newDelivery(delivery, { now: ports.clock.now(), random: ports.random }));
}

/** UP-3: the identity that the user is named after. */
function isPrimary({ provider, user_id, owner }: IdentityKey): boolean {
  return `${provider}|${user_id}` === owner;
}

export function connectionDeletionKind(ports: ConnectionDeletionPorts): DeliveryKind {
  return {
    kind: connectionDeletion,
    // What failed for a reason of ours is tried again for a day.
    retries: [1, 10, 60, 600, 3600, 21_600, 57_600],
    async attempt({ content, requester }): Promise<DeliveryOutcome> {
      const connection_id = String(content.connection_id);
      await ports.unitOfWork.transaction((stores) => deleteUsersOf(connection_id, requester, stores, ports));
      return { outcome: 'sent' };
    },
  };
}
