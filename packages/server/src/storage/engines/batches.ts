// Gathers what is asked for in a turn of the event loop, to do it together. Who is alone waits for no other turn.
import { nextTick } from 'node:process';

/** Full batches: where fewer wait, each has a turn of its own, in which answers are sent and requests come. */
const mostBatchesWaiting = 4;

export class Batches<Item> {
  readonly #run: (batch: Item[]) => Promise<void>;
  readonly #largest: number;
  readonly #waiting: Item[] = [];
  #isGathering = false;
  readonly #whenIdle: (() => void)[] = [];

  /** `run` never rejects; the next batch begins after it. `largest`: items of one batch. */
  constructor(run: (batch: Item[]) => Promise<void>, largest: number) {
    this.#run = run;
    this.#largest = largest;
  }

  add(item: Item): void {
    this.#waiting.push(item);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#gather();
  }

  /** Resolves once all that was added has run. */
  async idle(): Promise<void> {
    if (this.#isGathering) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** As long as turns bring more the load is high, and a larger batch lowers it. */
  #gather(): void {
    const before = this.#waiting.length;
    setImmediate(() => {
      const { length } = this.#waiting;
      if (length > before && length < this.#largest) this.#gather();
      else this.#runNext();
    });
  }

  async #runNext(): Promise<void> {
    await this.#run(this.#waiting.splice(0, this.#largest));
    // Turns that bring more than one batch each would let the queue grow for ever. What goes on here waits for no turn,
    // but for those who were just answered, so that what they were given is held no longer.
    if (this.#waiting.length >= this.#largest * mostBatchesWaiting) return nextTick(() => this.#runNext());
    if (this.#waiting.length > 0) return this.#gather();
    this.#isGathering = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
