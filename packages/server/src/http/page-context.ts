import type { TenantSettings } from '../model/tenant.ts';
import type { PageContext } from '../pages/layout.tsx';
import { noStore, type Reply } from './reply.ts';
import { interactivePolicy } from './security.ts';
import type { Tenant } from './tenant.ts';
import { themeUrl } from './theme.ts';

/** What every page shows of the tenant. */
export function pageContext({ settings, assets }: Pick<Tenant, 'settings' | 'assets'>): PageContext {
  return { friendly_name: settings.friendly_name, lang: 'en', asset: assets.url, ...optional(settings) };
}

function optional({ branding, picture_url, support_email, support_url }: TenantSettings) {
  return {
    logo_url: branding.logo_url ?? picture_url ?? undefined,
    favicon_url: branding.favicon_url,
    theme_url: themeUrl(branding),
    support_email: support_email ?? undefined,
    support_url: support_url ?? undefined,
  };
}

/** An interactive page: never stored, never framed. */
export function page(html: string, status = 200, policy: string = interactivePolicy(undefined)): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, ...noStore },
    body: html,
  };
}
