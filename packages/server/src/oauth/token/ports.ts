// Refresh tokens and their families, and the store that keeps them. It is bound to one executor, as all stores are.
import type { User } from '../../model/user.ts';

/**
 * One family is one authorization (`aid`): a line of refresh tokens, of which one lives. Beside it only the token that
 * was spent for it may come again, while the living one is unused; whatever else of the family comes was stolen.
 */
export interface RefreshTokenFamily {
  aid: string;
  client_id: string;
  user_id: string;
  epoch: number;
  /** noSession where no browser's session stands behind the authorization. */
  sid: string;
  jkt: string | null;
  scope: string[];
  audience: string | null;
  auth_time: number | null;
  created_at: number;
  /** Null: no absolute end. */
  absolute_at: number | null;
  /** Null: no idle end. */
  idle_at: number | null;
  /** RT-20: it lives as long as the session of its `sid`, and extends that. */
  online: boolean;
  revoked_at: number | null;
  revocation_reason: RevocationReason | null;
  /** The hash of the token that lives. */
  current_token: string;
  /** Its place in the family. */
  counter: number;
  /** Whether its use spends it (RT-7). */
  rotating: boolean;
  /** The hash of the token that was spent for the current one; null once that was used. */
  spent_token: string | null;
  spent_at: number | null;
  /** RR-13: the current token, which the spent one opens. */
  box: string | null;
  box_ends_at: number | null;
}

/** `migrated`: RT-10; `exceeded`: RT-14; `restored`: the database is a backup. */
export type RevocationReason = 'reused' | 'revoked' | 'migrated' | 'exceeded' | 'restored';

/** Its row never changes: whether it lives, its family says. */
export interface RefreshToken {
  hash: string;
  aid: string;
  /** Place in the family, from 0. */
  n: number;
  issued_at: number;
}

/** A refresh token that was presented, and what its exchange depends on. */
export interface PresentedRefreshToken {
  token: RefreshToken;
  family: RefreshTokenFamily;
  /** Undefined if there is no such user any more. */
  user: User | undefined;
  /** Whether one of the user's connections is enabled for the family's client. */
  connected: boolean;
}

export interface RefreshTokenStore {
  insertFamily(family: RefreshTokenFamily, first: RefreshToken): Promise<void>;
  /** The token with its family, in whatever state. */
  find(hash: string): Promise<{ token: RefreshToken; family: RefreshTokenFamily } | undefined>;
  /**
   * As find, with the family's row locked before it is read and until the transaction ends (RR-3: the
   * family first, so that no two transactions wait for each other).
   */
  lock(hash: string): Promise<PresentedRefreshToken | undefined>;
  /**
   * Writes the lifetime and what an exchange changed, iff the family is not revoked and `current_token` is still the
   * one that lives in it; true if this call did it.
   */
  updateFamily(family: RefreshTokenFamily, current_token: string): Promise<boolean>;
  insert(token: RefreshToken): Promise<void>;
  /** RR-14: forgets the tokens of the family before the place `n`. */
  deleteBefore(aid: string, n: number): Promise<void>;
  /** RT-14: revokes the oldest live families of this user and client beyond `keep`. */
  revokeOldestFamilies(user_id: string, client_id: string, keep: number, now: number): Promise<void>;
  /** RT-10: revokes the other families of this user, client and audience whose tokens do not rotate. */
  revokeNonRotatingSiblings(family: RefreshTokenFamily, now: number): Promise<void>;
}
