// What the routes about sessions, refresh tokens and grants need of storage; each comment states the invariant that they
// rely on.
import type { Connection } from '../../model/connection.ts';
import type { Session, UserGrant } from '../../model/session.ts';
import type { AuthorizationFilter } from '../../oauth/ports.ts';
import type { RefreshTokenFamily } from '../../oauth/token/ports.ts';
import type { Listed, Page } from '../pagination.ts';

export type Metadata = Record<string, unknown>;

export interface SessionDetails {
  session: Session;
  session_metadata: Metadata | null;
  /** Of the connection that the user logged in with; null if there is no such connection any more. */
  strategy: Connection['strategy'] | null;
  /** The clients that it has served. */
  clients: string[];
}

export interface SessionDetailsStore {
  /** Iff it has neither expired nor been idle too long, and is of its user's epoch. */
  find(sid: string, now: number): Promise<SessionDetails | undefined>;
  /** Such as `find` finds, of one user, by id. */
  list(user_id: string, page: Page, now: number): Promise<Listed<SessionDetails>>;
  /** False if there is no such session. */
  setMetadata(sid: string, metadata: Metadata | null, now: number): Promise<boolean>;
}

export interface RefreshTokenDetails {
  family: RefreshTokenFamily;
  refresh_token_metadata: Metadata | null;
  /** When the token that lives was issued. */
  issued_at: number | null;
  /** Of the session behind it, if that is there. */
  device: Pick<Session, 'initial_ip' | 'initial_user_agent' | 'last_ip' | 'last_user_agent'> | undefined;
}

export interface RefreshTokenDetailsStore {
  /** Iff it can be exchanged: neither revoked nor ended, and of its user's epoch. */
  find(aid: string, now: number): Promise<RefreshTokenDetails | undefined>;
  /** Such as `find` finds, without those that live with their session, by id. */
  list(
    of: Pick<AuthorizationFilter, 'user_id' | 'client_id'>,
    page: Page,
    now: number,
  ): Promise<Listed<RefreshTokenDetails>>;
  /** False if there is no such refresh token. */
  setMetadata(aid: string, metadata: Metadata | null): Promise<boolean>;
  /** As AuthorizationStore's `revokeAuthorizations`, of the refresh tokens alone that do not live with their session. */
  revokeOffline(of: AuthorizationFilter, now: number, until: number): Promise<void>;
}

export interface GrantFilter {
  user_id?: string | undefined;
  client_id?: string | undefined;
  audience?: string | undefined;
}

export interface GrantListStore {
  find(id: string): Promise<UserGrant | undefined>;
  /** By id. */
  list(filter: GrantFilter, page: Page): Promise<Listed<UserGrant>>;
  delete(id: string): Promise<void>;
}

export interface SessionStores {
  sessionDetails: SessionDetailsStore;
  refreshTokenDetails: RefreshTokenDetailsStore;
  grantList: GrantListStore;
}
