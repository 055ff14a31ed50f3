// This folder owns the protocol: what a request must say, what is granted for it, which tokens are minted and how an
// error reads. It must not know HTTP, SQL, pages, or how a person proves who they are. These are the stores that it
// needs. Storage implements them; each comment states the invariant that the protocol relies on. Every store is bound
// to one executor: inside `transaction` all of them see and change one snapshot.
import type { Client } from '../model/client.ts';
import type { Connection, LoginConnection } from '../model/connection.ts';
import type { Delivery } from '../model/delivery.ts';
import type { LogEvent, Requester } from '../model/events.ts';
import type { ClientGrant, DefaultClientGrant, ResourceServer } from '../model/resource-server.ts';
import type { Session, SessionActivity, UserGrant } from '../model/session.ts';
import type { SigningKey } from '../model/signing-key.ts';
import type { TokenExchangeProfile } from '../model/token-exchange-profile.ts';
import type { Identity, User } from '../model/user.ts';
import type { DeviceCodeStore } from './device-codes.ts';
import type { PushedRequestStore } from './pushed-requests.ts';
import type { RefreshTokenStore, RevocationReason } from './token/ports.ts';

/** AC-22: everything that a code is bound to. Only the hash of the code is stored. */
export interface AuthorizationCode {
  hash: string;
  /** The authorization's id (AT-14): copied to the refresh family and to every token. */
  aid: string;
  client_id: string;
  /** The callback that the answer went to, after resolution. */
  redirect_uri: string;
  /** The parameter as it was sent; null if the request had none. */
  redirect_uri_sent: string | null;
  code_challenge: string | null;
  nonce: string | null;
  scope: string[];
  audience: string | null;
  organization: string | null;
  user_id: string;
  epoch: number;
  sid: string;
  auth_time: number;
  /** ID-12: whether the ID token tells `auth_time`. */
  auth_time_requested: boolean;
  acr: string | null;
  dpop_jkt: string | null;
  issuer: string;
  created_at: number;
  expires_at: number;
  redeemed_at: number | null;
}

/** The `sid` of an authorization that no session stands behind. */
export const noSession = '';

/** What the origins that may call in a client's name follow from. */
export type ClientOrigins = Pick<
  Client,
  'client_id' | 'callbacks' | 'allowed_origins' | 'web_origins' | 'grant_types'
>;

export interface ClientStore {
  find(client_id: string): Promise<Client | undefined>;
  /** The client's secret in clear, opened from the sealed column; undefined if it has none. */
  findSecret(client_id: string): Promise<string | undefined>;
  /** CO-6: a preflight names no client. */
  listOrigins(): Promise<ClientOrigins[]>;
}

export interface ResourceServerStore {
  find(identifier: string): Promise<ResourceServer | undefined>;
  /** SG-2: the secret that its tokens are signed with by HS256, in clear; undefined if it has none. */
  findSigningSecret(identifier: string): Promise<string | undefined>;
}

export interface ClientGrantStore {
  find(
    client_id: string,
    audience: string,
    subject_type: 'client' | 'user',
  ): Promise<ClientGrant | undefined>;
  /** What every third-party client may have of the API. */
  findDefault(audience: string, subject_type: 'client' | 'user'): Promise<DefaultClientGrant | undefined>;
}

export interface ConnectionStore {
  find(id: string): Promise<Connection | undefined>;
  /** Whichever clients it is enabled for. */
  findByName(name: string): Promise<Connection | undefined>;
  /** The connections enabled for the client that people log in by, by name. */
  listForClient(client_id: string): Promise<LoginConnection[]>;
}

export interface UserGrantStore {
  find(user_id: string, client_id: string, audience: string): Promise<UserGrant | undefined>;
  /** As `find`; nobody changes or deletes it until this transaction ends. */
  lock(
    user_id: string,
    client_id: string,
    audience: string,
  ): Promise<Pick<UserGrant, 'id' | 'scope'> | undefined>;
  /** Adds the scopes to the grant of this user, client and audience, or makes it; one statement or one lock. */
  add(grant: UserGrant): Promise<void>;
  delete(user_id: string, client_id: string, audience: string): Promise<void>;
  deleteAllOf(user_id: string): Promise<void>;
}

/** Which authorizations of one user: all, or those of a client, an audience ('' for none), a session. */
export interface AuthorizationFilter {
  user_id: string;
  client_id?: string | undefined;
  audience?: string | undefined;
  sid?: string | undefined;
}

export interface AuthorizationStore {
  insertCode(code: AuthorizationCode): Promise<void>;
  /**
   * Marks the code redeemed and returns it, in one statement, iff it is this client's, unredeemed and unexpired.
   * At most one caller, in any process, ever gets a given code.
   */
  redeemCode(hash: string, client_id: string, now: number): Promise<AuthorizationCode | undefined>;
  /**
   * AC-22, in one statement: the user of a code, iff not blocked and of the code's epoch, whose session is there, one
   * of whose connections is enabled for the code's client, and whose authorization nobody has taken back (AT-14).
   */
  findCodeSubject(
    code: Pick<AuthorizationCode, 'user_id' | 'epoch' | 'sid' | 'client_id' | 'aid'>,
  ): Promise<User | undefined>;
  /** The row in whatever state, to judge a replay. */
  findCode(hash: string): Promise<AuthorizationCode | undefined>;

  /** Ends the authorization: its family is revoked, and our endpoints refuse its tokens until `until` (AT-14). */
  revokeAuthorization(aid: string, now: number, until: number, reason: RevocationReason): Promise<void>;
  /**
   * AT-14, in one statement: the user, iff not blocked and of this epoch, the client exists and the authorization
   * is not revoked.
   */
  findTokenSubject(token: {
    sub: string;
    ep: number;
    client_id: string;
    aid: string;
  }): Promise<User | undefined>;
  /**
   * AT-14, RV-5: ends these authorizations, whether they have refresh tokens or not: what of them waits to be redeemed
   * gives nothing any more, and our endpoints refuse their tokens until `until`.
   */
  revokeAuthorizations(of: AuthorizationFilter, now: number, until: number): Promise<void>;
}

/** What the identifier was used for: one kind is never taken for another. */
export type IdentifierPurpose =
  | 'client_assertion'
  | 'dpop_proof'
  | 'request_object'
  | 'subject_token'
  | 'administrator_link';

/** A `jti` that somebody else chose. Only its hash is stored. */
export interface UsedIdentifier {
  purpose: IdentifierPurpose;
  /** Whose it is, and the identifier itself: two clients may choose the same. */
  id: readonly string[];
  now: number;
  /** From then on what carries the identifier is refused as expired, so that nobody need remember it. */
  until: number;
}

/** RFC 7519 §4.1.7: "The "jti" claim can be used to prevent the JWT from being replayed." */
export interface UsedIdentifierStore {
  /** In one statement: true iff nobody, in any process, has claimed the identifier. */
  claimOnce(identifier: UsedIdentifier): Promise<boolean>;
  /** As claimOnce, and true as well where it was claimed for the same value: that is a retry (DP-11). */
  claimFor(identifier: UsedIdentifier, presented: string): Promise<boolean>;
}

export interface TenantLog {
  /** Leaves an entry; in the transaction of the change that it describes. */
  write(event: LogEvent, requester: Requester): Promise<void>;
}

export interface DeliveryQueue {
  /** Leaves it to be sent, iff this transaction commits; in the transaction of the change that it tells of. */
  add(delivery: Delivery): Promise<void>;
}

export interface UserStore {
  find(user_id: string): Promise<User | undefined>;
  /** As `find`; nobody else changes the user, nor which identities it has, until this transaction ends. */
  lock(user_id: string): Promise<User | undefined>;
  /** By the provider's own id within one connection. */
  findByIdentity(
    connection_id: string,
    user_id: string,
  ): Promise<{ user: User; identity: Identity } | undefined>;
  /** By normalised e-mail, username or telephone number within one connection. */
  findByIdentifier(
    connection_id: string,
    identifier: string,
  ): Promise<{ user: User; identity: Identity } | undefined>;
  /** UP-3: the primary identity first. */
  listIdentities(user_id: string): Promise<Identity[]>;
  /** `last_login`, `last_ip`, `logins_count` + 1. */
  recordLogin(user_id: string, now: number, ip: string): Promise<void>;
  /** Whether one of the user's connections is enabled for the client. */
  hasConnectionOf(user_id: string, client_id: string): Promise<boolean>;
  /** AT-10: the names of every permission on the resource server that the user has, directly or by a role. */
  listPermissions(user_id: string, audience: string): Promise<string[]>;
}

export interface TokenExchangeProfileStore {
  find(subject_token_type: string): Promise<TokenExchangeProfile | undefined>;
}

export interface SessionStatus {
  /** If it is there, and has neither expired nor been idle too long. */
  find(sid: string, now: number): Promise<Session | undefined>;
  touch(sid: string, seen: SessionActivity): Promise<void>;
}

/** What the token endpoint and its neighbours use. */
export interface OAuthStores {
  clients: ClientStore;
  resourceServers: ResourceServerStore;
  clientGrants: ClientGrantStore;
  connections: ConnectionStore;
  userGrants: UserGrantStore;
  pushedRequests: PushedRequestStore;
  authorizations: AuthorizationStore;
  refreshTokens: RefreshTokenStore;
  deviceCodes: DeviceCodeStore;
  users: UserStore;
  sessions: SessionStatus;
  signingKeys: SigningKeyStore;
  deliveries: DeliveryQueue;
  usedIdentifiers: UsedIdentifierStore;
  tokenExchangeProfiles: TokenExchangeProfileStore;
  log: TenantLog;
}

/**
 * Reads outside a transaction see only what is committed. `transaction` commits when `work` returns and rolls back
 * when it throws; it may run `work` again from the start, so `work` changes nothing but these stores (DB-1).
 */
export interface UnitOfWork<Stores> {
  read: Stores;
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}

/** SG-3 to SG-6. Signing happens outside transactions. */
export interface SigningKeyStore {
  /** Waits until no other process changes signing keys, and keeps the others waiting until this transaction ends. */
  lock(): Promise<void>;
  /** Oldest first, the revoked ones too. What is read twice within a second, and not changed by us, is one list. */
  list(): Promise<readonly SigningKey[]>;
  insert(key: SigningKey): Promise<void>;
  /** `now` becomes `current_since` or `revoked_at` where the status is that. */
  setStatus(kid: string, status: SigningKey['status'], now: number): Promise<void>;
}
