// What every request reads and people seldom change: clients and their connections. Kept for the second in which it
// was read, so that a change made by another process is seen within a second; one of our own is seen at once.
import type { Clock } from '../runtime/clock.ts';

/** How a store reads what may come from the cache, and tells that it changed some of it. */
export interface ConfigurationReads {
  find<Value extends object>(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined>;
  changed(): void;
}

/** Requests may name clients that do not exist; only what was found is kept, and never more than this. */
const mostValues = 10_000;

export class ConfigurationCache {
  readonly #clock: Clock;
  #second = 0;
  #values = new Map<string, object>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For reads outside transactions. What they return is frozen: many requests hold the same object. */
  readonly reads: ConfigurationReads = {
    find: async <Value extends object>(key: string, read: () => Promise<Value | undefined>) => {
      if (this.#values.size >= mostValues) this.forget(this.#clock.now());
      const values = this.generation();
      const known = values.get(key);
      if (known !== undefined) return known as Value;
      const found = await read();
      // Into the map of when it was asked: if something changed meanwhile, that map is forgotten.
      if (found !== undefined) values.set(key, deepFrozen(found));
      return found;
    },
    changed() {
      throw new Error('Configuration is changed in transactions');
    },
  };

  /** What may be kept by now: another object in the next second, and after a change of our own. */
  generation(): Map<string, object> {
    const now = this.#clock.now();
    if (now !== this.#second) this.forget(now);
    return this.#values;
  }

  /** To be called after each commit of a transaction whose reads told of a change. */
  forget(now: number): void {
    this.#second = now;
    this.#values = new Map();
  }
}

/** For one transaction: it reads what it wrote itself. */
export class UncachedReads implements ConfigurationReads {
  hasChanged = false;

  find<Value extends object>(
    _key: string,
    read: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    return read();
  }

  changed(): void {
    this.hasChanged = true;
  }
}

function deepFrozen<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFrozen(member);
  }
  return Object.freeze(value);
}
