// How many messages we send to one address: nobody shall fill a stranger's mailbox. Counted before it is known whether
// anybody has the address, so that a refusal tells nothing; the keys are hashes, so no address stands in the table.
import { normalizedEmail } from '../model/user.ts';
import { hmacSha256 } from '../runtime/hash.ts';
import { networkOf } from '../runtime/ip-address.ts';
import type { MessageCountStore } from './ports.ts';

const hour = 3600;
/** An hour, asked for from one network, and from everywhere. */
const mostFromOneNetwork = 5;
const mostFromAnywhere = 20;

export interface MessageLimits {
  /** Counts one message; false if it is one too many. In the transaction that has it sent. */
  count(to: string, ip: string, now: number, store: MessageCountStore): Promise<boolean>;
}

export function createMessageLimits(key: Buffer): MessageLimits {
  return {
    async count(to, ip, now, store) {
      const current = Math.floor(now / hour);
      const add = (place: string, limit: number) => {
        const hashed = hmacSha256(key, JSON.stringify([normalizedEmail(to), place, current]));
        return store.add(hashed, limit, (current + 1) * hour);
      };
      return (await add(networkOf(ip), mostFromOneNetwork)) && (await add('anywhere', mostFromAnywhere));
    },
  };
}
