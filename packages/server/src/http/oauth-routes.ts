// The endpoints that applications call: token, revocation and userinfo, in OAuth's JSON dialect.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dialectOf } from '../oauth/dialect.ts';
import { dpopAlgorithms } from '../oauth/dpop.ts';
import { revokeToken } from '../oauth/endpoints/revocation.ts';
import { answerUserinfo } from '../oauth/endpoints/userinfo.ts';
import {
  InvalidDpopProof,
  InvalidRequest,
  InvalidToken,
  KeyRequired,
  MethodNotAllowed,
  UseDpopNonce,
} from '../oauth/errors.ts';
import { readAccessToken } from '../oauth/issue/tokens.ts';
import { assertNothingRepeated } from '../oauth/parameters.ts';
import type { PresentedToken } from '../oauth/presented-token.ts';
import { answerTokenRequest } from '../oauth/token/endpoint.ts';
import { answerPreflight, anyClientCors, corsHeaders } from './cors.ts';
import { logError, oauthErrorHandler, oauthErrorReply, toOAuthError } from './errors.ts';
import { json, noStore, type Reply, send } from './reply.ts';
import { bodyOf, clientRequestOf, queryOf } from './request.ts';
import type { Tenant } from './tenant.ts';

export function addOAuthRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));
  // RFC 9449 §8.2: whoever uses DPoP is told the nonce to use next, in errors too.
  server.addHook('onRequest', (request, reply, done) => {
    if (request.headers.dpop !== undefined) reply.header('dpop-nonce', tenant.dpopNonces.current());
    done();
  });

  server.post('/oauth/token', async (request, reply) => {
    const { dpop, 'auth0-forwarded-for': forwardedFor } = request.headers;
    const tokens = await answerTokenRequest({ ...clientRequestOf(request), dpop, forwardedFor }, tenant);
    return send(reply, json(tokens, 200, { ...noStore, ...(await clientCors(request, tenant)) }));
  });

  server.post('/oauth/revoke', async (request, reply) => {
    await revokeToken(clientRequestOf(request), tenant);
    return send(reply, {
      status: 200,
      headers: { ...noStore, ...(await clientCors(request, tenant)) },
      body: '',
    });
  });

  server.route({
    method: ['GET', 'POST'],
    url: '/userinfo',
    handler: async (request, reply) => send(reply, await userinfo(request, tenant)),
  });

  addPreflight(server, '/oauth/token', 'POST', tenant);
  addPreflight(server, '/oauth/revoke', 'POST', tenant);
  addPreflight(server, '/userinfo', 'GET, POST', tenant);
  refuseOtherMethods(server, '/oauth/token', ['POST', 'OPTIONS']);
  refuseOtherMethods(server, '/oauth/revoke', ['POST', 'OPTIONS']);
  refuseOtherMethods(server, '/userinfo', ['GET', 'POST', 'OPTIONS']);
}

export async function clientCors(
  request: FastifyRequest,
  { unitOfWork }: Tenant,
): Promise<Record<string, string>> {
  if (request.headers.origin === undefined) return {};
  const client_id = bodyOf(request).get('client_id');
  return corsHeaders(
    request,
    client_id === undefined ? undefined : await unitOfWork.read.clients.find(client_id),
  );
}

async function userinfo(request: FastifyRequest, tenant: Tenant): Promise<Reply> {
  let presented: PresentedToken | undefined;
  try {
    presented = findAccessToken(request, tenant);
    const claims = await answerUserinfo(presented, tenant);
    return json(claims, 200, { ...noStore, ...(await tokenCors(request, presented, tenant)) });
  } catch (thrown) {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    const answer = oauthErrorReply(error, tenant);
    const headers = { ...answer.headers, ...(await tokenCors(request, presented, tenant)) };
    const isOfProof = error instanceof InvalidDpopProof || error instanceof UseDpopNonce;
    const status = isOfProof ? 401 : error.status;
    if (status !== 401 && status !== 403) return { ...answer, headers };
    // RFC 6750 §3: "the resource server MUST include the HTTP "WWW-Authenticate" response header field"
    const parameters = `error="${error.error}", error_description="${error.message}"`;
    const challenge =
      presented?.scheme === 'DPoP' || error instanceof KeyRequired
        ? `DPoP ${parameters}, algs="${dpopAlgorithms.join(' ')}"`
        : `Bearer ${parameters}`;
    return { ...answer, status, headers: { ...headers, 'www-authenticate': challenge } };
  }
}

/** RFC 6750 §2: header, form, or query where the dialect allows it; never more than one (UI-1). */
function findAccessToken(request: FastifyRequest, { settings, issuer }: Tenant): PresentedToken | undefined {
  const { authorization = '', dpop } = request.headers;
  const [, scheme, inHeader] = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization) ?? [];
  const [body, query] = [bodyOf(request), queryOf(request)];
  assertNothingRepeated(body);
  assertNothingRepeated(query);
  const inBody = body.get('access_token');
  const inQuery = query.get('access_token');
  const [access_token, ...more] = [inHeader, inBody, inQuery].filter((token) => token !== undefined);
  if (more.length > 0) throw new InvalidRequest('The request carries the access token in more than one way');
  if (inQuery !== undefined && !dialectOf(settings).accessTokenInQuery) {
    throw new InvalidToken('An access token in the query is not accepted');
  }
  if (access_token === undefined) return undefined;
  const { method } = request;
  const isDpop = scheme?.toLowerCase() === 'dpop';
  return { access_token, scheme: isDpop ? 'DPoP' : 'Bearer', dpop, method, url: `${issuer}userinfo` };
}

/** CO-6: the origins of the client that the token was issued to; an error without one, those of every client. */
async function tokenCors(request: FastifyRequest, presented: PresentedToken | undefined, tenant: Tenant) {
  if (request.headers.origin === undefined) return {};
  const { clients } = tenant.unitOfWork.read;
  const token = presented && (await readAccessToken(presented.access_token, tenant));
  if (token !== undefined) return corsHeaders(request, await clients.find(token.client_id));
  return anyClientCors(request, clients);
}

export function addPreflight(
  server: FastifyInstance,
  url: string,
  methods: string,
  { unitOfWork }: Tenant,
): void {
  server.options(url, async (request, reply) =>
    send(reply, await answerPreflight(request, unitOfWork.read.clients, methods)),
  );
}

/** TK-4 */
export function refuseOtherMethods(server: FastifyInstance, url: string, allowed: string[]): void {
  server.route({
    method: server.supportedMethods.filter((method) => !allowed.includes(method)),
    url,
    handler: async (_request, reply) => {
      reply.header('allow', allowed.join(', '));
      throw new MethodNotAllowed(
        `Only ${allowed.filter((method) => method !== 'OPTIONS').join(' and ')} is allowed here`,
      );
    },
  });
}
