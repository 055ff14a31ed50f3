// Login without a password, in the JSON of Auth0's Authentication API.
import type { FastifyInstance } from 'fastify';
import { startPasswordless } from '../oauth/endpoints/passwordless-start.ts';
import { oauthErrorHandler } from './errors.ts';
import { addPreflight, clientCors, refuseOtherMethods } from './oauth-routes.ts';
import { json, noStore, send } from './reply.ts';
import { clientRequestOf } from './request.ts';
import type { Tenant } from './tenant.ts';

export function addPasswordlessRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));
  server.post('/passwordless/start', async (request, reply) => {
    const started = await startPasswordless(clientRequestOf(request), tenant);
    return send(reply, json(started, 200, { ...noStore, ...(await clientCors(request, tenant)) }));
  });
  addPreflight(server, '/passwordless/start', 'POST', tenant);
  refuseOtherMethods(server, '/passwordless/start', ['POST', 'OPTIONS']);
}
