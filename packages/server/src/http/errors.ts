// From whatever was thrown to an answer in the dialect of the scope: OAuth JSON here, pages by whoever renders them.
// What is not ours is `server_error`, and only the log hears why.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { dialectOf } from '../oauth/dialect.ts';
import {
  InvalidClient,
  InvalidRequest,
  OAuthError,
  ServerError,
  TemporarilyUnavailable,
  TooManyRequests,
} from '../oauth/errors.ts';
import { loggedPath } from '../runtime/log.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import { json, noStore, type Reply, send } from './reply.ts';
import type { Tenant } from './tenant.ts';

class RequestTooLarge extends OAuthError {
  readonly error = 'invalid_request';
  readonly status = 413;
}

export function toOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof Unavailable) {
    const description = 'The server is busy. Try again in a moment.';
    return new TemporarilyUnavailable(description, { retryAfter: error.retryAfter, cause: error });
  }
  const { statusCode, code } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new RequestTooLarge('The request body is too large', { cause: error });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const description = 'The request body must be application/x-www-form-urlencoded or application/json';
    return new InvalidRequest(description, { cause: error });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new InvalidRequest('The request cannot be read', { cause: error });
  }
  return new ServerError('The server met an error. It is in its log.', { cause: error });
}

export function logError(error: OAuthError, request: FastifyRequest, { log }: Pick<Tenant, 'log'>): void {
  const details = { err: error.cause ?? error, path: loggedPath(request.url), request_id: request.id };
  if (error.status >= 500) log.error(details, 'a request failed');
  else log.debug(details, 'a request was refused');
}

/** RFC 6749 §5.2. */
export function oauthErrorReply(error: OAuthError, { settings }: Pick<Tenant, 'settings'>): Reply {
  const dialect = dialectOf(settings);
  const challenge: Record<string, string> =
    error instanceof InvalidClient && error.usedBasic ? { 'www-authenticate': 'Basic realm="Freehold"' } : {};
  return json(
    { error: error.error, error_description: dialect.description(error.message) },
    dialect.tokenErrorStatus(error),
    { ...noStore, ...challenge, ...retryAfter(error) },
  );
}

export function retryAfter(error: OAuthError): Record<string, string> {
  const isTemporary = error instanceof TemporarilyUnavailable || error instanceof TooManyRequests;
  return isTemporary ? { 'retry-after': String(error.retryAfter) } : {};
}

/** The error handler of the scopes that speak OAuth JSON. */
export function oauthErrorHandler(tenant: Tenant) {
  return async (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    return send(reply, oauthErrorReply(error, tenant));
  };
}
