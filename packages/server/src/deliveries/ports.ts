// This folder sends what other folders have decided to send, and knows nothing of what it is. These are the stores
// that it needs; storage implements them.
import type { Delivery } from '../model/delivery.ts';
import type { DeliveryQueue, TenantLog } from '../oauth/ports.ts';

export interface DeliveryStore extends DeliveryQueue {
  /** The newest of this kind, due or not. */
  list(kind: string, limit: number): Promise<Delivery[]>;
  isAnyDue(kind: string, now: number): Promise<boolean>;
  /**
   * The delivery of this kind that has been due for longest, with this attempt counted and due again only at `until`,
   * in one statement: at most one caller, in any process, gets it meanwhile.
   */
  claim(kind: string, now: number, until: number): Promise<Delivery | undefined>;
  /** Both change nothing if somebody else has claimed the delivery since. */
  postpone(delivery: Pick<Delivery, 'id' | 'attempts'>, due_at: number): Promise<void>;
  /** True if this call did it. */
  remove(delivery: Pick<Delivery, 'id' | 'attempts'>): Promise<boolean>;
}

export interface DeliveryStores {
  deliveries: DeliveryStore;
  log: TenantLog;
}
