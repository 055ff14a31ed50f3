// Login without a password, in the JSON of Auth0's Authentication API.
import type { FastifyInstance } from 'fastify';
import { startPasswordless } from '../../oauth/endpoints/passwordless-start.ts';
import { addEndpoint } from '../endpoint.ts';
import { oauthErrorHandler } from '../errors.ts';
import { json, noStore } from '../reply.ts';
import { clientRequestOf } from '../request.ts';
import type { Tenant } from '../tenant.ts';

export function addPasswordlessRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));
  addEndpoint(server, tenant, {
    url: '/passwordless/start',
    methods: ['POST'],
    // CO-1
    cors: { withWebOrigins: () => true },
    answer: async (request) => json(await startPasswordless(clientRequestOf(request), tenant), 200, noStore),
  });
}
