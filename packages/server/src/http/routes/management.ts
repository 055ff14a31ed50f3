// The Management API over HTTP: JSON or a form in, JSON out, refusals in its own dialect. It looks at the header
// Authorization alone: a cookie of the login pages, which share this origin, opens nothing here.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerManagementRequest, type ManagementAnswer } from '../../management/answer.ts';
import { errorBody, ManagementError } from '../../management/errors.ts';
import { routes } from '../../management/index.ts';
import { recordRefusal } from '../../management/log.ts';
import { matcherOf } from '../../management/match.ts';
import type { Caller, Route } from '../../management/route.ts';
import { refuseUnserved, type Unserved, unserved } from '../../management/unserved.ts';
import { depthProblem, invalidBody } from '../../management/validation.ts';
import { TemporarilyUnavailable, TooManyRequests } from '../../oauth/errors.ts';
import { answerPreflight, corsHeaders } from '../cors.ts';
import { logError, retryAfter, toOAuthError } from '../errors.ts';
import { parseMultipart } from '../multipart.ts';
import { json, noStore, type Reply, send } from '../reply.ts';
import { certificateOf, requesterOf, tokenInHeader } from '../request.ts';
import type { Tenant } from '../tenant.ts';

export const managementPath = '/api/v2';

/** Bytes; a file of users may be larger than what is typed. */
const bodyLimit = 256 * 1024;
const fileLimit = 522_000;

/** Registered with the prefix `managementPath`. */
export function addManagementRoutes(scope: FastifyInstance, tenant: Tenant): void {
  /** Who asked, for the answer's headers. */
  const callers = new WeakMap<FastifyRequest, Caller>();
  const match = matcherOf<Route | Unserved>([...routes, ...unserved]);
  const operationsAt = (request: FastifyRequest) =>
    match(pathOf(request).slice(managementPath.length))?.operations;
  scope.setErrorHandler(async (thrown, request, reply) => {
    if (thrown instanceof ManagementError) return send(reply, refusalReply(thrown));
    const error = refusalOf(thrown, request, tenant);
    const found = operationsAt(request)?.get(request.method);
    // It was too much to be read: nobody has looked yet who sends it.
    if (error.status === 413 && found !== undefined)
      await recordRefusal(
        error,
        found.operation,
        requestOf(request, found.params, tenant),
        undefined,
        tenant,
      );
    return send(reply, refusalReply(error));
  });
  scope.setNotFoundHandler(async (_request, reply) => send(reply, refusalReply(notFound)));
  addBodyParsers(scope);
  allowOrigins(scope, callers, tenant);
  scope.route({
    method: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    url: '/*',
    async handler(request, reply) {
      const found = operationsAt(request)?.get(request.method);
      if (found === undefined) throw notFound;
      const sent = requestOf(request, found.params, tenant);
      if (!('answer' in found.operation)) return refuseUnserved(found.operation, sent, tenant);
      const answer = await answerManagementRequest(found.operation, sent, tenant);
      callers.set(request, answer.caller);
      return send(reply, replyOf(answer));
    },
  });
  scope.options('/*', async (request, reply) => {
    const found = operationsAt(request);
    if (found === undefined) throw notFound;
    return send(reply, await answerPreflight([...found.keys()].join(', '), true, request, tenant));
  });
}

const notFound = new ManagementError(404, 'Not Found');

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

function requestOf(request: FastifyRequest, params: Readonly<Record<string, string>>, { issuer }: Tenant) {
  const path = pathOf(request);
  const sent = tokenInHeader(request);
  return {
    params,
    query: queryMembers(request.url),
    body: request.body ?? null,
    presented: sent && {
      access_token: sent.token,
      scheme: sent.scheme,
      inQuery: false,
      dpop: request.headers.dpop,
      certificate: certificateOf(request),
      method: request.method,
      url: new URL(path, issuer).href,
    },
    requester: requesterOf(request),
    ifMatch: request.headers['if-match'],
    path,
  };
}

/** What stands twice is a list. */
function queryMembers(url: string): Record<string, string | string[]> {
  const question = url.indexOf('?');
  if (question < 0) return {};
  const members = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(url.slice(question + 1))) {
    const earlier = members.get(name);
    members.set(name, earlier === undefined ? value : [earlier, value].flat());
  }
  return Object.fromEntries(members);
}

function replyOf({ status, body, headers }: ManagementAnswer): Reply {
  if (body === undefined) return { status, headers: { ...noStore, ...headers }, body: '' };
  return json(body, status, { ...noStore, ...headers });
}

function refusalReply(error: ManagementError): Reply {
  return json(errorBody(error), error.status, { ...noStore, ...error.headers });
}

function refusalOf(thrown: unknown, request: FastifyRequest, tenant: Tenant): ManagementError {
  const error = toOAuthError(thrown);
  logError(error, request, tenant);
  const code = error instanceof TooManyRequests ? 'too_many_requests' : undefined;
  const isTemporary = error instanceof TooManyRequests || error instanceof TemporarilyUnavailable;
  const message = error instanceof TooManyRequests ? 'Global limit has been reached' : error.message;
  return new ManagementError(error.status, message, code, isTemporary ? retryAfter(error) : {});
}

/** §3.1: "Content types: JSON, also application/x-www-form-urlencoded". What cannot be read is its own refusal, which comes
 * after those of who sends it. */
function addBodyParsers(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit },
    async (_request: FastifyRequest, body: string) => parseJsonBody(body),
  );
  scope.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit },
    async (_request: FastifyRequest, body: string) => queryMembers(`?${body}`),
  );
  scope.addContentTypeParser<Buffer>(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: fileLimit },
    async (request: FastifyRequest, body: Buffer) =>
      parseMultipart(request.headers['content-type'] ?? '', body) ??
      invalidBody('Invalid multipart payload format'),
  );
  scope.addContentTypeParser<string>(
    '*',
    { parseAs: 'string', bodyLimit },
    async (_request: FastifyRequest, body: string) =>
      body === ''
        ? null
        : invalidBody('The body must be application/json or application/x-www-form-urlencoded'),
  );
}

/** A member `__proto__` is one like others to JSON.parse, and nothing that a schema of ours knows. */
function parseJsonBody(body: string): unknown {
  if (body.trim() === '') return null;
  try {
    const parsed: unknown = JSON.parse(body);
    return depthProblem(parsed) ?? parsed;
  } catch {
    return invalidBody('The body is not JSON');
  }
}

/** §3.1: dashboards and single-page applications call it across origins: those of the client that calls. */
function allowOrigins(
  scope: FastifyInstance,
  callers: WeakMap<FastifyRequest, Caller>,
  tenant: Tenant,
): void {
  scope.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin } = request.headers;
    if (origin === undefined || request.method === 'OPTIONS') return;
    const client = callers.get(request)?.client;
    if (client === undefined && reply.statusCode < 400) return;
    reply.headers(await corsHeaders(origin, client, true, request, tenant));
  });
}
