// Brute-force protection (contract AP-1 to AP-4, PW-20): failures are counted per identifier and address, or per
// identifier alone, and asked before any hash. Beside that, whatever the mode, an identifier has a limit a day from all
// addresses together. The keys are hashes: what people type stands in no table.
import type { TenantSettings } from '../../model/tenant.ts';
import { normalizedEmail } from '../../model/user.ts';
import { hmacSha256 } from '../../runtime/cryptography/hash.ts';
import { derivedFrom } from '../../runtime/derived.ts';
import { addressTest } from '../../runtime/network/address-range.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import type { FailedLoginStore } from '../ports.ts';

const day = 86_400;
/** AP-3: failures are forgotten 30 days after the last one. */
const rememberedFor = 30 * day;
/** PW-20: so many times `max_attempts` a day, so that locking somebody out takes many addresses, every day. */
const fromAllAddresses = 10;

export interface Attempt {
  identifier: string;
  connection_id: string;
  ip: string;
  now: number;
}

export interface BruteForceProtection {
  /** AP-2: whether the attempt is refused, even with the right password. */
  isBlocked(attempt: Attempt, store: FailedLoginStore): Promise<boolean>;
  recordFailure(attempt: Attempt, store: FailedLoginStore): Promise<void>;
  recordSuccess(attempt: Attempt, store: FailedLoginStore): Promise<void>;
  /**
   * From which networks the identifier may not log in at `now`: `ip` is null where it may from none. What counts is
   * whether an attempt would be refused; `isBlocked` does not ask this.
   */
  blocksOf(attempted: Identified, now: number, store: FailedLoginStore): Promise<{ ip: string | null }[]>;
  /** AP-3: an administrator lifts every block of the identifier. Returns how many counters were cleared. */
  unblock(attempted: Identified, store: FailedLoginStore): Promise<number>;
}

/** `ip` is the network that it counts for; null if it counts for all. */
interface Counter {
  key: string;
  limit: number;
  ip: string | null;
}

type Identified = Pick<Attempt, 'identifier' | 'connection_id'>;

export function createBruteForceProtection(
  settings: () => TenantSettings['brute_force_protection'],
  key: Buffer,
): BruteForceProtection {
  const isExempt = derivedFrom(settings, ({ allowlist }) => addressTest(allowlist));

  /** Hashed in the form by which the user is looked up. */
  function hashed({ identifier, connection_id }: Identified, ...others: (string | number)[]): string {
    return hmacSha256(key, JSON.stringify([connection_id, normalizedEmail(identifier), ...others]));
  }

  function countersOf({ ip, ...attempt }: Attempt): Counter[] {
    return countersAt(attempt, settings().mode === 'count_per_identifier_and_ip' ? networkOf(ip) : null);
  }

  function countersAt(attempt: Omit<Attempt, 'ip'>, network: string | null): [Counter, Counter] {
    const { max_attempts } = settings();
    const today = hashed(attempt, Math.floor(attempt.now / day));
    return [
      { key: hashed(attempt, network ?? 'anywhere'), limit: max_attempts, ip: network },
      { key: today, limit: max_attempts * fromAllAddresses, ip: null },
    ];
  }

  function counts({ ip }: Attempt): boolean {
    const { enabled, shields } = settings();
    return enabled && shields.includes('block') && !isExempt()(ip);
  }

  return {
    async isBlocked(attempt, store) {
      if (!counts(attempt)) return false;
      for (const { key, limit } of countersOf(attempt)) {
        if ((await store.count(key, attempt.now - rememberedFor)) >= limit) return true;
      }
      return false;
    },
    async recordFailure(attempt, store) {
      if (!counts(attempt)) return;
      const identifier = hashed(attempt);
      for (const { key, ip } of countersOf(attempt)) {
        await store.add({ key, identifier, ip }, attempt.now - rememberedFor, attempt.now);
      }
    },
    async recordSuccess(attempt, store) {
      if (!counts(attempt)) return;
      for (const { key } of countersOf(attempt)) await store.clear(key);
    },
    async blocksOf(attempted, now, store) {
      const { enabled, mode } = settings();
      if (!enabled) return [];
      const isByNetwork = mode === 'count_per_identifier_and_ip';
      const counted = await store.listOf(hashed(attempted), now - rememberedFor);
      const stopsAnybody = ({ key, failures, ip }: (typeof counted)[number]) => {
        if (ip !== null && (!isByNetwork || isExempt()(ip.replace(/\/.*/, '')))) return false;
        // What was counted in the other mode, or on another day, no attempt meets.
        const [ofPlace, ofDay] = countersAt({ ...attempted, now }, ip);
        const met = isByNetwork && ip === null ? [ofDay] : [ofPlace, ofDay];
        return met.some((counter) => counter.key === key && failures >= counter.limit);
      };
      return counted.filter(stopsAnybody).map(({ ip }) => ({ ip }));
    },
    unblock: (attempted, store) => store.clearAllOf(hashed(attempted)),
  };
}
