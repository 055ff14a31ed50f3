// The authorization response (RFC 6749 §4.1.2, OAuth 2.0 Multiple Response Types, RFC 9207): what goes back to the
// callback, and by which way. How a page that carries it looks is not known here.
import { type Client, isFapi } from '../../model/client.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { dialectOf } from '../dialect.ts';
import type { OAuthError } from '../errors.ts';
import { type GrantedByUser, userAuthorizationOf } from '../issue/authorization.ts';
import { mintFrontChannelTokens, type TokenPorts } from '../issue/tokens.ts';
import type { UnitOfWork, UserStore } from '../ports.ts';
import type { AuthorizationRequest } from './request.ts';
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

/** The end of an authorization request, as it is recorded. */
export interface Approval {
  granted: GrantedByUser;
  /** In clear; absent where none was asked for. */
  code: string | undefined;
}

interface ResponsePorts extends TokenPorts {
  unitOfWork: UnitOfWork<{ users: UserStore }>;
}

/** RFC 6749 §4.1.2 and §4.2.2, OpenID Connect Core §3.3.2.5. */
export async function successResponse(
  { request, client }: { request: AuthorizationRequest; client: Client },
  { granted, code }: Approval,
  ports: ResponsePorts,
): Promise<AuthorizationResponse> {
  const parameters: ResponseParameters = code === undefined ? [] : [['code', code]];
  if (request.response_type.some((value) => value !== 'code')) {
    const { response_type } = request;
    const { users } = ports.unitOfWork.read;
    const recipient = { client, cnf: undefined };
    const authorization = await userAuthorizationOf(granted, recipient, { users, random: ports.random });
    const minted = await mintFrontChannelTokens(authorization, { response_type, code }, ports);
    const { access_token, expires_in, id_token } = minted;
    if (access_token !== undefined) {
      parameters.push(['access_token', access_token], ['token_type', 'Bearer']);
      parameters.push(['expires_in', String(expires_in)], ['scope', authorization.scope.join(' ')]);
    }
    if (id_token !== undefined) parameters.push(['id_token', id_token]);
  }
  return { target: request, parameters: [...parameters, ...common(request, client, ports)] };
}

/** RFC 6749 §4.1.2.1 */
export function errorResponse(
  { target, client }: { target: ResponseTarget; client: Client },
  error: OAuthError,
  issuing: Issuing,
): AuthorizationResponse {
  const error_description = dialectOf(issuing.settings).description(error.message);
  return {
    target,
    parameters: [
      ['error', error.error],
      ['error_description', error_description],
      ...common(target, client, issuing),
    ],
  };
}

function common(
  { state }: ResponseTarget,
  client: Client,
  { issuer, settings }: Issuing,
): ResponseParameters {
  const sendsIss =
    isFapi(client) ||
    (settings.authorization_response_iss_parameter_supported ??
      dialectOf(settings).issInAuthorizationResponse);
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
