// What a session (the sign-in at the tenant) and a user grant (a user's consent) are (contract SE-*, CN-*).
export interface Session {
  /** Public; never the cookie (SE-6). */
  sid: string;
  user_id: string;
  /** The user's when the session began: it ends when the user's rises (AT-14). */
  epoch: number;
  connection_id: string;
  authenticated_at: number;
  created_at: number;
  updated_at: number;
  last_interacted_at: number;
  expires_at: number;
  idle_expires_at: number;
  persistent: boolean;
  initial_ip: string;
  initial_user_agent: string;
  last_ip: string;
  last_user_agent: string;
}

/** CN-1: keyed by user, client and audience. `audience` is '' for a consent that names no API. */
export interface UserGrant {
  id: string;
  user_id: string;
  client_id: string;
  audience: string;
  scope: string[];
  created_at: number;
}
