// Gathers what is asked for in a turn of the event loop, to do it together. Who is alone waits for no other turn.
import { nextTick } from 'node:process';

export interface Limits {
  /** Items of one batch. */
  largest: number;
  /** Turns that a batch is gathered over, as long as each of them brings more. */
  mostTurns: number;
}

export class Batches<Item> {
  readonly #run: (batch: Item[]) => Promise<void>;
  readonly #limits: Limits;
  readonly #waiting: Item[] = [];
  #isGathering = false;
  readonly #whenIdle: (() => void)[] = [];

  /** `run` never rejects; the next batch begins after it. */
  constructor(run: (batch: Item[]) => Promise<void>, limits: Limits) {
    this.#run = run;
    this.#limits = limits;
  }

  add(item: Item): void {
    this.#waiting.push(item);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#gather(1);
  }

  /** Resolves once all that was added has run. */
  async idle(): Promise<void> {
    if (this.#isGathering) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** While turns bring more the load is high, and a larger batch lowers it. */
  #gather(turn: number): void {
    const { largest, mostTurns } = this.#limits;
    const before = this.#waiting.length;
    setImmediate(() => {
      const { length } = this.#waiting;
      if (length > before && length < largest && turn < mostTurns) this.#gather(turn + 1);
      else this.#runNext();
    });
  }

  async #runNext(): Promise<void> {
    const { largest } = this.#limits;
    await this.#run(this.#waiting.splice(0, largest));
    // A full batch waits for no turn: turns that bring more than one would let the queue grow for ever. But those who
    // were just answered go on first, so that what they were given is held no longer.
    if (this.#waiting.length >= largest) return nextTick(() => this.#runNext());
    if (this.#waiting.length > 0) return this.#gather(1);
    this.#isGathering = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
