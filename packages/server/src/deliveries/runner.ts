// Tries what is due, a few of each kind at a time, so that one kind whose receivers are slow keeps no other waiting.
import { type Delivery, type DeliveryKind, type DeliveryOutcome, longestAttempt } from '../model/delivery.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { DeliveryStores } from './ports.ts';

/** Deliveries of one kind that are tried at once. */
const lanesOfEachKind = 4;

export interface DeliveryRunner {
  /** Tries everything that is due now; resolves when nothing is left that is. */
  deliverDue(): Promise<void>;
  /** Begins no further attempt, and waits for those that run. What is left is tried after the next start. */
  close(): Promise<void>;
}

export interface DeliveryRunnerPorts {
  unitOfWork: UnitOfWork<DeliveryStores>;
  clock: Clock;
  log: Log;
  kinds: readonly DeliveryKind[];
}

export function createDeliveryRunner({ unitOfWork, clock, log, kinds }: DeliveryRunnerPorts): DeliveryRunner {
  const lanes = new Map<string, Set<Promise<void>>>();
  let closing = false;

  function lanesOf({ kind }: DeliveryKind): Set<Promise<void>> {
    const known = lanes.get(kind) ?? new Set();
    lanes.set(kind, known);
    return known;
  }

  async function runLane(kind: DeliveryKind): Promise<void> {
    while (!closing) {
      const now = clock.now();
      const delivery = await unitOfWork.transaction(({ deliveries }) =>
        deliveries.claim(kind.kind, now, now + longestAttempt),
      );
      if (delivery === undefined) return;
      await record(delivery, await attempt(kind, delivery), kind);
    }
  }

  async function attempt(kind: DeliveryKind, delivery: Delivery): Promise<DeliveryOutcome | undefined> {
    try {
      return await kind.attempt(delivery);
    } catch (err) {
      log.error({ err, kind: kind.kind, delivery: delivery.id }, 'a delivery failed, for a reason of ours');
      return undefined;
    }
  }

  /** Undefined: nobody knows what became of it, so it is tried again. */
  async function record(delivery: Delivery, ended: DeliveryOutcome | undefined, { retries }: DeliveryKind) {
    const wait = retries[delivery.attempts - 1];
    await unitOfWork.transaction(async (stores) => {
      if (ended?.outcome !== 'sent' && ended?.outcome !== 'refused' && wait !== undefined) {
        await stores.deliveries.postpone(delivery, clock.now() + wait);
      } else if ((await stores.deliveries.remove(delivery)) && ended?.event !== undefined) {
        await stores.log.write(ended.event, delivery.requester);
      }
    });
  }

  return {
    async deliverDue() {
      for (const kind of kinds) {
        // Asked outside a transaction: nearly always nothing is.
        if (!(await unitOfWork.read.deliveries.isAnyDue(kind.kind, clock.now()))) continue;
        const running = lanesOf(kind);
        while (running.size < lanesOfEachKind && !closing) {
          const lane: Promise<void> = runLane(kind).finally(() => running.delete(lane));
          running.add(lane);
        }
      }
      await Promise.all([...lanes.values()].flatMap((running) => [...running]));
    },
    async close() {
      closing = true;
      await Promise.allSettled([...lanes.values()].flatMap((running) => [...running]));
    },
  };
}
