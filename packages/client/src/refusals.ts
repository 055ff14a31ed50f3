// oauth4webapi's errors in this package's words: a function per endpoint, because the same failure means different
// things at each. What is already ours passes through.

import * as oauth from 'oauth4webapi';
import {
  AuthorizationError,
  CallbackInvalid,
  FreeholdError,
  IdTokenInvalid,
  RequestFailed,
  SubjectMismatch,
  TokenError,
  UserinfoError,
} from './errors.ts';

export function callbackRefusal(cause: unknown, state: string): FreeholdError {
  if (cause instanceof oauth.AuthorizationResponseError) return new AuthorizationError(cause, state, cause);
  return cause instanceof FreeholdError ? cause : new CallbackInvalid(messageOf(cause), { cause });
}

export function tokenRefusal(cause: unknown): FreeholdError {
  if (cause instanceof oauth.ResponseBodyError) return new TokenError(cause, cause);
  if (cause instanceof oauth.WWWAuthenticateChallengeError) {
    return new TokenError(challengeOf(cause, 'invalid_client'), cause);
  }
  return isAboutIdToken(cause)
    ? new IdTokenInvalid(messageOf(cause), claimOf(cause), cause)
    : requestRefusal(cause);
}

export function userinfoRefusal(cause: unknown): FreeholdError {
  if (cause instanceof oauth.WWWAuthenticateChallengeError) {
    return new UserinfoError(challengeOf(cause, 'invalid_token'), cause);
  }
  return cause instanceof oauth.OperationProcessingError && cause.code === oauth.JSON_ATTRIBUTE_COMPARISON
    ? new SubjectMismatch('/userinfo answered for another user than the ID token', { cause })
    : requestRefusal(cause);
}

export function requestRefusal(cause: unknown): FreeholdError {
  return cause instanceof FreeholdError ? cause : new RequestFailed(messageOf(cause), { cause });
}

function challengeOf({ cause }: oauth.WWWAuthenticateChallengeError, otherwise: string) {
  const { error = otherwise, error_description } = cause[0]?.parameters ?? {};
  return { error, error_description };
}

function isAboutIdToken(error: unknown): error is Error {
  if (error instanceof oauth.UnsupportedOperationError) return !has('body', error.cause);
  if (!(error instanceof oauth.OperationProcessingError)) return false;
  switch (error.code) {
    case oauth.JWT_CLAIM_COMPARISON:
    case oauth.JWT_TIMESTAMP_CHECK:
    case oauth.KEY_SELECTION:
      return true;
    case oauth.INVALID_RESPONSE:
      return !has('body', error.cause) || error.message.includes('"id_token"');
    default:
      return error.code === oauth.PARSE_ERROR && error.message.includes('JWT');
  }
}

/** A missing claim, or one of a wrong type, is named in the message only. */
function claimOf({ cause, message }: Error): string | undefined {
  return has('claim', cause) ? String(cause.claim) : /JWT "(\w+)" \(/.exec(message)?.[1];
}

function has<Name extends string>(name: Name, value: unknown): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && name in value;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
