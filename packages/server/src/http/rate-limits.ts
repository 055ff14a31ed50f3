// How much one address may ask (contract §16): a token bucket for each network, over all endpoints and pages together.
// Counted before anything is read. What is public and cheap (discovery, keys, assets) is not counted.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { TenantSettings } from '../model/tenant.ts';
import { TooManyRequests } from '../oauth/errors.ts';
import { derivedFrom } from '../runtime/derived.ts';
import { addressTest } from '../runtime/network/address-range.ts';
import { networkOf } from '../runtime/network/ip-address.ts';
import { type Taken, TokenBuckets } from '../runtime/network/token-buckets.ts';
import { isLoopbackUrl } from '../runtime/settings/issuer.ts';
import { addressOf, requesterOf } from './request.ts';
import type { Tenant } from './tenant.ts';

const usual = { burst: 2000, per_second: 200 };
/** On a loopback issuer one address is everybody: a test suite or a load test is no attack. */
const usualOnLoopback = { burst: 1_000_000, per_second: 1_000_000 };

/**
 * RFC 7591 §3, of registrations that need no token: "These requests MAY be rate-limited or otherwise limited to prevent
 * a denial-of-service attack on the client registration endpoint." Each leaves a row for good.
 */
const registration = { burst: 200, per_second: 200 / 3600 };

type LimitedTenant = Pick<Tenant, 'issuer' | 'settings' | 'clock' | 'unitOfWork' | 'oncePerMinute'>;

/** Counts the requests to all routes that are added to this scope from here on, and to those below it. */
export function limitRate(scope: FastifyInstance, tenant: LimitedTenant): void {
  const unlessSet = isLoopbackUrl(tenant.issuer) ? usualOnLoopback : usual;
  limit(scope, (rules) => ({ ...unlessSet, ...rules }), tenant);
}

/** Beside the limit of all. */
export function limitRegistrations(scope: FastifyInstance, tenant: LimitedTenant): void {
  if (!isLoopbackUrl(tenant.issuer)) limit(scope, () => registration, tenant);
}

function limit(
  scope: FastifyInstance,
  limitsOf: (rules: TenantSettings['rate_limits']) => typeof usual,
  tenant: LimitedTenant,
): void {
  const { clock, unitOfWork, oncePerMinute } = tenant;
  // Other rules begin with full buckets.
  const limits = derivedFrom(
    () => tenant.settings.rate_limits,
    (rules) => {
      const { burst, per_second } = limitsOf(rules);
      const buckets = new TokenBuckets({ size: burst, interval: 1000 / per_second }, clock);
      return { enabled: rules.enabled, isExempt: addressTest(rules.allowlist), burst, buckets };
    },
  );

  scope.addHook('onRequest', (request, reply, done) => {
    const { enabled, isExempt, burst, buckets } = limits();
    const ip = addressOf(request);
    if (!enabled || isExempt(ip)) return done();
    const network = networkOf(ip);
    const taken = buckets.take(network);
    tell(reply, burst, taken);
    if (taken.allowed) return done();
    const refusal = new TooManyRequests(taken.nextAt - clock.milliseconds());
    // RL-4
    if (!oncePerMinute.take(`api_limit ${network}`).allowed) return done(refusal);
    const event = { type: 'api_limit', description: refusal.message } as const;
    unitOfWork
      .transaction(({ log }) => log.write(event, requesterOf(request)))
      .then(() => done(refusal), done);
  });
}

/** RL-2: "UNIX seconds" of the moment when nothing is counted any more. */
function tell(reply: FastifyReply, limit: number, { remaining, fullAt }: Taken): void {
  reply.header('x-ratelimit-limit', limit);
  reply.header('x-ratelimit-remaining', remaining);
  reply.header('x-ratelimit-reset', Math.ceil(fullAt / 1000));
}
