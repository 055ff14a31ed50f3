// The pushed authorization request endpoint, in a scope of its own: its statuses are RFC 9126's, whatever the dialect.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { pushAuthorizationRequest } from '../../oauth/endpoints/pushed-authorization.ts';
import { addEndpoint } from '../endpoint.ts';
import { logError, oauthErrorReply, toOAuthError } from '../errors.ts';
import { json, noStore, send } from '../reply.ts';
import { clientRequestOf, formOf } from '../request.ts';
import type { Tenant } from '../tenant.ts';
import { requestPorts } from './authorize.ts';

/** PA-2, in bytes. */
const longestPush = 10 * 1024;

export function addPushEndpoint(scope: FastifyInstance, tenant: Tenant): void {
  scope.setErrorHandler(async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    // PA-6, RFC 9126 §2.3: what would go to the callback is a bad request here; 405, 413 and 429 are themselves.
    const status = error.status === 403 ? 400 : error.status;
    return send(reply, { ...oauthErrorReply(error, tenant), status });
  });
  addEndpoint(scope, tenant, {
    url: '/oauth/par',
    methods: ['POST'],
    bodyLimit: longestPush,
    async answer(request) {
      const asked = { ...clientRequestOf(request), parameters: formOf(request) };
      const ports = { ...tenant, reading: requestPorts(tenant) };
      const { dpop } = request.headers;
      return json(await pushAuthorizationRequest({ ...asked, dpop }, ports), 201, noStore);
    },
  });
}
