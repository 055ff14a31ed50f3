// What a grant type is to the token endpoint: it turns the proof in the request into what was authorized. The
// endpoint around it authenticates, mints, records and answers, so a grant can forget none of these.
import type { LogEvent, LogType, Requester } from '../../../model/events.ts';
import type { ResourceServer } from '../../../model/resource-server.ts';
import type { TenantSettings } from '../../../model/tenant.ts';
import type { Random } from '../../../runtime/random.ts';
import type { OAuthError } from '../../errors.ts';
import type { GrantedByUser, GrantedToClient } from '../../issue/authorization.ts';
import type { Possession } from '../../issue/confirmation.ts';
import { findResourceAccess } from '../../issue/resource-access.ts';
import { grantedScopes } from '../../issue/scopes.ts';
import type { TokenPorts } from '../../issue/tokens.ts';
import type { Parameters } from '../../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../../ports.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';
import type { EmbeddedLogins, LoginProof, Settle } from './embedded-login.ts';

export interface GrantRequest {
  client: AuthenticatedClient;
  parameters: Parameters;
  /** What the request proved to hold. */
  possession: Possession;
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
}

/** The request itself carries the proof. */
export interface ProvenGrant extends GrantType {
  exchange(request: GrantRequest, stores: OAuthStores): Promise<Authorized | Refused>;
}

/** The proof is judged by what must not happen in a transaction, as verifying a signature may. */
export interface PreparedGrant extends GrantType {
  /** Throws OAuthError. What it returns is the exchange. */
  prepare(
    request: GrantRequest,
    ports: TokenPorts,
  ): Promise<(stores: OAuthStores) => Promise<Authorized | Refused>>;
}

/** A user proves who they are, by what login alone can judge. */
export interface LoginGrant extends GrantType {
  /** Runs `settle` in one transaction, and before it what must not happen in one, as hashing. Throws OAuthError. */
  prove<T>(request: GrantRequest, ports: LoginGrantPorts, settle: Settle<T>): Promise<T>;
  exchange(request: GrantRequest, stores: OAuthStores, proof: LoginProof): Promise<Authorized | Refused>;
}

export interface LoginGrantPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
  embeddedLogins: EmbeddedLogins;
}

export function refused(error: OAuthError, more: Pick<Refused, 'type' | 'event'> = {}): Refused {
  return { outcome: 'refused', error, ...more };
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
