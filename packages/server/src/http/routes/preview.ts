// What the login pages would look like with other branding, for the frame in the dashboard. Everything comes from the
// query: it shows nothing of the tenant but its name, and only in a frame, so that no link leads somebody to it.
import type { FastifyInstance } from 'fastify';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { renderLoginId, renderLoginPassword } from '../../pages/identifier-first.tsx';
import type { PageContext } from '../../pages/layout.tsx';
import { renderLogin } from '../../pages/login.tsx';
import { renderSignup } from '../../pages/signup.tsx';
import { themeStylesheet } from '../../pages/theme.ts';
import { page, pageContext } from '../page-context.ts';
import { send } from '../reply.ts';
import { queryOf } from '../request.ts';
import { previewPolicy } from '../security.ts';
import type { Tenant } from '../tenant.ts';

const path = '/dashboard/preview';
const stylesheet = `${path}/theme.css`;

/** Goes nowhere: the page that it is on may send nothing. */
const form = { action: '/u/login', csrf: '', state: '' };
const links = { signup_url: '/login', reset_url: '/login', login_url: '/login', edit_url: '/login' };
const entered = { username: '', email: '' };

type Shown = typeof form & typeof links & typeof entered & { page: PageContext; client_name: string };

const screens = new Map<string, (shown: Shown) => string>([
  ['login', renderLogin],
  ['login-id', renderLoginId],
  ['login-password', (shown) => renderLoginPassword({ ...shown, username: 'ada@example.com' })],
  [
    'signup',
    ({ username: _, ...shown }) =>
      renderSignup({ ...shown, policy: passwordRequirementsOf({ passwordPolicy: 'good' }) }),
  ],
]);

export function addPreviewRoutes(scope: FastifyInstance, tenant: Tenant): void {
  scope.get(path, async (request, reply) => {
    if (request.headers['sec-fetch-dest'] !== 'iframe') return reply.callNotFound();
    const query = queryOf(request);
    const asked = request.url.slice(request.url.indexOf('?') + 1);
    const context = {
      ...pageContext(tenant),
      logo_url: query.get('logo_url'),
      theme_url: `${stylesheet}?${asked}`,
    };
    const shown = { page: context, client_name: tenant.settings.friendly_name, ...form };
    const render = screens.get(query.get('screen') ?? 'login') ?? renderLogin;
    const html = render({ ...shown, ...entered, ...links });
    return send(reply, page(asPicture(html), 200, previewPolicy));
  });

  scope.get(stylesheet, async (request, reply) => {
    const query = queryOf(request);
    const css = themeStylesheet({
      primary_color: query.get('primary'),
      page_background: query.get('page_background'),
    });
    return reply
      .headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' })
      .send(css);
  });
}

/** The frame runs nothing, and browsers complain of what is not run there. Both are markup of ours alone. */
function asPicture(html: string): string {
  return html.replace(/<script\b[^>]*><\/script>/g, '').replace(/ autofocus(?=[ >])/g, '');
}
