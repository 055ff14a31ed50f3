// Token buckets (contract RL-3), one for each key and all of one shape: what is taken comes back one by one. They live
// in the memory of this process: each process counts for itself, and a restart forgives. Memory is bounded.

import type { Clock } from '../clock.ts';

export interface BucketShape {
  /** Tokens in a full bucket. */
  size: number;
  /** Milliseconds until one comes back. */
  interval: number;
}

export interface Taken {
  /** False where the bucket was empty; then nothing was taken. */
  allowed: boolean;
  /** Tokens that are left. */
  remaining: number;
  /** Epoch milliseconds: when the bucket is full again, and when it has a token. */
  fullAt: number;
  nextAt: number;
}

/** Keys of a generation: whoever is forgotten early has been silent while so many others came. */
const generation = 10_000;

export class TokenBuckets {
  readonly #shape: BucketShape;
  readonly #clock: Clock;
  /** A bucket's level is the instant at which it is full again; an absent one is full. */
  #fullAt = new Map<string, number>();
  #before = new Map<string, number>();

  constructor(shape: BucketShape, clock: Clock) {
    this.#shape = shape;
    this.#clock = clock;
  }

  take(key: string): Taken {
    const now = this.#clock.milliseconds();
    const { size, interval } = this.#shape;
    const before = Math.max(now, this.#fullAt.get(key) ?? this.#before.get(key) ?? now);
    const allowed = before + interval - now <= size * interval;
    const fullAt = allowed ? before + interval : before;
    if (allowed) this.#keep(key, fullAt);
    const remaining = Math.floor(size - (fullAt - now) / interval);
    return { allowed, remaining, fullAt, nextAt: fullAt - (size - 1) * interval };
  }

  /** One that was taken, for what turned out not to count. */
  giveBack(key: string): void {
    const fullAt = this.#fullAt.get(key) ?? this.#before.get(key);
    if (fullAt !== undefined) this.#keep(key, fullAt - this.#shape.interval);
  }

  /** Whether `take` would find a token. */
  has(key: string): boolean {
    const now = this.#clock.milliseconds();
    const { size, interval } = this.#shape;
    const fullAt = this.#fullAt.get(key) ?? this.#before.get(key) ?? now;
    return fullAt + interval - now <= size * interval;
  }

  #keep(key: string, fullAt: number): void {
    if (this.#fullAt.size >= generation && !this.#fullAt.has(key)) {
      this.#before = this.#fullAt;
      this.#fullAt = new Map();
    }
    this.#fullAt.set(key, fullAt);
  }
}
