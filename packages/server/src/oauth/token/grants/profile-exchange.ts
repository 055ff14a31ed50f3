// Custom token exchange (contract TX-2, TX-3): a user logs in with a token of another issuer's. A profile says whose it
// must be and which of our users it names; the application must be allowed it. Whoever is refused learns nothing of why.
import type { LoginConnection } from '../../../model/connection.ts';
import { aboutConnection, type LogEvent } from '../../../model/events.ts';
import type { SubjectTokenRules, TokenExchangeProfile } from '../../../model/token-exchange-profile.ts';
import { type Identity, isPrimary, normalizedEmail, type User } from '../../../model/user.ts';
import { InvalidRequest, UnauthorizedClient } from '../../errors.ts';
import { isUnstorable } from '../../parameters.ts';
import type { OAuthStores, UnitOfWork, UsedIdentifier, UserStore } from '../../ports.ts';
import { judgeForeignToken } from '../../proof/foreign-token.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';
import { authorizeUser, tooManyFromAddress } from './embedded-login.ts';
import { type Exchange, type GrantPorts, type GrantRequest, refused } from './grant.ts';
import { accessTokenType, type BroughtToken } from './token-types.ts';

const stage = 'pre-custom-token-exchange';
/** Characters. */
const longestIdentifier = 255;

/** Throws UnauthorizedClient, InvalidRequest or TooManyAttempts. */
export async function prepareProfileExchange(
  { subject_token, actor_token }: BroughtToken,
  profile: TokenExchangeProfile,
  request: GrantRequest,
  ports: GrantPorts,
): Promise<Exchange> {
  const { client, requester, parameters } = request;
  assertAllowed(profile, client);
  if (actor_token !== undefined)
    throw new InvalidRequest('actor_token is not supported with this subject_token_type');
  if (parameters.get('organization') !== undefined)
    throw new InvalidRequest('parameter organization is not allowed for this client');
  const connection = await findConnection(profile, client, ports);
  const event = { ...aboutConnection(connection), details: { token_exchange_profile: profile.name } };
  if (!ports.ipThrottling.admits(stage, requester.ip))
    throw tooManyFromAddress({ ...event, type: 'limit_mu' });
  const judged = await judge(subject_token, profile, request, ports);
  if ('fault' in judged) {
    // Of many that waited for a key together all were admitted.
    if (judged.isSenders && !ports.ipThrottling.count(stage, requester.ip))
      throw tooManyFromAddress({ ...event, type: 'limit_mu' });
    throw invalidSubject(event, judged.fault);
  }
  return async (stores) => {
    // Before what they consented to, in the order of whoever takes that back.
    const user = await stores.users.lock(judged.user.user_id);
    if (user?.epoch !== judged.user.epoch) return refused(invalidSubject(event, 'the user was changed'));
    const about = { ...event, user_id: user.user_id };
    const kind = { gty: undefined, event: about, needsConsent: true };
    const outcome = await authorizeUser(user, kind, request, stores);
    if (outcome.outcome === 'refused') return outcome;
    return { ...outcome, members: { issued_token_type: accessTokenType } };
  };
}

/** TX-2: first parties alone, public applications too. */
function assertAllowed({ type }: TokenExchangeProfile, client: AuthenticatedClient): void {
  const isAllowed = client.token_exchange?.allow_any_profile_of_type.includes(type) === true;
  if (isAllowed && client.is_first_party) return;
  throw new UnauthorizedClient(`"${type}" Token Exchange Profile is not allowed for the client.`);
}

/** AZ-24 */
async function findConnection(
  { connection_id }: TokenExchangeProfile,
  { client_id }: AuthenticatedClient,
  { unitOfWork }: GrantPorts,
): Promise<LoginConnection> {
  const connections = await unitOfWork.read.connections.listForClient(client_id);
  const connection = connections.find(({ id }) => id === connection_id);
  if (connection === undefined) throw new InvalidRequest('the connection is not enabled');
  return connection;
}

/** `isSenders`: false where nobody could have brought a better token. */
type Judged = { user: User } | { fault: string; isSenders: boolean };

async function judge(
  subject_token: string,
  { subject_token: rules, connection_id }: TokenExchangeProfile,
  { now, issuer }: GrantRequest,
  { unitOfWork, keySets }: GrantPorts,
): Promise<Judged> {
  const judged = await judgeForeignToken(subject_token, rules, { keySets, issuer, now });
  if ('fault' in judged) return judged;
  const { claims, exp } = judged;
  const user = await findUser(claims, rules, connection_id, unitOfWork.read.users);
  if (user === undefined) return { fault: 'it names no user of the connection', isSenders: true };
  // Last, so that a token is spent by nothing but what it is good for.
  const fault = await spend(claims.jti, rules.issuer, { now, until: Math.ceil(exp) }, unitOfWork);
  return fault === undefined ? { user } : { fault, isSenders: true };
}

/** RFC 7519 §4.1.7. An identifier is the issuer's, not the profile's: what one profile has taken no other one takes. */
async function spend(
  jti: unknown,
  issuer: string,
  times: Pick<UsedIdentifier, 'now' | 'until'>,
  unitOfWork: UnitOfWork<OAuthStores>,
): Promise<string | undefined> {
  if (jti === undefined) return undefined;
  if (typeof jti !== 'string' || jti === '' || jti.length > longestIdentifier)
    return 'its jti is no identifier';
  const identifier: UsedIdentifier = { purpose: 'subject_token', id: [issuer, jti], ...times };
  const isFirst = await unitOfWork.transaction(({ usedIdentifiers }) =>
    usedIdentifiers.claimOnce(identifier),
  );
  return isFirst ? undefined : 'its jti was used before';
}

async function findUser(
  claims: Record<string, unknown>,
  { match, user_claim }: SubjectTokenRules,
  connection_id: string,
  users: Pick<UserStore, 'findByIdentity' | 'findByIdentifier'>,
): Promise<User | undefined> {
  const name = Object.hasOwn(claims, user_claim) ? claims[user_claim] : undefined;
  if (typeof name !== 'string' || name === '' || name.length > longestIdentifier || isUnstorable(name))
    return undefined;
  if (match === 'user_id') return (await users.findByIdentity(connection_id, name))?.user;
  // Whoever may write an address that nobody has verified would be whoever has it, on either side. What is verified is
  // `email` (OpenID Connect Core §5.1): where the token has one, no other address of it.
  const { email = name, email_verified } = claims;
  if (email_verified !== true || email !== name) return undefined;
  const found = await users.findByIdentifier(connection_id, name);
  return found && hasVerified(found, name) ? found.user : undefined;
}

/** An identifier may be a username as well. */
function hasVerified({ user, identity }: { user: User; identity: Identity }, email: string): boolean {
  const { email: address, email_verified } = isPrimary(identity) ? user : (identity.profile ?? {});
  return email_verified === true && address != null && normalizedEmail(address) === normalizedEmail(email);
}

/** RFC 8693 §2.2.2: "the value of the error parameter MUST be the invalid_request error code." */
function invalidSubject(event: Partial<LogEvent>, fault: string): InvalidRequest {
  const details = { ...event.details, fault };
  return new InvalidRequest('The subject token is not valid', { event: { ...event, details } });
}
