// The dashboard: one page for each of its addresses, which its router then reads, and the files of it.
import type { FastifyInstance } from 'fastify';
import type { DashboardFiles } from '../dashboard-files.ts';
import { errorPageHandler } from '../error-pages.ts';
import { page } from '../page-context.ts';
import { send } from '../reply.ts';
import { dashboardPolicy } from '../security.ts';
import type { Tenant } from '../tenant.ts';
import { addPreviewRoutes } from './preview.ts';

export function addDashboardRoutes(scope: FastifyInstance, files: DashboardFiles, tenant: Tenant): void {
  scope.setErrorHandler(errorPageHandler(tenant));
  const { issuer, random } = tenant;

  function shell() {
    const nonce = random.token(16);
    const told = {
      issuer,
      client_id: tenant.dashboardClientId,
      try_client_id: tenant.dashboardTryClientId,
      friendly_name: tenant.settings.friendly_name,
      ...(tenant.tryClientId === undefined ? {} : { try_url: `${issuer}try` }),
    };
    return page(files.page(told, nonce), 200, dashboardPolicy(nonce));
  }
  addPreviewRoutes(scope, tenant);
  for (const url of ['/dashboard', '/dashboard/*']) {
    scope.get(url, async (_request, reply) => send(reply, shell()));
  }

  scope.get<{ Params: { name: string } }>('/dashboard/assets/:name', async (request, reply) => {
    const file = await files.find(request.params.name, String(request.headers['accept-encoding'] ?? ''));
    if (file === undefined) return reply.callNotFound();
    const { content, contentType, encoding } = file;
    return send(reply, {
      status: 200,
      headers: {
        'content-type': contentType,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      body: content,
    });
  });
}
