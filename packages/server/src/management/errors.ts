// Refusals in the Management API's dialect: `{statusCode, error, message, errorCode}` (contract §3.1).
import { STATUS_CODES } from 'node:http';

export class ManagementError extends Error {
  readonly status: number;
  /** Absent on several: roles, organizations. */
  readonly errorCode: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    errorCode?: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.headers = headers;
  }
}

export interface ErrorBody {
  statusCode: number;
  error: string;
  message: string;
  errorCode?: string;
}

export function errorBody({ status, message, errorCode }: ManagementError): ErrorBody {
  const error = STATUS_CODES[status] ?? 'Error';
  return { statusCode: status, error, message, ...(errorCode === undefined ? {} : { errorCode }) };
}

/** Of a token that is none: the challenge as RFC 6750 §3 wants it. */
export function unauthorized(message: string): ManagementError {
  const challenge = message === 'Missing authentication' ? 'Bearer' : 'Bearer error="invalid_token"';
  return new ManagementError(401, message, undefined, { 'www-authenticate': challenge });
}

export function insufficientScope(scopes: readonly string[]): ManagementError {
  return new ManagementError(
    403,
    `Insufficient scope, expected any of: ${scopes.join(',')}`,
    'insufficient_scope',
  );
}
