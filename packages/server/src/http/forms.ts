// Our own forms (contract LT-4): an HMAC over browser, handle and form proves that the page came from us to this
// browser; what the browser says of the request's origin must agree.
import type { FastifyRequest } from 'fastify';
import type { PageStep } from '../login/next-step.ts';
import { equalInConstantTime, hmacSha256 } from '../runtime/cryptography/hash.ts';

export type FormName = PageStep | 'logout' | 'device-confirmation' | 'ticket';

/** `user_id`: whom the page was shown to, where what it asks is that user's to decide (LT-2). */
export function formToken(
  key: Buffer,
  browser: string,
  handle: string,
  form: FormName,
  user_id?: string,
): string {
  return hmacSha256(key, JSON.stringify([browser, handle, form, user_id ?? '']));
}

export function isOwnForm(
  request: FastifyRequest,
  issuer: string,
  expected: string,
  csrf: string | undefined,
): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== undefined && origin !== new URL(issuer).origin) return false;
  return csrf !== undefined && equalInConstantTime(csrf, expected);
}
