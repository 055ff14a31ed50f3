// The endpoints that applications call: token, pushed requests, revocation and userinfo, in OAuth's JSON dialect.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LoginStores } from '../../login/ports.ts';
import { deleteSession } from '../../login/sessions.ts';
import type { Client } from '../../model/client.ts';
import { dialectOf } from '../../oauth/dialect.ts';
import { introspectToken } from '../../oauth/endpoints/introspection.ts';
import { type RevocationPorts, revokeToken } from '../../oauth/endpoints/revocation.ts';
import { answerUserinfo } from '../../oauth/endpoints/userinfo.ts';
import {
  InvalidDpopProof,
  InvalidRequest,
  InvalidToken,
  KeyRequired,
  OAuthError,
  UseDpopNonce,
} from '../../oauth/errors.ts';
import { readAccessToken } from '../../oauth/issue/own-access-token.ts';
import { assertNothingRepeated } from '../../oauth/parameters.ts';
import { dpopAlgorithms } from '../../oauth/proof/dpop.ts';
import type { PresentedToken } from '../../oauth/proof/presented-token.ts';
import { answerTokenRequest } from '../../oauth/token/endpoint.ts';
import { deviceCodeGrant } from '../../oauth/token/grants/device-code.ts';
import { addEndpoint, parameterOf } from '../endpoint.ts';
import { logError, oauthErrorHandler, oauthErrorReply, toOAuthError } from '../errors.ts';
import { json, noStore, type Reply } from '../reply.ts';
import { bodyOf, certificateOf, clientRequestOf, queryOf, tokenInHeader } from '../request.ts';
import type { Tenant } from '../tenant.ts';
import { addPushEndpoint } from './pushed-authorization.ts';

export function addOAuthRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));
  // RFC 9449 §8.2: whoever uses DPoP is told the nonce to use next, in errors too.
  server.addHook('onRequest', (request, reply, done) => {
    if (request.headers.dpop !== undefined) reply.header('dpop-nonce', tenant.dpopNonces.current());
    done();
  });

  addEndpoint(server, tenant, {
    url: '/oauth/token',
    methods: ['POST'],
    async answer(request) {
      const { dpop, 'auth0-forwarded-for': forwardedFor } = request.headers;
      const tokens = await answerTokenRequest({ ...clientRequestOf(request), dpop, forwardedFor }, tenant);
      return json(tokens, 200, noStore);
    },
    // DV-12
    cors: {
      withWebOrigins: (request) => parameterOf(request, 'grant_type') === deviceCodeGrant.grant_type,
    },
  });
  server.register(async (scope) => addPushEndpoint(scope, tenant));
  addEndpoint(server, tenant, {
    url: '/oauth/revoke',
    methods: ['POST'],
    async answer(request) {
      const endSession: RevocationPorts<LoginStores>['endSession'] = (session, requester, stores) =>
        deleteSession(session, 'session-revoked', requester, stores, tenant);
      await revokeToken(clientRequestOf(request), { ...tenant, endSession });
      return { status: 200, headers: noStore, body: '' };
    },
    cors: {},
  });
  // A confidential client asks, from its server: no browser may.
  addEndpoint(server, tenant, {
    url: '/oauth/introspect',
    methods: ['POST'],
    answer: async (request) => json(await introspectToken(clientRequestOf(request), tenant), 200, noStore),
  });
  addEndpoint(server, tenant, {
    url: '/userinfo',
    methods: ['GET', 'POST'],
    answer: (request) => userinfo(request, tenant),
    cors: { clientOf: clientOfToken },
  });
}

async function userinfo(request: FastifyRequest, tenant: Tenant): Promise<Reply> {
  let presented: PresentedToken | undefined;
  try {
    presented = findAccessToken(request, tenant);
    const claims = await answerUserinfo(presented, tenant);
    return json(claims, 200, noStore);
  } catch (thrown) {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    const answer = oauthErrorReply(error, tenant);
    const isOfProof = error instanceof InvalidDpopProof || error instanceof UseDpopNonce;
    const status = isOfProof ? 401 : error.status;
    if (status !== 401 && status !== 403) return answer;
    // RFC 6750 §3: "the resource server MUST include the HTTP "WWW-Authenticate" response header field"
    const parameters = `error="${error.error}", error_description="${error.message}"`;
    const challenge =
      presented?.scheme === 'DPoP' || error instanceof KeyRequired
        ? `DPoP ${parameters}, algs="${dpopAlgorithms.join(' ')}"`
        : `Bearer ${parameters}`;
    return { ...answer, status, headers: { ...answer.headers, 'www-authenticate': challenge } };
  }
}

/** RFC 6750 §2: header, form, or query where the dialect allows it; never more than one (UI-1). */
function findAccessToken(request: FastifyRequest, { settings, issuer }: Tenant): PresentedToken | undefined {
  const inHeader = tokenInHeader(request);
  const [body, query] = [bodyOf(request), queryOf(request)];
  assertNothingRepeated(body);
  assertNothingRepeated(query);
  const inBody = body.get('access_token');
  const inQuery = query.get('access_token');
  const [access_token, ...more] = [inHeader?.token, inBody, inQuery].filter((token) => token !== undefined);
  if (more.length > 0) throw new InvalidRequest('The request carries the access token in more than one way');
  if (inQuery !== undefined && !dialectOf(settings).accessTokenInQuery) {
    throw new InvalidToken('An access token in the query is not accepted');
  }
  if (access_token === undefined) return undefined;
  return {
    access_token,
    scheme: inHeader?.scheme ?? 'Bearer',
    inQuery: inQuery !== undefined,
    dpop: request.headers.dpop,
    certificate: certificateOf(request),
    method: request.method,
    url: `${issuer}userinfo`,
  };
}

/** CO-6 */
async function clientOfToken(request: FastifyRequest, tenant: Tenant): Promise<Client | undefined> {
  try {
    const presented = findAccessToken(request, tenant);
    const token = presented && (await readAccessToken(presented.access_token, tenant));
    return token && (await tenant.unitOfWork.read.clients.find(token.client_id));
  } catch (error) {
    // The request itself is refused in the same words.
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
}
