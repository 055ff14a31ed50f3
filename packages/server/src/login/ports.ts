// What login needs from outside. Storage implements these; each comment states the invariant that login relies on.
import type { Client } from '../model/client.ts';
import type { Session } from '../model/session.ts';
import type { Identity, User } from '../model/user.ts';
import type { LoginRequest } from '../oauth/authorize/login-request.ts';
import type { OAuthStores, SessionStatus, UserStore } from '../oauth/ports.ts';

/** One request in progress, bound to the browser that began it (LT-1). */
export interface LoginTransaction {
  /** SHA-256 of the handle that travels as `state` between our own pages. */
  handle: string;
  /** SHA-256 of the browser cookie. */
  browser: string;
  client_id: string;
  request: LoginRequest;
  created_at: number;
  expires_at: number;
  /**
   * UL-3: who somebody says they are, between the page that asks for it and the one that asks for the password. Sealed at
   * rest: people type passwords there (PW-20).
   */
  identifier: string | null;
  /** LT-2: the acts recorded on this transaction, and for whom. */
  user_id: string | null;
  sid: string | null;
  authenticated_at: number | null;
  consented_at: number | null;
  confirmed_at: number | null;
  finished_at: number | null;
}

export interface LoginTransactionStore {
  insert(transaction: LoginTransaction): Promise<void>;
  /** In whatever state. */
  find(handle: string): Promise<LoginTransaction | undefined>;
  /** Sets the given members iff the transaction is unfinished; true if this call did it. */
  record(
    handle: string,
    acts: Partial<
      Pick<
        LoginTransaction,
        'identifier' | 'user_id' | 'sid' | 'authenticated_at' | 'consented_at' | 'confirmed_at'
      >
    >,
  ): Promise<boolean>;
  /** Finishes the transaction in one statement: at most one caller, in any process, ever gets true. */
  finish(handle: string, now: number): Promise<boolean>;
}

/** LT-3: the parameters of a cross-site POST, kept until the browser comes back with a GET. */
export interface ParkedRequestStore {
  insert(parked: { handle: string; parameters: [string, string][]; expires_at: number }): Promise<void>;
  find(handle: string, now: number): Promise<[string, string][] | undefined>;
}

export interface SessionStore extends SessionStatus {
  /**
   * By SHA-256 of the cookie; neither expired nor idle too long, and of its user's epoch; with that user. A blocked
   * user's is found in any epoch, so that its browser is told of the block (AZ-64).
   */
  findBySecret(secret: string, now: number): Promise<{ session: Session; user: User } | undefined>;
  insert(session: Session, secret: string): Promise<void>;
  /** SE-4: a new interactive login of the same user renews secret and times and keeps the sid. */
  renew(session: Session, secret: string): Promise<void>;
  /** SE-10: the clients that the session has served. */
  recordClient(sid: string, client_id: string, now: number): Promise<void>;
  /** The user's, in whatever state. */
  listOf(user_id: string): Promise<Session[]>;
  /** The clients that were recorded, as far as they still exist. */
  listClients(sid: string): Promise<Client[]>;
  delete(sid: string): Promise<void>;
}

export interface LoginUserStore extends UserStore {
  /** By normalised e-mail, username or telephone number within one connection. */
  findByIdentifier(
    connection_id: string,
    identifier: string,
  ): Promise<{ user: User; identity: Identity; password_hash: string | null } | undefined>;
  /** False, and nothing changed, if the connection has a user of this e-mail, username or telephone number already. */
  insert(user: User, identity: Identity, password_hash: string | null): Promise<boolean>;
}

/** `user_id` is the provider's own. */
export type IdentityKey = Pick<Identity, 'connection_id' | 'user_id'>;

/** Each identity has a password of its own, where its connection has any. */
export interface IdentityStore {
  find(identity: IdentityKey): Promise<Identity | undefined>;
  /**
   * EM-4: another password, whether there was one or not, which ends everything that its user was given (AT-14). Of the
   * hashes so far as many are kept as `history`, the new one among them, asks for.
   */
  changePassword(identity: Identity, password_hash: string, now: number, history: number): Promise<void>;
  /** The present one first, then those that are kept, the latest first. */
  listPasswordHashes(identity: IdentityKey, limit: number): Promise<string[]>;
  /** The address as it stands: false, and nothing changed, if it is another one. */
  verifyEmail(identity: Identity, email: string, now: number): Promise<boolean>;
  /** False, and nothing changed, if the hash is no longer the one to be replaced. */
  setPasswordHash(identity: IdentityKey, password_hash: string, old: { replaces: string }): Promise<boolean>;
}

export interface CountedFailure {
  key: string;
  identifier: string;
  /** The network that the key counts for; null if it counts for all. */
  ip: string | null;
}

/** AP-1 to AP-3. `key` and `identifier` are hashes: no identifier stands in the table (PW-20). */
export interface FailedLoginStore {
  /** Failures counted for the key since `since`; 0 if none. */
  count(key: string, since: number): Promise<number>;
  /** Adds one in one statement, starting again at 1 if the last failure is before `since`. `ip` stays as it was first. */
  add(counted: CountedFailure, since: number, now: number): Promise<void>;
  clear(key: string): Promise<void>;
  /** Every key that was counted for the identifier; returns how many there were. */
  clearAllOf(identifier: string): Promise<number>;
  /** What was counted for the identifier since then. */
  listOf(identifier: string, since: number): Promise<{ key: string; failures: number; ip: string | null }[]>;
}

/** Counted before something is tried, so that of tries at once, in however many processes, none overtakes the count. */
export interface TryStore {
  /** Adds one as FailedLoginStore does, in one statement, iff fewer than `limit` are counted since then. */
  take(counted: CountedFailure, limit: number, since: number, now: number): Promise<boolean>;
  /** One that was taken before what turned out to be no failure. */
  giveBack(key: string): Promise<void>;
}

export type TicketPurpose = 'password_change' | 'email_verification';

/** What a link in a mail stands for. Only the hash of its secret is stored. */
export interface Ticket {
  hash: string;
  purpose: TicketPurpose;
  user_id: string;
  /** Where the mail went: the proof is of this address and of no other. */
  email: string;
  connection_id: string;
  /** Of the user's identities the one that it is for: the provider's own id. */
  identity_user_id: string;
  /** Of the application that asked for it. */
  client_id: string | null;
  /** Whether another password verifies the address: so it does if the link was mailed there. */
  mark_email_as_verified: boolean;
  /** Where the person goes on to afterwards. */
  result_url: string | null;
  /** What the application that they go on to is told of it. */
  organization_id: string | null;
  expires_at: number;
  used_at: number | null;
}

export interface TicketStore {
  insert(ticket: Ticket): Promise<void>;
  /** Iff unused and unexpired; a ticket for another purpose is none. */
  find(hash: string, purpose: TicketPurpose, now: number): Promise<Ticket | undefined>;
  /** As `find`, and marks it used in one statement: at most one caller, in any process, ever gets it. */
  redeem(hash: string, purpose: TicketPurpose, now: number): Promise<Ticket | undefined>;
  /** EM-2: only the newest is good. */
  deleteAllOf(user_id: string, purpose: TicketPurpose): Promise<void>;
}

/** PL-3: what was sent to somebody, to be typed. Only hashes under a key of ours: six digits are soon guessed. */
export interface OneTimePassword {
  /** Of what it is for, of whom, and for which client: one lives at a time. */
  key: string;
  code: string;
  tries_left: number;
  expires_at: number;
}

export interface OneTimePasswordStore {
  /** In place of any earlier one of the same key. */
  put(password: OneTimePassword): Promise<void>;
  /**
   * Takes one of the tries and returns what is to be compared with, in one statement, iff it is unexpired and a try is
   * left: whoever guesses, in however many processes, gets so many comparisons and no more.
   */
  takeTry(key: string, now: number): Promise<OneTimePassword | undefined>;
  /** True if this call did it: at most one caller, in any process, uses it. */
  remove(password: Pick<OneTimePassword, 'key' | 'code'>): Promise<boolean>;
}

export interface MessageCountStore {
  /** Counts one more, in one statement, iff fewer than `limit` were counted; the key is forgotten after `until`. */
  add(key: string, limit: number, until: number): Promise<boolean>;
}

export interface LoginStores extends OAuthStores {
  tickets: TicketStore;
  oneTimePasswords: OneTimePasswordStore;
  messageCounts: MessageCountStore;
  loginTransactions: LoginTransactionStore;
  parkedRequests: ParkedRequestStore;
  sessions: SessionStore;
  users: LoginUserStore;
  identities: IdentityStore;
  failedLogins: FailedLoginStore & TryStore;
}
