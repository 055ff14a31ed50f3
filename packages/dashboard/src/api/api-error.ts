// A refusal of the Management API, and what a person is told of it.
import type { ApiRequest } from './request.ts';

interface Refusal {
  /** 0 if there was no answer. */
  status: number;
  message: string;
  errorCode?: string | undefined;
  /** WWW-Authenticate */
  challenge?: string | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  request: ApiRequest;
  cause?: unknown;
}

/** `Payload validation error: 'reason' on property path (description).` */
const validation =
  /^(?:Payload|Query|Path) validation error: '(.*)'(?: on property (\S+?)(?: \((.*)\))?)?\.?$/s;

export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly request: ApiRequest;
  readonly retryAfter: number | undefined;
  /** The property of the body that was wrong: `refresh_token.leeway`. */
  readonly property: string | undefined;
  /** RFC 9470: whoever is signed in has to show again who they are. */
  readonly needsFreshLogin: boolean;
  /** Whether somebody else has changed the thing since it was shown. */
  readonly isConflict: boolean;

  constructor({ status, message, errorCode, challenge, retryAfter, request, cause }: Refusal) {
    super(message, { cause });
    this.name = 'ApiError';
    this.status = status;
    this.errorCode = errorCode;
    this.request = request;
    this.retryAfter = retryAfter;
    this.property = validation.exec(message)?.[2];
    this.needsFreshLogin = challenge?.includes('insufficient_user_authentication') ?? false;
    this.isConflict = status === 412;
  }
}

/** One or two sentences for whoever caused it. */
export function inWords(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { status, message, retryAfter } = error;
  if (status === 0) return 'The server cannot be reached. Check your connection and try again.';
  if (status === 401) return 'Your session has ended. Sign in again.';
  if (status === 403) return forbidden(message);
  if (status === 404) return message === 'Not Found' ? 'It is not there, or not any more.' : message;
  if (status === 412) return 'Somebody else has changed this since you opened it.';
  if (status === 429) {
    const pause = retryAfter === undefined ? 'a moment' : `${retryAfter} seconds`;
    return `That was too much at once. Try again in ${pause}.`;
  }
  if (status >= 500) return 'The server has failed at this. Its log says why.';
  return invalid(message);
}

function forbidden(message: string): string {
  const scopes = /expected any of: (.*)$/.exec(message)?.[1];
  return scopes === undefined
    ? message
    : `Your role does not allow this. It takes ${scopes.replaceAll(',', ' or ')}.`;
}

function invalid(message: string): string {
  const [, reason, property, description] = validation.exec(message) ?? [];
  if (reason === undefined) return message;
  return property === undefined ? `${reason}.` : `${property}: ${description ?? reason}`;
}
