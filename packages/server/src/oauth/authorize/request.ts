// An authorization request, from parameters to a value that is right in every respect (RFC 6749 §4.1.1, OpenID
// Connect Core §3.1.2). `parseAuthorizationRequest` is the only maker of AuthorizationRequest. The order is AZ-51's:
// until the callback is trusted an error is a page; from there on it is an answer to the callback.
import { type Client, isFapi, isPublicClient, isStrictThirdParty } from '../../model/client.ts';
import type { Connection } from '../../model/connection.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import type { Dialect } from '../dialect.ts';
import * as errors from '../errors.ts';
import { confirmationOf } from '../issue/confirmation.ts';
import { findRequestedAccess, type ResourceAccess } from '../issue/resource-access.ts';
import { grantedScopes, isRefreshScope, refreshScopes } from '../issue/scopes.ts';
import { assertNothingRepeated, type Parameters, parseSpaceDelimited } from '../parameters.ts';
import { codeChallengeMethods, isCodeChallenge } from '../pkce.ts';

import type { ClientGrantStore, ClientStore, ConnectionStore, ResourceServerStore } from '../ports.ts';
import type { PushedRequestStore } from '../pushed-requests.ts';

import type { RequestedLogin } from './login-request.ts';

import {
  parseAcrValues,
  parseCorrelationId,
  parseDpopJkt,
  parseExtensions,
  parseMaxAge,
  parsePrompt,
} from './request-members.ts';
import type { ResolvedRequest } from './resolved-request.ts';
import { assertResponseMode, parseTarget, type ResponseTarget } from './response-target.ts';
import { assertOpenid, parseNonce, parseResponseType, type ResponseType } from './response-type.ts';
import { assertAllowedToThirdParty } from './third-party.ts';

export interface AuthorizationRequest extends ResponseTarget, RequestedLogin {
  redirect_uri_sent: string | null;
  response_type: ResponseType;
  nonce: string | null;
  code_challenge: string | null;
  dpop_jkt: string | null;
  /** PA-4: the hash of the `request_uri` that the end of the request spends. */
  pushed: string | null;
}

/** The request is refused at its callback. */
export class RefusedRequest extends Error {
  override readonly cause: errors.OAuthError;
  readonly target: ResponseTarget;
  readonly client: Client;
  readonly resolved: ResolvedRequest;

  constructor(cause: errors.OAuthError, client: Client, target: ResponseTarget, resolved: ResolvedRequest) {
    super(cause.message);
    this.cause = cause;
    this.client = client;
    this.target = target;
    this.resolved = resolved;
  }
}

export interface RequestPorts {
  stores: {
    clients: ClientStore;
    resourceServers: ResourceServerStore;
    clientGrants: ClientGrantStore;
    connections: ConnectionStore;
    pushedRequests: PushedRequestStore;
  };
  /** The `sub` of a genuine ID token of ours, however old; undefined for anything else (AT-16). */
  readIdTokenHint(id_token_hint: string): Promise<{ sub: string } | undefined>;
  settings: TenantSettings;
  dialect: Dialect;
  issuer: string;
}

export interface ParsedRequest {
  request: AuthorizationRequest;
  client: Client;
  resourceServer: ResourceServer | undefined;
  connections: Connection[];
}

/** Throws UnanswerableRequest or RefusedRequest. */
export async function parseAuthorizationRequest(
  resolved: ResolvedRequest,
  ports: RequestPorts,
): Promise<ParsedRequest> {
  const { parameters, pushed } = resolved;
  const { client, target, redirect_uri_sent } = await parseTarget(parameters, ports);
  try {
    assertDelivery(resolved, client, ports.settings);
    assertAllowedToThirdParty(parameters, client);
    const response_type = parseResponseType(parameters, client);
    assertResponseMode(parameters, response_type);
    const code_challenge = response_type.includes('code') ? parseCodeChallenge(parameters, client) : null;
    const nonce = parseNonce(parameters, response_type);
    assertNothingRepeated(parameters);
    const access = await findRequestedAccess(parameters, client, ports);
    const scope = parseScope(parameters, client, access, response_type);
    refuseWhatComesLater(parameters);
    // Nothing here proves a key: a token that has to be bound to one comes from the token endpoint alone (DP-8).
    if (response_type.includes('token'))
      confirmationOf({}, { client, resourceServer: access?.resourceServer }, ports.dialect);
    const connections = await findConnections(parameters, client, ports);
    const request: AuthorizationRequest = {
      ...target,
      redirect_uri_sent,
      response_type,
      scope,
      audience: access?.resourceServer.identifier ?? null,
      nonce,
      code_challenge,
      prompt: parsePrompt(parameters),
      max_age: parseMaxAge(parameters),
      login_hint: parameters.get('login_hint') ?? null,
      screen_hint: parameters.get('screen_hint') ?? null,
      hinted_user_id: await parseIdTokenHint(parameters, ports),
      ui_locales: parseSpaceDelimited(parameters.get('ui_locales')),
      acr_values: parseAcrValues(parameters, ports),
      connection: parameters.get('connection') ?? null,
      dpop_jkt: parseDpopJkt(parameters),
      extensions: parseExtensions(parameters),
      correlation_id: parseCorrelationId(parameters),
      pushed,
    };
    return { request, client, resourceServer: access?.resourceServer, connections };
  } catch (error) {
    if (!(error instanceof errors.OAuthError)) throw error;
    throw new RefusedRequest(error, client, target, resolved);
  }
}

/** PA-5, PA-9: what the client or the tenant demands of every request. */
function assertDelivery(
  { pushed, vouched }: ResolvedRequest,
  client: Client,
  settings: TenantSettings,
): void {
  const mustBePushed =
    isFapi(client) ||
    client.require_pushed_authorization_requests ||
    settings.flags.require_pushed_authorization_requests;
  if (mustBePushed && pushed === null) {
    const why = isFapi(client) ? ' by the configured compliance level' : '';
    throw new errors.InvalidRequest(`Pushed Authorization Requests are required${why}`);
  }
  if (client.signed_request_object?.required && !vouched) {
    throw new errors.InvalidRequest('A signed request object is required');
  }
}

function parseCodeChallenge(parameters: Parameters, client: Client): string | null {
  const code_challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (code_challenge === undefined) {
    // RFC 7636 §4.4.1: "If the server requires Proof Key for Code Exchange … and the client does not send the
    // "code_challenge" in the request, … error response with the "error" value set to "invalid_request""
    if (isPublicClient(client) || isStrictThirdParty(client) || isFapi(client)) {
      throw new errors.InvalidRequest('code challenge required');
    }
    if (method !== undefined) throw new errors.InvalidRequest('Missing required parameter: code_challenge');
    return null;
  }
  // RFC 7636 §4.3: the method "defaults to "plain" if not present", and plain is not supported (AZ-12, AZ-13).
  if (!codeChallengeMethods.some((supported) => supported === method)) {
    throw new errors.InvalidRequest('transform algorithm not supported');
  }
  if (!isCodeChallenge(code_challenge)) throw new errors.InvalidRequest('code_challenge is malformed');
  return code_challenge;
}

function parseScope(
  parameters: Parameters,
  client: Client,
  access: ResourceAccess | undefined,
  response_type: ResponseType,
): string[] {
  const requested = parseSpaceDelimited(parameters.get('scope'));
  assertOpenid(requested, response_type);
  if (refreshScopes.every((name) => requested.includes(name))) {
    throw new errors.InvalidRequest('Cannot request both online_access and offline_access scopes');
  }
  const scope = grantedScopes(requested, client, access);
  // RFC 6749 §4.2.2: "The authorization server MUST NOT issue a refresh token." (TK-14)
  return response_type.includes('code') ? scope : scope.filter((name) => !isRefreshScope(name));
}

/** What this server does not do yet is refused, never ignored. */
function refuseWhatComesLater(parameters: Parameters): void {
  // OpenID Connect Core §3.1.2.6
  if (parameters.get('request') !== undefined)
    throw new errors.RequestNotSupported('parameter request is not supported');
  if (parameters.get('request_uri') !== undefined) {
    throw new errors.RequestUriNotSupported('parameter request_uri is not supported');
  }
  if (parameters.get('registration') !== undefined) {
    throw new errors.RegistrationNotSupported('parameter registration is not supported');
  }
  for (const name of ['organization', 'invitation']) {
    if (parameters.get(name) !== undefined) {
      throw new errors.InvalidRequest(`parameter ${name} is not allowed for this client`);
    }
  }
  // RFC 9396 §5: "The AS MUST refuse to process any unknown authorization details type", and no API can have one yet.
  if (parameters.get('authorization_details') !== undefined) {
    throw new errors.InvalidAuthorizationDetails(
      'authorization_details has a type that no API has registered',
    );
  }
}

async function findConnections(
  parameters: Parameters,
  client: Client,
  { stores }: RequestPorts,
): Promise<Connection[]> {
  const connections = await stores.connections.listForClient(client.client_id);
  if (connections.length === 0) throw new errors.InvalidRequest('no connections enabled for the client');
  const asked = parameters.get('connection');
  if (asked === undefined) return connections;
  const connection = connections.find(({ name }) => name === asked);
  if (connection === undefined) {
    const exists = (await stores.connections.findByName(asked)) !== undefined;
    throw new errors.InvalidRequest(
      exists ? 'the connection is not enabled' : 'the connection was not found',
    );
  }
  return [connection];
}

async function parseIdTokenHint(parameters: Parameters, ports: RequestPorts): Promise<string | null> {
  const id_token_hint = parameters.get('id_token_hint');
  if (id_token_hint === undefined) return null;
  const hint = await ports.readIdTokenHint(id_token_hint);
  if (hint === undefined) throw new errors.InvalidRequest('id_token_hint is not an ID token of this issuer');
  return hint.sub;
}
