// A tenant's own looks (contract §3.7, branding) as a stylesheet of ours, and what the browser may fetch for them. The
// server fetches nothing: pictures and fonts load from where an administrator said, by https and without a referrer.
import type { FastifyInstance } from 'fastify';
import type { Branding } from '../model/branding.ts';
import { themeStylesheet } from '../pages/theme.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import { queryOf } from './request.ts';
import { everyPage, originSource } from './security.ts';
import type { Tenant } from './tenant.ts';

const path = '/assets/theme.css';

/** Undefined where the tenant looks as Freehold does. Another content has another address, so that it may be kept. */
export function themeUrl(branding: Branding): string | undefined {
  const css = stylesheetOf(branding);
  return css === '' ? undefined : `${path}?v=${versionOf(css)}`;
}

export function addThemeRoute(server: FastifyInstance, tenant: Tenant): void {
  server.get(path, async (request, reply) => {
    const css = stylesheetOf(tenant.settings.branding);
    const isKept = queryOf(request).get('v') === versionOf(css);
    const caching = isKept ? 'public, max-age=31536000, immutable' : 'no-cache';
    return reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': caching }).send(css);
  });
}

/** LT-5: a page fetches fonts from nowhere, unless the tenant has one: then from its host. */
export function allowFont(server: FastifyInstance, tenant: Tenant): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    const url = tenant.settings.branding.font?.url;
    const policy = url === undefined ? undefined : reply.getHeader('content-security-policy');
    const isOurs = typeof policy === 'string' && policy.startsWith(everyPage);
    if (url !== undefined && isOurs)
      reply.header('content-security-policy', `${policy}; font-src ${originSource(url)}`);
    done(null, payload);
  });
}

function stylesheetOf({ colors, font }: Branding): string {
  return themeStylesheet({
    primary_color: colors?.primary,
    page_background: colors?.page_background,
    font_url: font?.url,
  });
}

function versionOf(css: string): string {
  return sha256(css).slice(0, 12);
}
