// A clock that runs, for tests of software with a clock of its own: what an SDK signs now must not be of the future here.
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';

export class RunningClock extends TurnableClock {
  #ahead = 0;

  override now(): number {
    return Math.floor(this.milliseconds() / 1000);
  }

  override milliseconds(): number {
    return Date.now() + this.#ahead;
  }

  override advance(seconds: number): void {
    this.#ahead += seconds * 1000;
  }
}
