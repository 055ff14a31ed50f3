// Token exchange on behalf of a user (contract TX-4): an API that was called with a user's token gets one to call another
// API with. The user stays the subject; `act` names who acts.
import { isPublicClient } from '../../../model/client.ts';
import { isConsentMissing } from '../../../model/consent.ts';
import type { User } from '../../../model/user.ts';
import { ConsentRequired, InvalidRequest } from '../../errors.ts';
import type { Actor } from '../../issue/authorization.ts';
import { type OwnAccessToken, readOwnAccessToken } from '../../issue/own-access-token.ts';
import { findRequestedAccess, type ResourceAccess } from '../../issue/resource-access.ts';
import type { TokenPorts } from '../../issue/tokens.ts';
import { parseSpaceDelimited } from '../../parameters.ts';
import type { OAuthStores } from '../../ports.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';
import {
  type AuthorizedByUser,
  type Exchange,
  type GrantRequest,
  grantNotAllowed,
  type Refused,
  refused,
} from './grant.ts';
import { accessTokenType, type BroughtToken, exchangeGrantType } from './token-types.ts';

/** TX-4: actors that a token names at most, one within the other. */
const mostActors = 4;

/** Throws UnauthorizedClient (TK-10) or InvalidRequest. */
export async function prepareOnBehalfOf(
  { subject_token, actor_token }: BroughtToken,
  request: GrantRequest,
  ports: TokenPorts,
): Promise<Exchange> {
  if (!mayActForUsers(request.client)) throw grantNotAllowed(request.client, exchangeGrantType);
  if (actor_token !== undefined)
    throw new InvalidRequest('actor_token is not supported: the client that asks is the actor');
  const subject = await readOwnAccessToken(subject_token, ports);
  return (stores) => exchange(subject, request, stores);
}

function mayActForUsers(client: AuthenticatedClient): boolean {
  return (
    client.grant_types.includes(exchangeGrantType) &&
    !isPublicClient(client) &&
    client.app_type === 'resource_server' &&
    client.token_exchange?.allow_any_profile_of_type.includes('on_behalf_of_token_exchange') === true
  );
}

async function exchange(
  subject: OwnAccessToken | undefined,
  request: GrantRequest,
  stores: OAuthStores,
): Promise<AuthorizedByUser | Refused> {
  const { client, parameters, settings, issuer } = request;
  const found = subject && (await findSubject(subject, client, stores));
  // RFC 8693 §2.2.2: "If … the subject_token … are invalid for any reason, … the value of the error parameter MUST be
  // the invalid_request error code."
  if (found === undefined)
    return refused(new InvalidRequest('The subject token is not valid for this client'));
  const { user, token, aid, epoch } = found;
  const event = { user_id: user.user_id };
  const act = actorOf(token, client);
  if (depthOf(act) > mostActors) return refused(tooManyActors(), { event });
  const access = await findRequestedAccess(parameters, client, { settings, issuer, stores });
  if (access === undefined) return refused(missingAudience(), { event });
  const scope = scopeOf(parameters.get('scope'), access);
  const { resourceServer } = access;
  const audience = resourceServer.identifier;
  const asked = { user_id: user.user_id, audience, scope };
  if (await isConsentMissing(asked, client, resourceServer, stores))
    return refused(new ConsentRequired('Consent required'), { event: { ...event, audience, scope } });
  return {
    outcome: 'authorized',
    subject_type: 'user',
    user,
    aid,
    epoch,
    sid: undefined,
    scope,
    resourceServer,
    auth_time: undefined,
    nonce: undefined,
    acr: undefined,
    gty: undefined,
    act,
    ends_at: Number(token.claims.exp),
    refresh_token: undefined,
    members: { issued_token_type: accessTokenType },
    event: { ...event, audience, scope, details: { actor: act } },
  };
}

/** The user of a token for the API that the client is, if nothing has taken it back (AT-14). */
async function findSubject(
  token: OwnAccessToken,
  client: AuthenticatedClient,
  { authorizations }: OAuthStores,
): Promise<{ token: OwnAccessToken; user: User; aid: string; epoch: number } | undefined> {
  const { resource_server_identifier } = client;
  const isAddressed =
    resource_server_identifier !== null && token.audiences.includes(resource_server_identifier);
  if (!isAddressed || token.authorization === undefined) return undefined;
  const { aid, ep } = token.authorization;
  const user = await authorizations.findTokenSubject({ ...token, aid, ep });
  return user && { token, user, aid, epoch: ep };
}

/** RFC 8693 §4.1: "the outermost act claim represents the current actor". The innermost is whom the user logged in to. */
function actorOf({ claims, client_id }: OwnAccessToken, client: AuthenticatedClient): Actor {
  return { sub: client.client_id, act: (claims.act as Actor | undefined) ?? { sub: client_id } };
}

function depthOf({ act }: Actor): number {
  return act === undefined ? 1 : 1 + depthOf(act);
}

/** Scopes of the API alone: whoever acts for a user learns no more of them than the API needs. */
function scopeOf(asked: string | undefined, { scopes }: ResourceAccess): string[] {
  if (asked === undefined) return scopes;
  return parseSpaceDelimited(asked).filter((name) => scopes.includes(name));
}

function tooManyActors(): InvalidRequest {
  return new InvalidRequest(
    `Delegation chain (\`act\` claim) depth exceeds the maximum allowed limit of ${mostActors}`,
  );
}

function missingAudience(): InvalidRequest {
  return new InvalidRequest('Missing required parameter: audience');
}
