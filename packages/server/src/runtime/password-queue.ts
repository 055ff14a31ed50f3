// The line before password hashing, the one costly thing a stranger can ask for. So many are hashed at a time, so many
// wait, in all and from one address; who comes beyond that is turned away at once (contract PW-20).
import { Unavailable } from './unavailable.ts';

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

export function createPasswordQueue({
  concurrency,
  queueLimit,
  perAddressLimit,
}: PasswordQueueLimits): PasswordQueue {
  const waiting: (() => void)[] = [];
  const perAddress = new Map<string, number>();
  let running = 0;

  function enter(address: string): Promise<void> {
    const ofAddress = perAddress.get(address) ?? 0;
    const full = running >= concurrency && waiting.length >= queueLimit;
    if (full || ofAddress >= perAddressLimit) {
      const seconds = (waiting.length * secondsPerHash) / concurrency;
      throw new PasswordQueueFull(Math.max(1, Math.ceil(seconds)));
    }
    perAddress.set(address, ofAddress + 1);
    if (running >= concurrency) return new Promise((resolve) => waiting.push(resolve));
    running += 1;
    return Promise.resolve();
  }

  function leave(address: string): void {
    const ofAddress = (perAddress.get(address) ?? 0) - 1;
    if (ofAddress > 0) perAddress.set(address, ofAddress);
    else perAddress.delete(address);
    // Whoever has waited longest takes over the place, which is never free in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
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
