import type { TenantSettings } from '../model/tenant.ts';
import type { PageContext } from '../pages/layout.tsx';
import { noStore, type Reply } from './reply.ts';
import { interactivePolicy } from './security.ts';
import type { Tenant } from './tenant.ts';

/** What every page shows of the tenant. */
export function pageContext({ settings, assets }: Pick<Tenant, 'settings' | 'assets'>): PageContext {
  return { friendly_name: settings.friendly_name, lang: 'en', asset: assets.url, ...optional(settings) };
}

function optional({ picture_url, support_email, support_url }: TenantSettings) {
  return {
    logo_url: picture_url ?? undefined,
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
