// Errors as pages: for people, where no callback can be trusted (contract AZ-52 to AZ-58, AZ-66).
import type { FastifyReply, FastifyRequest } from 'fastify';
import { loginRouteOf } from '../model/client.ts';
import type { LogEvent } from '../model/events.ts';
import type { UnanswerableRequest } from '../oauth/authorize/response-target.ts';
import { dialectOf } from '../oauth/dialect.ts';
import { InvalidRequest, type OAuthError, TooManyRequests } from '../oauth/errors.ts';
import { renderUserCodeEnded } from '../pages/device.tsx';
import {
  renderBusy,
  renderCallbackMismatch,
  renderError,
  renderLostTransaction,
  renderTooManyRequests,
} from '../pages/errors.tsx';
import { sha256 } from '../runtime/cryptography/hash.ts';
import { logError, retryAfter, toOAuthError } from './errors.ts';
import { page, pageContext } from './page-context.ts';
import { activationPaths } from './paths.ts';
import { type Reply, redirect, send } from './reply.ts';
import { requesterOf } from './request.ts';
import type { Tenant } from './tenant.ts';

type ErrorPageTenant = Pick<Tenant, 'settings' | 'assets' | 'issuer'>;

/** `connection`: the one that the request named. */
export function unanswerablePage(
  error: UnanswerableRequest,
  connection: string | undefined,
  request: FastifyRequest,
  tenant: ErrorPageTenant,
): Reply {
  const known = { client_id: error.client?.client_id, connection };
  const custom = customErrorPage(error.cause, known, request, tenant);
  if (custom !== undefined) return custom;
  if (error.mismatchedCallback === undefined) return errorPage(error.cause, request, tenant, error.status);
  const html = renderCallbackMismatch({
    page: pageContext(tenant),
    tracking: request.id,
    redirect_uri: error.mismatchedCallback,
  });
  return page(html, error.status);
}

/** AZ-57: only what is known for the request goes to the custom error page. */
function customErrorPage(
  error: OAuthError,
  { client_id, connection }: { client_id: string | undefined; connection: string | undefined },
  request: FastifyRequest,
  { settings }: ErrorPageTenant,
): Reply | undefined {
  if (settings.error_page === null) return undefined;
  const url = new URL(settings.error_page.url);
  if (client_id !== undefined) url.searchParams.set('client_id', client_id);
  if (connection !== undefined) url.searchParams.set('connection', connection);
  url.searchParams.set('lang', 'en');
  url.searchParams.set('error', error.error);
  url.searchParams.set('error_description', dialectOf(settings).description(error.message));
  url.searchParams.set('tracking', request.id);
  return redirect(url.href, statusAfter(request));
}

export function statusAfter({ method }: FastifyRequest): 302 | 303 {
  return method === 'POST' ? 303 : 302;
}

export function errorPage(
  error: OAuthError,
  request: FastifyRequest,
  tenant: ErrorPageTenant,
  status: number = error.status,
): Reply {
  const html = renderError({
    page: pageContext(tenant),
    tracking: request.id,
    error: error.error,
    error_description: dialectOf(tenant.settings).description(error.message),
  });
  return page(html, status);
}

/**
 * AZ-66: the client's or the tenant's default login route, or a page that says what may have happened. `handle`: of
 * the transaction that is expired, finished or another browser's.
 */
export async function lostTransaction(
  handle: string | undefined,
  request: FastifyRequest,
  tenant: Tenant,
): Promise<Reply> {
  const { loginTransactions, clients } = tenant.unitOfWork.read;
  const transaction = handle === undefined ? undefined : await loginTransactions.find(sha256(handle));
  const client = transaction && (await clients.find(transaction.client_id));
  const error = new InvalidRequest('The session of this login was not found');
  // Nothing is written for a handle that never was one.
  if (transaction !== undefined) {
    const event: LogEvent = {
      type: 'f',
      description: error.message,
      client_id: transaction.client_id,
      client_name: client?.name,
    };
    await tenant.unitOfWork.transaction(({ log }) => log.write(event, requesterOf(request)));
  }
  if (transaction !== undefined && 'device_code' in transaction.request) return endedDevice(tenant);
  const route = (client && loginRouteOf(client)) ?? tenant.settings.default_redirection_uri;
  if (route !== null) {
    const url = new URL(route);
    url.searchParams.set('iss', tenant.issuer);
    return redirect(url.href, statusAfter(request));
  }
  const html = renderLostTransaction({ page: pageContext(tenant), tracking: request.id });
  const known = {
    client_id: client?.client_id,
    connection: transaction?.request.connection ?? undefined,
  };
  return customErrorPage(error, known, request, tenant) ?? page(html, error.status);
}

/** DV-9: the form is not ours to this browser, or the code behind it waits no more. Only a new code helps. */
export async function lostDevice(request: FastifyRequest, tenant: Tenant): Promise<Reply> {
  const event: LogEvent = { type: 'fdeac', description: 'The user code was decided on or has expired' };
  await tenant.unitOfWork.transaction(({ log }) => log.write(event, requesterOf(request)));
  return endedDevice(tenant);
}

function endedDevice(tenant: ErrorPageTenant): Reply {
  return page(renderUserCodeEnded({ page: pageContext(tenant), retry_url: activationPaths.enter }), 400);
}

/** The error handler of the scopes whose answers people read. */
export function errorPageHandler(tenant: Tenant) {
  return async (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    const answer = temporaryPage(error, request, tenant) ?? errorPage(error, request, tenant);
    return send(reply, { ...answer, headers: { ...answer.headers, ...retryAfter(error) } });
  };
}

/** Where the same request may succeed in a while. */
function temporaryPage(
  error: OAuthError,
  request: FastifyRequest,
  tenant: ErrorPageTenant,
): Reply | undefined {
  const retry_url = request.method === 'GET' ? request.url : undefined;
  if (error.status === 503) return page(renderBusy({ page: pageContext(tenant), retry_url }), 503);
  if (!(error instanceof TooManyRequests)) return undefined;
  // RL-1
  const custom = customErrorPage(error, { client_id: undefined, connection: undefined }, request, tenant);
  return custom ?? page(renderTooManyRequests({ page: pageContext(tenant), retry_url }), 429);
}
