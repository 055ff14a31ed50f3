// Suspicious IP throttling (contract AP-5, TX-3): failed logins, sign-ups and refused tokens of one address, in token
// buckets. What a bucket holds is in the memory of this process alone (runtime/network/token-buckets.ts).
import type { TenantSettings } from '../../model/tenant.ts';
import type { Clock } from '../../runtime/clock.ts';
import { derivedFrom } from '../../runtime/derived.ts';
import { addressTest } from '../../runtime/network/address-range.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import { TokenBuckets } from '../../runtime/network/token-buckets.ts';
import { isLoopbackUrl } from '../../runtime/settings/issuer.ts';

type Throttling = TenantSettings['suspicious_ip_throttling'];
export type ThrottledStage = keyof Throttling['stage'];

export interface IpThrottling {
  /** Whether the address has attempts left; counts nothing. */
  admits(stage: ThrottledStage, ip: string): boolean;
  /** Counts one attempt; false if none was left. */
  count(stage: ThrottledStage, ip: string): boolean;
  /** One that was counted before its outcome was known, and succeeded. */
  forgive(stage: ThrottledStage, ip: string): void;
}

/** What comes from the same machine; on a loopback issuer that is a developer, or a test suite that signs people up. */
const sameMachine = ['127.0.0.0/8', '::1'];

export function createIpThrottling(
  settings: () => Throttling,
  { clock, issuer }: { clock: Clock; issuer: string },
): IpThrottling {
  const exempt = isLoopbackUrl(issuer) ? sameMachine : [];
  const isExempt = derivedFrom(settings, ({ allowlist }) => addressTest([...allowlist, ...exempt]));
  const counts = (ip: string) => {
    const { enabled, shields } = settings();
    return enabled && shields.includes('block') && !isExempt()(ip);
  };
  // Other limits begin with full buckets.
  const buckets = derivedFrom(settings, ({ stage }): Record<ThrottledStage, TokenBuckets> => {
    const bucketsOf = ({ max_attempts, rate }: Throttling['stage']['pre-login']) =>
      new TokenBuckets({ size: max_attempts, interval: rate }, clock);
    return {
      'pre-login': bucketsOf(stage['pre-login']),
      'pre-user-registration': bucketsOf(stage['pre-user-registration']),
      'pre-custom-token-exchange': bucketsOf(stage['pre-custom-token-exchange']),
    };
  });
  return {
    admits: (stage, ip) => !counts(ip) || buckets()[stage].has(networkOf(ip)),
    count: (stage, ip) => !counts(ip) || buckets()[stage].take(networkOf(ip)).allowed,
    forgive: (stage, ip) => buckets()[stage].giveBack(networkOf(ip)),
  };
}
