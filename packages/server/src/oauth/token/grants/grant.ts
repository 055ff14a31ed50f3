// What a grant type is to the token endpoint: it turns the proof in the request into what was authorized. The
// endpoint around it authenticates, mints, records and answers, so a grant can forget none of these.
import { aboutClient, type LogEvent, type LogType, type Requester } from '../../../model/events.ts';
import type { ResourceServer } from '../../../model/resource-server.ts';
import type { TenantSettings } from '../../../model/tenant.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Random } from '../../../runtime/random.ts';
import { type OAuthError, UnauthorizedClient } from '../../errors.ts';
import type { GrantedByUser, GrantedToClient } from '../../issue/authorization.ts';
import type { Possession } from '../../issue/confirmation.ts';
import { findResourceAccess } from '../../issue/resource-access.ts';
import { grantedScopes } from '../../issue/scopes.ts';
import type { TokenPorts } from '../../issue/tokens.ts';
import type { Parameters } from '../../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../../ports.ts';
import type { KeySets } from '../../proof/key-sets.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';
import type { EmbeddedLogins, LoginProof, Settle } from './embedded-login.ts';

export interface GrantRequest {
  client: AuthenticatedClient;
  parameters: Parameters;
  /** What the request proved to hold. */
  possession: Possession;
  clock: Clock;
  now: number;
  random: Random;
  settings: TenantSettings;
  issuer: string;
  requester: Requester;
}

/** What was authorized, before permissions narrow it. */
export type Authorized = AuthorizedByUser | AuthorizedClient;

interface Success {
  outcome: 'authorized';
  /** Members of the answer beside those of RFC 6749 §5.1. */
  members?: Record<string, string>;
  event: Partial<LogEvent>;
}

export interface AuthorizedByUser extends Success, GrantedByUser {
  refresh_token: string | undefined;
}

/** TK-14: without a user there is no refresh token. */
export interface AuthorizedClient extends Success, GrantedToClient {}

/**
 * DB-1: a refusal is returned, not thrown, so that what it changed (a burnt code, a revoked family) and its log
 * entry are committed before the client hears of it.
 */
export interface Refused {
  outcome: 'refused';
  error: OAuthError;
  /** `unlogged`: nobody is refused anything, only asked to come again. */
  type?: LogType | 'unlogged';
  event?: Partial<LogEvent>;
}

export type Grant = ProvenGrant | LoginGrant | PreparedGrant;

interface GrantType {
  grant_type: string;
  success: LogType;
  failure: LogType;
  /** The parameter whose value a request brings to be exchanged: with it a proof may come again (DP-11). */
  brings?: string;
  /** What the client must be, beside having the grant type (TK-12); undefined: any client may have it. */
  admits?(client: AuthenticatedClient): boolean;
  /** Which clients may have it depends on the request, so that the grant itself refuses. */
  judgesClients?: true;
}

/** The request itself carries the proof. */
export interface ProvenGrant extends GrantType {
  exchange(request: GrantRequest, stores: OAuthStores): Promise<Authorized | Refused>;
}

/** The proof is judged by what must not happen in a transaction, as verifying a signature may. */
export interface PreparedGrant extends GrantType {
  /** Throws OAuthError. What it returns is the exchange. */
  prepare(request: GrantRequest, ports: GrantPorts): Promise<Exchange>;
}

/** Runs in one transaction, and may run again from the start. */
export type Exchange = (stores: OAuthStores) => Promise<Authorized | Refused>;

/** TX-3, AP-5: how many tokens of one address may be refused. */
export interface ExchangeThrottling {
  /** Whether the address has attempts left; counts nothing. */
  admits(stage: 'pre-custom-token-exchange', ip: string): boolean;
  /** Counts one; false if none was left. */
  count(stage: 'pre-custom-token-exchange', ip: string): boolean;
}

/** A user proves who they are, by what login alone can judge. */
export interface LoginGrant extends GrantType {
  /** Runs `settle` in one transaction, and before it what must not happen in one, as hashing. Throws OAuthError. */
  prove<T>(request: GrantRequest, ports: GrantPorts, settle: Settle<T>): Promise<T>;
  exchange(request: GrantRequest, stores: OAuthStores, proof: LoginProof): Promise<Authorized | Refused>;
}

/** What a proof is judged with, outside of the transaction. */
export interface GrantPorts extends TokenPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
  embeddedLogins: EmbeddedLogins;
  keySets: KeySets;
  ipThrottling: ExchangeThrottling;
}

export function refused(error: OAuthError, more: Pick<Refused, 'type' | 'event'> = {}): Refused {
  return { outcome: 'refused', error, ...more };
}

/** TK-10 */
export function grantNotAllowed(client: AuthenticatedClient, grant_type: string): UnauthorizedClient {
  const description = `Grant type '${grant_type}' not allowed for the client.`;
  return new UnauthorizedClient(description, { event: aboutClient(client) });
}

/** What the client may be given now of what was authorized once; undefined where nothing of it is left. */
export interface Remaining {
  resourceServer: ResourceServer | undefined;
  scope: string[];
}

/**
 * The resource server, its policy or its scopes may have been taken from the client since the user authorized it; so
 * may the user's connection, which whoever looks the user up has to ask for.
 */
export async function findRemaining(
  { audience, scope }: { audience: string | null; scope: string[] },
  client: AuthenticatedClient,
  stores: OAuthStores,
): Promise<Remaining | undefined> {
  const access = audience === null ? undefined : await findResourceAccess(audience, client, stores);
  if (access === 'unknown' || access === 'denied') return undefined;
  return { resourceServer: access?.resourceServer, scope: grantedScopes(scope, client, access) };
}
