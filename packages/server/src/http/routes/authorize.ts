// The authorization endpoint, and the way back to it from the login pages. Until the callback is trusted an error is
// a page; from there on everything is answered to the callback (contract AZ-50).
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { advance, type Outcome, suspend, type Visitor } from '../../login/authorization.ts';
import type { Refusal } from '../../login/next-step.ts';
import { findParked, park } from '../../login/parked-request.ts';
import { findTransaction } from '../../login/transaction.ts';
import type { Client } from '../../model/client.ts';
import { aboutClient, type LogEvent } from '../../model/events.ts';
import {
  parseAuthorizationRequest,
  RefusedRequest,
  type RequestPorts,
} from '../../oauth/authorize/request.ts';
import { parseCorrelationId } from '../../oauth/authorize/request-members.ts';
import { type ResolvedRequest, resolveRequest } from '../../oauth/authorize/resolved-request.ts';
import { successResponse } from '../../oauth/authorize/response.ts';
import { UnanswerableRequest } from '../../oauth/authorize/response-target.ts';
import { findSuspended, type RequestInProgress } from '../../oauth/authorize/suspended-request.ts';
import { dialectOf } from '../../oauth/dialect.ts';
import { ConsentRequired, InteractionRequired, LoginRequired, type OAuthError } from '../../oauth/errors.ts';
import { readIdTokenHint } from '../../oauth/issue/tokens.ts';
import { Parameters, parseSpaceDelimited } from '../../oauth/parameters.ts';
import { answerAtCallback, answerRefusal, refuseAtCallback } from '../authorization-response.ts';
import type { Cookies } from '../cookies.ts';
import { errorPageHandler, lostTransaction, unanswerablePage } from '../error-pages.ts';
import { activationPaths, pageUrl } from '../paths.ts';
import { type Reply, redirect, send } from '../reply.ts';
import { correlated, formOf, queryOf, visitorOf } from '../request.ts';
import { longestUrl } from '../security.ts';
import type { Tenant } from '../tenant.ts';

export function addAuthorizeRoutes(server: FastifyInstance, tenant: Tenant, cookies: Cookies): void {
  server.setErrorHandler(errorPageHandler(tenant));

  server.get('/authorize', async (request, reply) =>
    send(reply, await authorize(queryOf(request), request, tenant, cookies)),
  );

  // LT-3: a cross-site POST carries no Lax cookie, so the browser is asked to come back with a GET.
  server.post('/authorize', { bodyLimit: longestUrl }, async (request, reply) => {
    const parameters = formOf(request);
    const client_id = parameters.get('client_id');
    // Nothing is kept for nobody: without a client the answer is an error page, which needs no cookie.
    if (client_id === undefined || (await tenant.unitOfWork.read.clients.find(client_id)) === undefined) {
      return send(reply, await authorize(parameters, request, tenant, cookies));
    }
    const handle = await park('authorize', parameters.pairs, tenant);
    return send(reply, redirect(`/authorize/posted?state=${handle}`, 303));
  });

  server.get('/authorize/posted', async (request, reply) => {
    const pairs = await findParked('authorize', queryOf(request).get('state'), tenant);
    if (pairs === undefined) return send(reply, await lostTransaction(undefined, request, tenant));
    return send(reply, await authorize(new Parameters(pairs), request, tenant, cookies));
  });

  server.get('/authorize/resume', async (request, reply) =>
    send(reply, await resume(request, tenant, cookies)),
  );
}

async function authorize(
  parameters: Parameters,
  request: FastifyRequest,
  tenant: Tenant,
  cookies: Cookies,
): Promise<Reply> {
  const visitor = visitorOf(request, cookies);
  try {
    const resolved = await resolveRequest(parameters, visitor.browser, {
      ...requestPorts(tenant),
      now: tenant.clock.now(),
    });
    return await answerRequest(resolved, request, visitor, tenant, cookies);
  } catch (error) {
    if (!(error instanceof UnanswerableRequest)) throw error;
    await record(error.cause.message, error.client, 'f', visitor, tenant);
    return unanswerablePage(error, parameters.get('connection'), request, tenant);
  }
}

async function answerRequest(
  resolved: ResolvedRequest,
  request: FastifyRequest,
  uncorrelated: Visitor,
  tenant: Tenant,
  cookies: Cookies,
): Promise<Reply> {
  const visitor = correlated(uncorrelated, parseCorrelationId(resolved.parameters));
  try {
    const parsed = await parseAuthorizationRequest(resolved, requestPorts(tenant));
    const outcome = await advance(parsed, undefined, visitor, tenant);
    if (outcome.outcome !== 'page') return answer(outcome, parsed, request, tenant);
    const browser = visitor.browser ?? tenant.random.token();
    const handle = await suspend(parsed.request, browser, tenant);
    if (handle === undefined) return lostTransaction(undefined, request, tenant);
    const newCookies = visitor.browser === undefined ? [cookies.browser(browser)] : [];
    return redirect(pageUrl(outcome.step, handle), 302, newCookies);
  } catch (error) {
    if (error instanceof RefusedRequest) return refuse(error, visitor, request, tenant);
    throw error;
  }
}

export function requestPorts(tenant: Tenant): RequestPorts {
  const { unitOfWork, settings, issuer } = tenant;
  return {
    stores: unitOfWork.read,
    readIdTokenHint: (id_token_hint) => readIdTokenHint(id_token_hint, tenant),
    settings,
    dialect: dialectOf(settings),
    issuer,
  };
}

async function refuse(
  error: RefusedRequest,
  visitor: Visitor,
  request: FastifyRequest,
  tenant: Tenant,
): Promise<Reply> {
  const { cause, client, resolved } = error;
  const silent = parseSpaceDelimited(resolved.parameters.get('prompt')).includes('none');
  await record(cause.message, client, silent ? 'fsa' : 'f', visitor, tenant, resolved.pushed);
  return refuseAtCallback(cause, error, request, tenant);
}

async function record(
  description: string,
  client: Client | undefined,
  type: 'f' | 'fsa',
  { requester }: Visitor,
  { unitOfWork, clock }: Tenant,
  pushed: string | null = null,
): Promise<void> {
  const event: LogEvent = { type, description, ...aboutClient(client) };
  await unitOfWork.transaction(async ({ log, pushedRequests }) => {
    // PA-4: this error is the request's end.
    if (pushed !== null) await pushedRequests.spend(pushed, clock.now());
    await log.write(event, requester);
  });
}

async function resume(request: FastifyRequest, tenant: Tenant, cookies: Cookies): Promise<Reply> {
  const uncorrelated = visitorOf(request, cookies);
  const state = queryOf(request).get('state');
  const now = tenant.clock.now();
  const { read } = tenant.unitOfWork;
  const transaction = await findTransaction(state, uncorrelated.browser, now, read.loginTransactions);
  const visitor = correlated(uncorrelated, transaction?.request.correlation_id ?? null);
  const suspended = transaction && (await findSuspended(transaction.request, read, now));
  if (state === undefined || suspended === undefined) return lostTransaction(state, request, tenant);
  const outcome = await advance(suspended, transaction, visitor, tenant);
  if (outcome.outcome === 'page') return redirect(pageUrl(outcome.step, state));
  return answer(outcome, suspended, request, tenant);
}

async function answer(
  outcome: Exclude<Outcome, { outcome: 'page' }>,
  parsed: RequestInProgress,
  request: FastifyRequest,
  tenant: Tenant,
): Promise<Reply> {
  if (outcome.outcome === 'lost') return lostTransaction(undefined, request, tenant);
  const { client, request: asked } = parsed;
  if (outcome.outcome === 'refused')
    return answerRefusal(refusalError(outcome.refusal, tenant), parsed, request, tenant);
  if (outcome.outcome === 'device_approved' || 'device_code' in asked)
    return redirect(activationPaths.allowed);
  const response = await successResponse({ request: asked, client }, outcome.approval, tenant);
  return answerAtCallback(response, tenant);
}

/** PR-2 to PR-4, AZ-64. */
function refusalError(refusal: Refusal, { settings }: Tenant): OAuthError {
  switch (refusal) {
    case 'login_required':
    case 'wrong_user':
      return new LoginRequired('Login required');
    case 'consent_required':
      return new ConsentRequired('Consent required');
    case 'interaction_required':
      return new InteractionRequired('Interaction required');
    case 'user_blocked':
      return dialectOf(settings).blockedUser();
  }
}
