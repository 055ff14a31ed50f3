// What is not a protocol: the greeting, /try, the pages' assets, and readiness.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { renderHome } from '../../pages/home.tsx';
import { renderTry } from '../../pages/try.tsx';
import { errorPageHandler } from '../error-pages.ts';
import { page, pageContext } from '../page-context.ts';
import { json, send } from '../reply.ts';
import { tryPolicy } from '../security.ts';
import type { Tenant } from '../tenant.ts';
import { addThemeRoute } from '../theme.ts';

export function addHomeRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(errorPageHandler(tenant));
  const { issuer, tryClientId, dashboardFiles } = tenant;
  const context = pageContext(tenant);

  const home = page(
    renderHome({
      page: context,
      issuer,
      try_url: tryClientId === undefined ? undefined : '/try',
      dashboard_url: dashboardFiles === undefined ? undefined : '/dashboard',
    }),
  );
  server.get('/', { exposeHeadRoute: true }, async (_request, reply) => send(reply, home));

  if (tryClientId !== undefined) {
    const shell = renderTry({ page: context, issuer, client_id: tryClientId });
    server.get('/try', async (_request, reply) => send(reply, page(shell, 200, tryPolicy("'none'"))));
    // LT-5: the silent iframe may end here.
    server.get('/try/callback', async (_request, reply) =>
      send(reply, page(shell, 200, tryPolicy("'self'"))),
    );
  }

  addThemeRoute(server, tenant);
  server.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const asset = tenant.assets.find(request.params.name);
    if (asset === undefined) return reply.callNotFound();
    return sendAsset(reply, asset);
  });

  server.get('/health', { exposeHeadRoute: true }, async (_request, reply) => {
    try {
      await tenant.ping();
      return send(reply, json({ status: 'ok' }));
    } catch {
      return send(reply, json({ status: 'database unavailable' }, 503));
    }
  });
}

function sendAsset(reply: FastifyReply, { content, contentType }: { content: Buffer; contentType: string }) {
  return reply
    .headers({ 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' })
    .send(content);
}
