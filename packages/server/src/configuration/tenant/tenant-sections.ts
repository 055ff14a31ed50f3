// The tenant file's sections about the tenant itself. Each says all of its subject; what no section speaks of stays as it
// is in the database.
import type { TenantSettings } from '../../model/tenant.ts';
import { parseEntry } from '../entries.ts';
import type { Findings } from '../findings.ts';
import { unsupportedKeys } from '../unsupported-keys.ts';
import {
  attackProtectionEntrySchema,
  bruteForceProtectionEntrySchema,
  ipThrottlingEntrySchema,
  resolveBruteForceProtection,
  resolveIpThrottling,
} from './attack-protection.ts';
import { brandingEntrySchema, promptsEntrySchema, resolveBranding, resolvePrompts } from './branding.ts';
import { resolveSettings } from './settings.ts';
import { settingsEntrySchema } from './settings-entry.ts';

/** Attack protection may stand here as well. */
const tenantEntrySchema = settingsEntrySchema.extend({
  brute_force_protection: bruteForceProtectionEntrySchema.nullish(),
  suspicious_ip_throttling: ipThrottlingEntrySchema.nullish(),
});

export interface TenantSections {
  tenant?: unknown;
  attackProtection?: unknown;
  branding?: unknown;
  prompts?: unknown;
}

/** Undefined: the file says nothing of the tenant. */
export function parseTenantSections(
  sections: TenantSections,
  findings: Findings,
): Partial<TenantSettings> | undefined {
  const said = {
    ...parseTenant(sections.tenant, findings),
    ...parseAttackProtection(sections.attackProtection, findings),
    ...parseBranding(sections.branding, findings),
    ...parsePrompts(sections.prompts, findings),
  };
  return Object.keys(said).length === 0 ? undefined : said;
}

type Said = Partial<TenantSettings> | undefined;

function parseTenant(value: unknown, findings: Findings): Said {
  if (value === undefined || value === null) return undefined;
  const parsed = parseEntry(tenantEntrySchema, value, ['tenant'], unsupportedKeys, findings);
  if (parsed === undefined) return undefined;
  const { brute_force_protection, suspicious_ip_throttling, ...entry } = parsed;
  return {
    ...resolveSettings(entry, ['tenant'], findings),
    ...(brute_force_protection
      ? { brute_force_protection: resolveBruteForceProtection(brute_force_protection) }
      : {}),
    ...(suspicious_ip_throttling
      ? { suspicious_ip_throttling: resolveIpThrottling(suspicious_ip_throttling) }
      : {}),
  };
}

/** AP-1 to AP-5 */
function parseAttackProtection(value: unknown, findings: Findings): Said {
  if (value === undefined || value === null) return undefined;
  const path = ['attackProtection'];
  const parsed = parseEntry(attackProtectionEntrySchema, value, path, unsupportedKeys, findings);
  const { bruteForceProtection, suspiciousIpThrottling } = parsed ?? {};
  return {
    ...(bruteForceProtection
      ? { brute_force_protection: resolveBruteForceProtection(bruteForceProtection) }
      : {}),
    ...(suspiciousIpThrottling
      ? { suspicious_ip_throttling: resolveIpThrottling(suspiciousIpThrottling) }
      : {}),
  };
}

function parseBranding(value: unknown, findings: Findings): Said {
  if (value === undefined || value === null) return undefined;
  const entry = parseEntry(brandingEntrySchema, value, ['branding'], unsupportedKeys, findings);
  return entry && { branding: resolveBranding(entry) };
}

function parsePrompts(value: unknown, findings: Findings): Said {
  if (value === undefined || value === null) return undefined;
  const entry = parseEntry(promptsEntrySchema, value, ['prompts'], unsupportedKeys, findings);
  return entry && { prompts: resolvePrompts(entry) };
}
