// An endpoint that applications call, whole: what it answers, the preflight of browsers, who may read its answers
// across origins, errors included, and the refusal of every other method. Its scope has an error handler of its own.
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { MethodNotAllowed } from '../oauth/errors.ts';
import { answerPreflight, corsHeaders, type Origins, publicCors, publicPreflight } from './cors.ts';
import { type Reply, send } from './reply.ts';
import { bodyOf } from './request.ts';
import type { Tenant } from './tenant.ts';

export interface Endpoint {
  url: string;
  methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[];
  /** Throws what the scope's error handler answers. */
  answer(request: FastifyRequest): Promise<Reply>;
  /** Bytes. */
  bodyLimit?: number;
  /** For pages of applications too (CO-*), or of anybody; left out, no other origin reads anything. */
  cors?: Cors | 'anybody';
}

interface Cors {
  /** CO-6: whose pages may read the answer. Left out: of the client that `client_id` names in the body. */
  clientOf?: (request: FastifyRequest, tenant: Tenant) => Promise<Origins | undefined>;
  /** CO-1: whether its Allowed Web Origins may as well. */
  withWebOrigins?: (request: FastifyRequest) => boolean;
}

export function addEndpoint(scope: FastifyInstance, tenant: Tenant, endpoint: Endpoint): void {
  const { url, methods, bodyLimit, cors } = endpoint;
  scope.route({
    method: [...methods],
    url,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    ...(cors === undefined ? {} : { onSend: corsHook(cors, tenant) }),
    handler: async (request, reply) => send(reply, await endpoint.answer(request)),
  });
  if (cors !== undefined) {
    const allowed = methods.join(', ');
    scope.options(url, async (request, reply) => {
      if (cors === 'anybody') return send(reply, publicPreflight(allowed));
      const withWebOrigins = cors.withWebOrigins !== undefined;
      return send(reply, await answerPreflight(allowed, withWebOrigins, request, tenant));
    });
  }
  refuseOtherMethods(scope, url, methods, cors !== undefined);
}

/** A callback, because nearly all requests come without an Origin. */
function corsHook(cors: Cors | 'anybody', tenant: Tenant): onSendHookHandler {
  return (request, reply, payload, done) => {
    if (cors === 'anybody') {
      reply.headers(publicCors);
      return done(null, payload);
    }
    const { origin } = request.headers;
    if (origin === undefined) return done(null, payload);
    const finish = (headers: Record<string, string>) => {
      reply.headers(headers);
      done(null, payload);
    };
    corsOf(origin, request, reply, cors, tenant).then(finish, (err: unknown) => {
      // The database is away, perhaps: then nobody is known who may read.
      tenant.log.error({ err }, 'no origin was allowed to read an answer');
      finish({ vary: 'Origin' });
    });
  };
}

async function corsOf(
  origin: string,
  request: FastifyRequest,
  { statusCode }: FastifyReply,
  { clientOf = namedClient, withWebOrigins = () => false }: Cors,
  tenant: Tenant,
): Promise<Record<string, string>> {
  const client = await clientOf(request, tenant);
  // CO-6: what nobody known was granted, nobody reads; that it was refused, every client's page may.
  if (client === undefined && statusCode < 400) return { vary: 'Origin' };
  return corsHeaders(origin, client, withWebOrigins(request), request, tenant);
}

async function namedClient(request: FastifyRequest, { unitOfWork }: Tenant): Promise<Origins | undefined> {
  const client_id = parameterOf(request, 'client_id');
  return client_id === undefined ? undefined : unitOfWork.read.clients.find(client_id);
}

/** From the body, which may be malformed otherwise. */
export function parameterOf(request: FastifyRequest, name: string): string | undefined {
  return bodyOf(request).pairs.find(([given]) => given === name)?.[1];
}

/** TK-4 */
function refuseOtherMethods(
  scope: FastifyInstance,
  url: string,
  methods: readonly string[],
  hasPreflight: boolean,
): void {
  const allowed = hasPreflight ? [...methods, 'OPTIONS'] : methods;
  scope.route({
    method: scope.supportedMethods.filter((method) => !allowed.includes(method)),
    url,
    handler: async (_request, reply) => {
      reply.header('allow', allowed.join(', '));
      throw new MethodNotAllowed(`Only ${methods.join(' and ')} is allowed here`);
    },
  });
}
