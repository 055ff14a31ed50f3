// Every error of the protocol: one class per code, grouped by the RFC that names it. The description is public;
// `cause` is only logged. `status` is what Auth0's service sends (GL-4); dialect.ts says where `oidc` differs.
// Knows nothing of HTTP replies or pages.
import type { LogEvent } from '../model/events.ts';

export abstract class OAuthError extends Error {
  abstract readonly error: string;
  abstract readonly status: number;
  /** What the tenant log gets beside the description: for the administrator, never for the answer. */
  readonly event: Partial<LogEvent> | undefined;

  constructor(description: string, options: { cause?: unknown; event?: Partial<LogEvent> } = {}) {
    super(description, options.cause === undefined ? undefined : { cause: options.cause });
    this.event = options.event;
  }
}

// RFC 6749 §4.1.2.1 and §5.2

export class InvalidRequest extends OAuthError {
  readonly error = 'invalid_request';
  readonly status = 400;
}

export class InvalidClient extends OAuthError {
  readonly error = 'invalid_client';
  readonly status = 401;
  /** RFC 6749 §5.2: the challenge is due if the client tried the Authorization header. */
  readonly usedBasic: boolean;

  constructor(description: string, options: { usedBasic: boolean; event?: Partial<LogEvent> }) {
    super(description, options);
    this.usedBasic = options.usedBasic;
  }
}

export class InvalidGrant extends OAuthError {
  readonly error = 'invalid_grant';
  readonly status = 403;
}

export class UnauthorizedClient extends OAuthError {
  readonly error = 'unauthorized_client';
  readonly status = 403;
}

export class UnsupportedGrantType extends OAuthError {
  readonly error = 'unsupported_grant_type';
  readonly status = 400;
}

export class UnsupportedResponseType extends OAuthError {
  readonly error = 'unsupported_response_type';
  readonly status = 400;
}

export class InvalidScope extends OAuthError {
  readonly error = 'invalid_scope';
  readonly status = 400;
}

export class AccessDenied extends OAuthError {
  readonly error = 'access_denied';
  readonly status = 403;
}

export class ServerError extends OAuthError {
  readonly error = 'server_error';
  readonly status = 500;
}

export class TemporarilyUnavailable extends OAuthError {
  readonly error = 'temporarily_unavailable';
  readonly status = 503;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number;

  constructor(description: string, options: { retryAfter: number; cause?: unknown }) {
    super(description, options);
    this.retryAfter = options.retryAfter;
  }
}

// RFC 8628 §3.5

export class AuthorizationPending extends OAuthError {
  readonly error = 'authorization_pending';
  readonly status = 403;
}

export class SlowDown extends OAuthError {
  readonly error = 'slow_down';
  readonly status = 429;
}

export class ExpiredToken extends OAuthError {
  readonly error = 'expired_token';
  readonly status = 403;
}

// OpenID Connect Core §3.1.2.6

export class LoginRequired extends OAuthError {
  readonly error = 'login_required';
  readonly status = 403;
}

export class ConsentRequired extends OAuthError {
  readonly error = 'consent_required';
  readonly status = 403;
}

export class InteractionRequired extends OAuthError {
  readonly error = 'interaction_required';
  readonly status = 403;
}

export class InvalidRequestUri extends OAuthError {
  readonly error = 'invalid_request_uri';
  readonly status = 400;
}

export class InvalidRequestObject extends OAuthError {
  readonly error = 'invalid_request_object';
  readonly status = 400;
}

export class RequestNotSupported extends OAuthError {
  readonly error = 'request_not_supported';
  readonly status = 400;
}

export class RequestUriNotSupported extends OAuthError {
  readonly error = 'request_uri_not_supported';
  readonly status = 400;
}

export class RegistrationNotSupported extends OAuthError {
  readonly error = 'registration_not_supported';
  readonly status = 400;
}

// RFC 9396 §5

export class InvalidAuthorizationDetails extends OAuthError {
  readonly error = 'invalid_authorization_details';
  readonly status = 400;
}

// RFC 7591 §3.2.2

export class InvalidRedirectUri extends OAuthError {
  readonly error = 'invalid_redirect_uri';
  readonly status = 400;
}

export class InvalidClientMetadata extends OAuthError {
  readonly error = 'invalid_client_metadata';
  readonly status = 400;
}

// RFC 6750 §3.1

export class InvalidToken extends OAuthError {
  readonly error = 'invalid_token';
  readonly status = 401;
}

/** RFC 9449 §7.2: a bound token was presented as a Bearer token. */
export class KeyRequired extends InvalidToken {}

export class InsufficientScope extends OAuthError {
  readonly error = 'insufficient_scope';
  readonly status = 403;
}

// RFC 9449 §5 and §8

export class InvalidDpopProof extends OAuthError {
  readonly error = 'invalid_dpop_proof';
  readonly status = 400;
}

export class UseDpopNonce extends OAuthError {
  readonly error = 'use_dpop_nonce';
  readonly status = 400;
}

// Auth0's own codes (GL-4, AZ-64)

export class Unauthorized extends OAuthError {
  readonly error = 'unauthorized';
  readonly status = 403;
}

/** PS-3: what is wrong with one property of the request, in the codes of /passwordless/start. */
export class BadProperty extends OAuthError {
  readonly error: `bad.${string}`;
  readonly status = 400;

  constructor(property: string, description: string) {
    super(description);
    this.error = `bad.${property}`;
  }
}

export class TooManyAttempts extends OAuthError {
  readonly error = 'too_many_attempts';
  readonly status = 429;
}

/** RL-1, RL-5 */
export class TooManyRequests extends OAuthError {
  readonly error = 'too_many_requests';
  readonly status = 429;
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number;

  constructor(milliseconds: number) {
    super(
      'Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.',
    );
    this.retryAfter = Math.max(1, Math.ceil(milliseconds / 1000));
  }
}

export class EndpointDisabled extends OAuthError {
  readonly error = 'endpoint_disabled';
  readonly status = 404;
}

export class MethodNotAllowed extends OAuthError {
  readonly error = 'method_not_allowed';
  readonly status = 405;
}

/**
 * GL-14, RFC 6749 §5.2: "MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E."
 * At most 200 characters of a value that came from outside are repeated.
 */
export function reflected(value: string): string {
  return value.slice(0, 200).replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
}
