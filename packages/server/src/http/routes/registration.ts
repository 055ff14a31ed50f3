// Dynamic client registration over HTTP (RFC 7591, RFC 7592; contract DR-*): JSON in and out. Nothing of it depends on
// who the browser is, so any origin may ask.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidToken } from '../../oauth/errors.ts';
import { parseJsonObject } from '../../oauth/json-object.ts';
import {
  deleteRegistration,
  type Management,
  readRegistration,
  registerClient,
  replaceRegistration,
} from '../../oauth/registration/registration.ts';
import { addEndpoint } from '../endpoint.ts';
import { logError, oauthErrorReply, toOAuthError } from '../errors.ts';
import { limitRegistrations } from '../rate-limits.ts';
import { json, noStore, type Reply, send } from '../reply.ts';
import { requesterOf, tokenInHeader } from '../request.ts';
import type { Tenant } from '../tenant.ts';

const path = '/oidc/register';

export function addRegistrationRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(async (thrown, request, reply) => {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    const answer = oauthErrorReply(error, tenant);
    // RFC 6750 §3
    const challenge = { 'www-authenticate': `Bearer error="${error.error}"` };
    const headers = { ...answer.headers, ...(error instanceof InvalidToken ? challenge : {}) };
    return send(reply, { ...answer, headers });
  });
  server.addHook('onRequest', (_request, reply, done) => {
    if (tenant.settings.flags.enable_dynamic_client_registration) return done();
    reply.callNotFound();
  });
  addMetadataParser(server);
  limitRegistrations(server, tenant);

  addEndpoint(server, tenant, {
    url: path,
    methods: ['POST'],
    async answer(request) {
      return json(await registerClient(metadataOf(request), requesterOf(request), tenant), 201, noStore);
    },
    cors: 'anybody',
  });
  addEndpoint(server, tenant, {
    url: `${path}/:client_id`,
    methods: ['GET', 'PUT', 'DELETE'],
    answer: (request) => manage(request, tenant),
    cors: 'anybody',
  });
}

/** RFC 7592 §2 */
async function manage(request: FastifyRequest, tenant: Tenant): Promise<Reply> {
  const management = managementOf(request);
  switch (request.method) {
    case 'PUT':
      return json(await replaceRegistration(metadataOf(request), management, tenant), 200, noStore);
    case 'DELETE':
      await deleteRegistration(management, tenant);
      return { status: 204, headers: noStore, body: '' };
    default:
      return json(await readRegistration(management, tenant), 200, noStore);
  }
}

/** The members are not flat, as those of other endpoints are. */
function addMetadataParser(server: FastifyInstance): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => {
      try {
        return { metadata: parseJsonObject(utf8.decode(body)) };
      } catch {
        return { metadata: undefined };
      }
    },
  );
}

function metadataOf({ body }: FastifyRequest): Record<string, unknown> | undefined {
  return (body as { metadata: Record<string, unknown> | undefined } | undefined)?.metadata;
}

function managementOf(request: FastifyRequest): Management {
  const { client_id } = request.params as { client_id: string };
  const { scheme, token } = tokenInHeader(request) ?? {};
  const registration_access_token = scheme === 'Bearer' ? token : undefined;
  return { client_id, registration_access_token, requester: requesterOf(request) };
}
