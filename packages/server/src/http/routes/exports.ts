// Where the link of an export leads (contract §6.2): the users, compressed, as they are read.
import { Readable } from 'node:stream';
import { createGzip, type Gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { exportLines, findExport, usersExportPath } from '../../management/jobs/users-exports.ts';
import { renderTicketEnded } from '../../pages/reset-password.tsx';
import { errorPageHandler } from '../error-pages.ts';
import { page, pageContext } from '../page-context.ts';
import { noStore, send } from '../reply.ts';
import { queryOf } from '../request.ts';
import type { Tenant } from '../tenant.ts';

export function addExportRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(errorPageHandler(tenant));
  server.get(usersExportPath, async (request, reply) => {
    const found = await findExport(queryOf(request).get('link') ?? '', tenant);
    if (found === undefined) return send(reply, page(renderTicketEnded({ page: pageContext(tenant) }), 400));
    const headers = {
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="users.${found.asked.format}.gz"`,
    };
    reply.headers({ ...headers, ...noStore });
    return reply.send(compressed(exportLines(found, tenant.unitOfWork.read)));
  });
}

/** Who goes away stops the reading; a database that goes away leaves no file that looks whole. */
function compressed(lines: AsyncIterable<string>): Gzip {
  const gzip = createGzip();
  const source = Readable.from(lines);
  source.on('error', (error) => gzip.destroy(error));
  gzip.on('close', () => source.destroy());
  return source.pipe(gzip);
}
