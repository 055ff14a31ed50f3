// The token endpoint (RFC 6749 §3.2): one pipeline for every grant type. It knows nothing of HTTP: it takes the
// parameters and the Authorization header, and returns the members of the answer or throws an OAuthError.

import { isIP } from 'node:net';
import { isPublicClient } from '../../model/client.ts';
import { aboutClient, aboutUser, type LogEvent, type Requester } from '../../model/events.ts';
import { dialectOf } from '../dialect.ts';
import { InvalidDpopProof, OAuthError, UnsupportedGrantType } from '../errors.ts';
import { type Authorization, authorizationOf } from '../issue/authorization.ts';
import { confirmationOf, type Possession } from '../issue/confirmation.ts';
import { mintTokens } from '../issue/tokens.ts';
import { assertNothingRepeated } from '../parameters.ts';
import type { OAuthStores, UnitOfWork, UsedIdentifier } from '../ports.ts';
import { parseClientCertificate } from '../proof/client-certificate.ts';
import { type DpopPorts, type DpopProof, parseDpopProof } from '../proof/dpop.ts';
import { recordRefusal } from '../record-refusal.ts';
import {
  type AuthenticatedClient,
  authenticateClient,
  type ClientAuthenticationPorts,
  type ClientRequest,
} from './client-authentication.ts';
import {
  type Authorized,
  type Grant,
  type GrantPorts,
  type GrantRequest,
  grantNotAllowed,
  type Refused,
} from './grants/grant.ts';
import { grants } from './grants/index.ts';

export interface TokenRequest extends ClientRequest {
  /** The header DPoP. */
  dpop: string | string[] | undefined;
  /** The header auth0-forwarded-for. */
  forwardedFor: string | string[] | undefined;
}

/** RFC 6749 §5.1; `scope` always (TK-6). */
export interface TokenResponse {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  scope: string;
  expires_in: number;
  token_type: 'Bearer' | 'DPoP';
}

export interface TokenEndpointPorts extends GrantPorts, DpopPorts, ClientAuthenticationPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
}

interface Exchanged {
  outcome: 'exchanged';
  authorization: Authorization;
  refresh_token: string | undefined;
  members: Authorized['members'];
}

export async function answerTokenRequest(
  request: TokenRequest,
  ports: TokenEndpointPorts,
): Promise<TokenResponse> {
  // 1 parse, 2 pick the grant, 3 authenticate the client, and judge its proof
  const { grant, admitted } = await admit(request, ports);
  // 4 exchange, and record, in one transaction
  const exchanged = await transact(grant, admitted, ports);
  if (exchanged.outcome === 'refused') throw exchanged.error;
  // 5 mint, outside of it
  const { refresh_token, authorization, members } = exchanged;
  const { access_token, id_token, expires_in } = await mintTokens(authorization, ports);
  return {
    access_token,
    ...(refresh_token === undefined ? {} : { refresh_token }),
    ...(id_token === undefined ? {} : { id_token }),
    scope: authorization.scope.join(' '),
    expires_in,
    token_type: authorization.cnf?.jkt === undefined ? 'Bearer' : 'DPoP',
    ...members,
  };
}

interface Admitted extends GrantRequest {
  proof: DpopProof | undefined;
}

async function admit(
  request: TokenRequest,
  ports: TokenEndpointPorts,
): Promise<{ grant: Grant; admitted: Admitted }> {
  const { parameters, dpop } = request;
  const { clock, random, settings, issuer } = ports;
  let grant: Grant | undefined;
  try {
    assertNothingRepeated(parameters);
    grant = grants.get(parameters.getRequired('grant_type'));
    if (grant === undefined) throw new UnsupportedGrantType('Grant type not supported');
    const client = await authenticateClient(request, ports);
    assertGrantType(client, grant);
    const requester = requesterOf(client, request);
    const now = clock.now();
    const proved = { method: 'POST', url: `${issuer}oauth/token`, needsNonce: isPublicClient(client) };
    const proof = dpop === undefined ? undefined : parseDpopProof(dpop, proved, ports);
    const possession = possessionOf(client, proof, request);
    const grantRequest = { client, parameters, possession, clock, now, random, settings, issuer, requester };
    return { grant, admitted: { ...grantRequest, proof } };
  } catch (error) {
    await recordRefusal(error, { type: grant?.failure ?? 'f' }, request.requester, ports);
    throw error;
  }
}

function possessionOf(
  client: AuthenticatedClient,
  proof: DpopProof | undefined,
  { certificate }: TokenRequest,
): Possession {
  const x5t = isPublicClient(client) ? undefined : parseClientCertificate(certificate)?.thumbprint;
  return { ...(proof && { jkt: proof.jkt }), ...(x5t && { x5t }) };
}

/** GL-7: a backend that is trusted with it says for whom it asks. */
function requesterOf(client: AuthenticatedClient, { requester, forwardedFor }: TokenRequest): Requester {
  const isTrusted = client.is_token_endpoint_ip_header_trusted && !isPublicClient(client);
  if (!isTrusted || typeof forwardedFor !== 'string' || isIP(forwardedFor) === 0) return requester;
  return { ...requester, ip: forwardedFor };
}

/** TK-10 */
function assertGrantType(client: AuthenticatedClient, grant: Grant): void {
  if (grant.judgesClients) return;
  if (client.grant_types.includes(grant.grant_type) && (grant.admits?.(client) ?? true)) return;
  throw grantNotAllowed(client, grant.grant_type);
}

async function transact(
  grant: Grant,
  request: Admitted,
  ports: TokenEndpointPorts,
): Promise<Exchanged | Refused> {
  const { unitOfWork } = ports;
  try {
    if ('prepare' in grant) {
      const run = await grant.prepare(request, ports);
      return await unitOfWork.transaction((stores) => exchange(grant, request, stores, () => run(stores)));
    }
    if (!('prove' in grant)) {
      return await unitOfWork.transaction((stores) =>
        exchange(grant, request, stores, () => grant.exchange(request, stores)),
      );
    }
    return await grant.prove(request, ports, (proof, stores) =>
      exchange(grant, request, stores, () => grant.exchange(request, stores, proof)),
    );
  } catch (error) {
    await recordRefusal(
      error,
      { ...aboutClient(request.client), type: grant.failure },
      request.requester,
      ports,
    );
    throw error;
  }
}

async function exchange(
  grant: Grant,
  request: Admitted,
  stores: OAuthStores,
  authorize: () => Promise<Authorized | Refused>,
): Promise<Exchanged | Refused> {
  const { client, requester } = request;
  const outcome = await returnRefusal(async () => {
    await claimProof(request, grant, stores);
    const authorized = await authorize();
    return authorized.outcome === 'refused' ? authorized : complete(authorized, request, stores);
  });
  const event: Partial<LogEvent> = { ...aboutClient(client), ...outcome.event };
  if (outcome.outcome === 'refused') {
    const type = outcome.type ?? grant.failure;
    const { message: description, event: more } = outcome.error;
    if (type === 'unlogged') return outcome;
    await stores.log.write({ ...(await nameUser(event, stores)), type, description, ...more }, requester);
  } else {
    await stores.log.write({ ...event, type: grant.success }, requester);
  }
  return outcome;
}

/** LG-5: a refusal may know its user by the id alone. */
async function nameUser(
  event: Partial<LogEvent>,
  { users }: Pick<OAuthStores, 'users'>,
): Promise<Partial<LogEvent>> {
  if (event.user_id === undefined || event.user_name !== undefined) return event;
  const user = await users.find(event.user_id);
  return user === undefined ? event : { ...event, ...aboutUser(user) };
}

/** A parameter that a grant finds missing is a refusal like any other: it is recorded. */
async function returnRefusal<T>(work: () => Promise<T | Refused>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OAuthError) return { outcome: 'refused', error };
    throw error;
  }
}

/** DP-11: a proof that comes again with what it came with is a retry, which the grant judges. */
async function claimProof(
  { proof, parameters, now }: Admitted,
  { brings }: Grant,
  { usedIdentifiers }: OAuthStores,
): Promise<void> {
  if (proof === undefined) return;
  const { jkt, jti, until } = proof;
  const identifier: UsedIdentifier = { purpose: 'dpop_proof', id: [jkt, jti], now, until };
  const isFirst =
    brings === undefined
      ? await usedIdentifiers.claimOnce(identifier)
      : await usedIdentifiers.claimFor(identifier, parameters.getRequired(brings));
  if (!isFirst) throw new InvalidDpopProof('The DPoP proof was used before');
}

async function complete(
  authorized: Authorized,
  { client, possession, settings, random }: GrantRequest,
  { users }: OAuthStores,
): Promise<Exchanged & Pick<Authorized, 'event'>> {
  const { members, event } = authorized;
  const isByUser = authorized.subject_type === 'user';
  const refresh_token = isByUser ? authorized.refresh_token : undefined;
  const { resourceServer } = authorized;
  const cnf = confirmationOf(possession, { client, resourceServer }, dialectOf(settings));
  const authorization = await authorizationOf(authorized, { client, cnf }, { users, random });
  // LG-6: an opaque access token has no `jti`.
  const details = resourceServer && { ...event.details, access_token_jti: authorization.jti };
  return {
    outcome: 'exchanged',
    authorization,
    refresh_token,
    members,
    // LG-5: by what they typed, where they typed something.
    event: { ...(isByUser && aboutUser(authorized.user)), ...event, ...(details && { details }) },
  };
}
