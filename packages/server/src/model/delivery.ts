// What is sent to somebody else because of a change here: written in the transaction of the change, sent once it has
// committed, again if it failed, also after a restart. What a kind of them holds is known to that kind alone.
import type { Random } from '../runtime/random.ts';
import type { LogEvent, Requester } from './events.ts';

export interface Delivery {
  id: string;
  kind: string;
  /** Plain values; sealed at rest, for a code or a link may be among them. */
  content: Readonly<Record<string, unknown>>;
  /** Whose request caused it: goes to the log with what came of it. */
  requester: Requester;
  /** How often it was tried, the attempt in progress included. */
  attempts: number;
  created_at: number;
  /** When it is tried next. While somebody tries it, when somebody else may. */
  due_at: number;
}

export type DeliveryOutcome =
  /** Without an event where the change that wanted it sent has left one. */
  | { outcome: 'sent'; event?: LogEvent }
  /** Another attempt would fare no better. */
  | { outcome: 'refused'; event: LogEvent }
  /** Tried again as long as the kind's `retries` last; the event is written when they are used up. */
  | { outcome: 'failed'; event: LogEvent };

/** The longest that an attempt may take, in seconds: after that another process may try the same delivery. */
export const longestAttempt = 60;

export interface DeliveryKind {
  kind: string;
  /** Seconds to wait after the first failure, the second and so on; after one failure more it is given up. */
  retries: readonly number[];
  /** Called outside transactions; twice for one delivery if a process ended in between. */
  attempt(delivery: Delivery): Promise<DeliveryOutcome>;
}

/** Due at once. */
export function newDelivery(
  { kind, content, requester }: Pick<Delivery, 'kind' | 'content' | 'requester'>,
  { now, random }: { now: number; random: Random },
): Delivery {
  return { id: random.token(16), kind, content, requester, attempts: 0, created_at: now, due_at: now };
}
