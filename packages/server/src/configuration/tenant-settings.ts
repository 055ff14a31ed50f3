// The tenant file's `tenant`: the settings of contract row TN-1, with what they say together judged.
import { logoutUrlProblem, webUrlProblem } from '../model/registered-url.ts';
import { type TenantSettings, tenantSettingsSchema } from '../model/tenant.ts';
import { judgeList } from './clients/clients.ts';
import { parseEntry } from './entries.ts';
import type { Findings } from './findings.ts';
import { unsupportedKeys } from './unsupported-keys.ts';

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
