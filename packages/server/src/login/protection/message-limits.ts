// How many messages we send to one address or number: nobody shall fill a stranger's mailbox, nor write to all of them.
// Counted before it is known whether anybody has the address, so that a refusal tells nothing; the keys are hashes, so no
// address stands in the table.
import { normalizedEmail } from '../../model/user.ts';
import { hmacSha256 } from '../../runtime/cryptography/hash.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import { isLoopbackUrl } from '../../runtime/settings/issuer.ts';
import type { MessageCountStore } from '../ports.ts';

const hour = 3600;
/** An hour, asked for from one network, and from everywhere. */
const mostFromOneNetwork = 5;
const mostFromAnywhere = 20;
/** An hour, to whomever: a list of addresses is no mailbox, but as many strangers. */
const mostToAnybody = 500;

export interface MessageLimits {
  /** Counts one message; false if it is one too many. In the transaction that has it sent. */
  count(to: string, ip: string, now: number, store: MessageCountStore): Promise<boolean>;
}

export function createMessageLimits(key: Buffer, issuer: string): MessageLimits {
  // On a loopback issuer one network is everybody: a test suite logs many people in.
  const countsAll = !isLoopbackUrl(issuer);
  return {
    async count(to, ip, now, store) {
      const current = Math.floor(now / hour);
      const add = (of: string[], limit: number) =>
        store.add(hmacSha256(key, JSON.stringify([...of, current])), limit, (current + 1) * hour);
      const [address, network] = [normalizedEmail(to), networkOf(ip)];
      return (
        (!countsAll || (await add([network], mostToAnybody))) &&
        (await add([address, network], mostFromOneNetwork)) &&
        (await add([address, 'anywhere'], mostFromAnywhere))
      );
    },
  };
}
