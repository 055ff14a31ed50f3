// What may be said of attack protection (contract AP-1 to AP-5): by the file's `attackProtection`, where auth0-deploy-cli
// keeps it, by its `tenant`, and to the Management API.
import { z } from 'zod';
import { type TenantSettings, tenantSettingsSchema } from '../../model/tenant.ts';

const bruteForce = tenantSettingsSchema.shape.brute_force_protection.unwrap();
const throttling = tenantSettingsSchema.shape.suspicious_ip_throttling.unwrap();

export const bruteForceProtectionEntrySchema = z.strictObject({
  enabled: bruteForce.shape.enabled.unwrap().optional(),
  shields: bruteForce.shape.shields.unwrap().optional(),
  allowlist: bruteForce.shape.allowlist.unwrap().optional(),
  mode: bruteForce.shape.mode.unwrap().optional(),
  max_attempts: bruteForce.shape.max_attempts.unwrap().optional(),
});

/** Milliseconds. */
const longestRate = 86_400_000;

function throttleEntrySchema({ most, shortest }: { most: number; shortest: number }) {
  return z.strictObject({
    max_attempts: z.int().min(1).max(most).optional(),
    rate: z.int().min(shortest).max(longestRate).optional(),
  });
}

export const ipThrottlingEntrySchema = z.strictObject({
  enabled: throttling.shape.enabled.unwrap().optional(),
  shields: throttling.shape.shields.unwrap().optional(),
  allowlist: throttling.shape.allowlist.unwrap().optional(),
  stage: z
    .strictObject({
      'pre-login': throttleEntrySchema({ most: 2500, shortest: 34_560 }).optional(),
      'pre-user-registration': throttleEntrySchema({ most: 72_000, shortest: 1200 }).optional(),
      // Auth0 tells of no limits.
      'pre-custom-token-exchange': throttleEntrySchema({ most: 1_000_000, shortest: 1 }).optional(),
    })
    .optional(),
});

export const attackProtectionEntrySchema = z.strictObject({
  bruteForceProtection: bruteForceProtectionEntrySchema.optional(),
  suspiciousIpThrottling: ipThrottlingEntrySchema.optional(),
});

type BruteForceProtection = TenantSettings['brute_force_protection'];
type IpThrottling = TenantSettings['suspicious_ip_throttling'];

/** What is not said is as in `stored`, or has its default. */
export function resolveBruteForceProtection(
  entry: z.infer<typeof bruteForceProtectionEntrySchema>,
  stored: Partial<BruteForceProtection> = {},
): BruteForceProtection {
  return tenantSettingsSchema.shape.brute_force_protection.parse({ ...stored, ...entry });
}

/** As `resolveBruteForceProtection`, and so does each stage. */
export function resolveIpThrottling(
  entry: z.infer<typeof ipThrottlingEntrySchema>,
  stored?: IpThrottling,
): IpThrottling {
  const { stage = {} } = entry;
  const before = stored?.stage;
  return tenantSettingsSchema.shape.suspicious_ip_throttling.parse({
    ...stored,
    ...entry,
    stage: {
      'pre-login': { ...before?.['pre-login'], ...stage['pre-login'] },
      'pre-user-registration': { ...before?.['pre-user-registration'], ...stage['pre-user-registration'] },
      'pre-custom-token-exchange': {
        ...before?.['pre-custom-token-exchange'],
        ...stage['pre-custom-token-exchange'],
      },
    },
  });
}
