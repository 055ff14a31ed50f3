// The line before password hashing, the one costly thing a stranger can ask for (contract PW-20). So many are hashed at
// a time, so many wait. Addresses are served in turn, and when the line is full the one with most waiting gives way: a
// crowd from one address delays the others by one hash each, and turns nobody away but its own.
import { Unavailable } from '../unavailable.ts';

export interface PasswordQueueLimits {
  /** Hashes at a time: each takes a thread and the memory of one hash. */
  concurrency: number;
  /** Those that wait, in all. */
  queueLimit: number;
  /** Those of one address, hashed and waiting. */
  perAddressLimit: number;
}

export interface PasswordQueue {
  /** @throws PasswordQueueFull before `task` is begun. */
  run<T>(address: string, task: () => Promise<T>): Promise<T>;
}

export class PasswordQueueFull extends Unavailable {
  override name = 'PasswordQueueFull';

  constructor(retryAfter: number) {
    super('Too many passwords are waiting to be hashed', retryAfter);
  }
}

/** What a hash takes on a slow machine: the wait told is rather too long than too short. */
const secondsPerHash = 0.1;

interface Waiting {
  begin(): void;
  turnAway(refusal: PasswordQueueFull): void;
}

export function createPasswordQueue({
  concurrency,
  queueLimit,
  perAddressLimit,
}: PasswordQueueLimits): PasswordQueue {
  /** Who waits, by address; the address first in the map is served next. */
  const lines = new Map<string, Waiting[]>();
  const perAddress = new Map<string, number>();
  let waiting = 0;
  let running = 0;

  function enter(address: string): Promise<void> {
    if ((perAddress.get(address) ?? 0) >= perAddressLimit) throw refusal();
    if (running >= concurrency && waiting >= queueLimit) makeRoomFor(address);
    count(address, 1);
    if (running >= concurrency) return line(address);
    running += 1;
    return Promise.resolve();
  }

  function leave(address: string): void {
    count(address, -1);
    // Whoever is next takes over the place, which is never free in between.
    const next = takeNext();
    if (next === undefined) running -= 1;
    else next.begin();
  }

  function line(address: string): Promise<void> {
    return new Promise((begin, turnAway) => {
      const others = lines.get(address);
      if (others === undefined) lines.set(address, [{ begin, turnAway }]);
      else others.push({ begin, turnAway });
      waiting += 1;
    });
  }

  /** The first of the address whose turn it is; the others of that address wait until all addresses had theirs. */
  function takeNext(): Waiting | undefined {
    const [first] = lines;
    if (first === undefined) return undefined;
    const [address, [next, ...others]] = first;
    lines.delete(address);
    if (others.length > 0) lines.set(address, others);
    waiting -= 1;
    return next;
  }

  /** The last of the longest line is turned away, unless the newcomer's own would then be as long. */
  function makeRoomFor(newcomer: string): void {
    const [longest] = [...lines].sort(([, one], [, other]) => other.length - one.length);
    const own = lines.get(newcomer)?.length ?? 0;
    if (longest === undefined || longest[1].length <= own + 1) throw refusal();
    const [address, others] = longest;
    others.pop()?.turnAway(refusal());
    waiting -= 1;
    count(address, -1);
  }

  function count(address: string, more: 1 | -1): void {
    const total = (perAddress.get(address) ?? 0) + more;
    if (total > 0) perAddress.set(address, total);
    else perAddress.delete(address);
  }

  function refusal(): PasswordQueueFull {
    const seconds = (waiting * secondsPerHash) / concurrency;
    return new PasswordQueueFull(Math.max(1, Math.ceil(seconds)));
  }

  return {
    async run(address, task) {
      await enter(address);
      try {
        return await task();
      } finally {
        leave(address);
      }
    },
  };
}
