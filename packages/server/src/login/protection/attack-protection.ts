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
  /** AP-3: an administrator lifts every block of the identifier. Returns how many counters were cleared. */
  unblock(attempted: Identified, store: FailedLoginStore): Promise<number>;
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

  function countersOf(attempt: Attempt): { key: string; limit: number }[] {
    const { max_attempts, mode } = settings();
    const place = mode === 'count_per_identifier_and_ip' ? networkOf(attempt.ip) : 'anywhere';
    return [
      { key: hashed(attempt, place), limit: max_attempts },
      { key: hashed(attempt, Math.floor(attempt.now / day)), limit: max_attempts * fromAllAddresses },
    ];
  }

  function counts({ ip }: Attempt): boolean {
    return settings().enabled && !isExempt()(ip);
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
      for (const { key } of countersOf(attempt)) {
        await store.add(key, identifier, attempt.now - rememberedFor, attempt.now);
      }
    },
    async recordSuccess(attempt, store) {
      if (!counts(attempt)) return;
      for (const { key } of countersOf(attempt)) await store.clear(key);
    },
    unblock: (attempted, store) => store.clearAllOf(hashed(attempted)),
  };
}
