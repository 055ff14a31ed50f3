// The only place that reads the time of day. Everyone else is given a Clock, so that a test turns it and nothing
// sleeps. Points in time are whole epoch seconds (`…_at`); milliseconds are for measuring and for log entries.
// This folder holds the clock, chance, secrets and the environment; it knows nothing of what they are used for.

export interface Clock {
  /** Whole seconds since the epoch: a NumericDate (RFC 7519 §2) without fraction. */
  now(): number;
  /** Whole milliseconds since the epoch. */
  milliseconds(): number;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  milliseconds: () => Date.now(),
};

/** A clock that stands still until a test turns it. */
export class TurnableClock implements Clock {
  #milliseconds: number;

  constructor(startsAt = 1_800_000_000) {
    this.#milliseconds = startsAt * 1000;
  }

  now(): number {
    return Math.floor(this.#milliseconds / 1000);
  }

  milliseconds(): number {
    return this.#milliseconds;
  }

  advance(seconds: number): void {
    this.#milliseconds += Math.round(seconds * 1000);
  }
}
