// The authorization response (RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Types, RFC 9207): what goes back to the
// callback, and by which way. How a page that carries it looks is not known here.
import type { TenantSettings } from '../../model/tenant.ts';
import { dialectOf } from '../dialect.ts';
import type { OAuthError } from '../errors.ts';
import type { ResponseTarget } from './response-target.ts';

/** Members in the order in which they are sent. */
export type ResponseParameters = [name: string, value: string][];

export interface AuthorizationResponse {
  target: ResponseTarget;
  parameters: ResponseParameters;
}

interface Issuing {
  issuer: string;
  settings: TenantSettings;
}

export function codeResponse(target: ResponseTarget, code: string, issuing: Issuing): AuthorizationResponse {
  return { target, parameters: [['code', code], ...common(target, issuing)] };
}

/** RFC 6749 §4.1.2.1 */
export function errorResponse(
  target: ResponseTarget,
  error: OAuthError,
  issuing: Issuing,
): AuthorizationResponse {
  const error_description = dialectOf(issuing.settings).description(error.message);
  return {
    target,
    parameters: [
      ['error', error.error],
      ['error_description', error_description],
      ...common(target, issuing),
    ],
  };
}

function common({ state }: ResponseTarget, { issuer, settings }: Issuing): ResponseParameters {
  const sendsIss =
    settings.authorization_response_iss_parameter_supported ?? dialectOf(settings).issInAuthorizationResponse;
  const parameters: ResponseParameters = [];
  // AZ-9: returned as it came; absent ⇒ not returned.
  if (state !== null) parameters.push(['state', state]);
  if (sendsIss) parameters.push(['iss', issuer]);
  return parameters;
}

/** Where the browser is sent for `query` and `fragment`; RM-3: a query that the callback has is kept. */
export function redirectLocation({ target, parameters }: AuthorizationResponse): string {
  const encoded = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const { redirect_uri, response_mode } = target;
  if (response_mode === 'fragment') return `${redirect_uri}#${encoded}`;
  return `${redirect_uri}${redirect_uri.includes('?') ? '&' : '?'}${encoded}`;
}
