// The tenant file's `tenant` and `attackProtection`: the settings of contract row TN-1, with what they say together judged.
import { z } from 'zod';
import { logoutUrlProblem, webUrlProblem } from '../model/registered-url.ts';
import { type TenantSettings, tenantSettingsSchema } from '../model/tenant.ts';
import { judgeList } from './clients/urls.ts';
import { parseEntry } from './entries.ts';
import type { Findings } from './findings.ts';
import { unsupportedKeys } from './unsupported-keys.ts';

const { brute_force_protection, suspicious_ip_throttling } = tenantSettingsSchema.shape;
/** Where auth0-deploy-cli keeps them. */
const attackProtectionSchema = z.strictObject({
  bruteForceProtection: brute_force_protection.unwrap().optional(),
  suspiciousIpThrottling: suspicious_ip_throttling.unwrap().optional(),
});

/** AP-1 to AP-5: what they say of `settings`. */
export function parseAttackProtection(
  value: unknown,
  settings: TenantSettings,
  findings: Findings,
): TenantSettings {
  const parsed = parseEntry(attackProtectionSchema, value, ['attackProtection'], unsupportedKeys, findings);
  return {
    ...settings,
    brute_force_protection: parsed?.bruteForceProtection ?? settings.brute_force_protection,
    suspicious_ip_throttling: parsed?.suspiciousIpThrottling ?? settings.suspicious_ip_throttling,
  };
}

export function parseTenantSettings(value: unknown, findings: Findings): TenantSettings | undefined {
  const settings = parseEntry(tenantSettingsSchema, value, ['tenant'], unsupportedKeys, findings);
  if (settings === undefined) return undefined;
  const idleIsGiven = typeof value === 'object' && value !== null && 'idle_session_lifetime' in value;
  if (!idleIsGiven) {
    settings.idle_session_lifetime = Math.min(settings.idle_session_lifetime, settings.session_lifetime);
  } else if (settings.idle_session_lifetime > settings.session_lifetime) {
    const longest = `session_lifetime (${settings.session_lifetime})`;
    findings.problem(['tenant', 'idle_session_lifetime'], `must not be longer than ${longest}`);
  }
  const urls = {
    default_redirection_uri: settings.default_redirection_uri,
    'error_page.url': settings.error_page?.url,
  };
  for (const [key, url] of Object.entries(urls)) {
    const problem = url ? webUrlProblem(url) : undefined;
    if (problem !== undefined) findings.problem(['tenant', ...key.split('.')], problem);
  }
  judgeList(settings.allowed_logout_urls, logoutUrlProblem, ['tenant', 'allowed_logout_urls'], findings);
  settings.enabled_locales.forEach((locale, index) => {
    if (locale !== 'en')
      findings.warn(['tenant', 'enabled_locales', index], `${locale} is not supported yet`);
  });
  return settings;
}
