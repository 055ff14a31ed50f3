// Entries of the tenant log (contract LG-*). Never a token, a code, a password, a verifier or a cookie.
import type { Connection } from './connection.ts';

/** Auth0's type codes (LG-1 to LG-4), as far as this server has the subject. */
export type LogType =
  /** Login. */
  | 's'
  /** Login, or a request for one, refused. */
  | 'f'
  /** Login refused: the password is wrong. */
  | 'fp'
  /** Login refused: there is no such user. */
  | 'fu'
  /** Silent authentication. */
  | 'ssa'
  /** Silent authentication refused. */
  | 'fsa'
  /** Sign-up. */
  | 'ss'
  /** Sign-up refused. */
  | 'fs'
  /** Logout. */
  | 'slo'
  /** Logout refused. */
  | 'flo'
  /** Authorization code exchanged. */
  | 'seacft'
  /** Exchange of an authorization code refused. */
  | 'feacft'
  /** Refresh token exchanged. */
  | 'sertft'
  /** Exchange of a refresh token refused. */
  | 'fertft'
  /** A spent refresh token came again: its family is revoked. */
  | 'ferrt'
  /** Password exchanged. */
  | 'sepft'
  /** Exchange of a password refused. */
  | 'fepft'
  /** Client credentials exchanged. */
  | 'seccft'
  /** Exchange of client credentials refused. */
  | 'feccft'
  /** Token exchanged for another. */
  | 'secte'
  /** Exchange of a token refused. */
  | 'fecte'
  /** Device code exchanged. */
  | 'sede'
  /** Exchange of a device code refused. */
  | 'fede'
  /** A device's request for a code refused. */
  | 'fdeaz'
  /** Activation of a device refused. */
  | 'fdeac'
  /** A person did not confirm the device. */
  | 'fdecc'
  /** Refresh token revoked. */
  | 'srrt'
  /** A client was told that a session ended. */
  | 'oidc_backchannel_logout_succeeded'
  /** A client could not be told that a session ended, or would not hear of it. */
  | 'oidc_backchannel_logout_failed'
  /** Exchange of a code that was sent for a login without password refused. */
  | 'fepotpft'
  /** A code or a link for a login without password was sent. */
  | 'cls'
  /** A code for a login without password was sent as a text message. */
  | 'cs'
  /** A mail with a link to another password was asked for. */
  | 'scpr'
  /** A mail with a link to another password was asked for, and not sent. */
  | 'fcpr'
  /** Password changed. */
  | 'scp'
  /** Change of a password refused. */
  | 'fcp'
  /** A mail with a link that verifies an e-mail address was sent. */
  | 'svr'
  /** E-mail address verified. */
  | 'sv'
  /** Verification of an e-mail address refused. */
  | 'fv'
  /** A mail or a text message was not sent. */
  | 'fn'
  /** Pushed authorization request refused. */
  | 'fpar'
  /** The Management API changed something; or an application registered itself, or changed what it had registered. */
  | 'sapi'
  /** Refused by the Management API, or as a registration. */
  | 'fapi'
  /** Login refused: too many wrong passwords. */
  | 'limit_wc'
  /** Login, sign-up or exchange of a token refused: too many failures or sign-ups from one address. */
  | 'limit_mu'
  /** A page of an origin that is not allowed wanted to read an answer. */
  | 'fco'
  /** Requests refused: too many from one address. */
  | 'api_limit';

export interface LogEvent {
  type: LogType;
  description?: string | undefined;
  client_id?: string | undefined;
  client_name?: string | undefined;
  user_id?: string | undefined;
  user_name?: string | undefined;
  connection?: string | undefined;
  connection_id?: string | undefined;
  strategy?: Connection['strategy'] | undefined;
  strategy_type?: 'database' | 'passwordless' | undefined;
  audience?: string | undefined;
  scope?: string[] | undefined;
  details?: Record<string, unknown> | undefined;
}

/** Who asked: goes with every event that a request causes (LG-5). */
export interface Requester {
  ip: string;
  user_agent: string;
  hostname: string;
  /** GL-6: the `Auth0-Client` header, decoded, or the query parameter. */
  auth0_client?: string;
  /** AZ-39: the application's own name for this login. */
  correlation_id?: string;
}

/** Which client an entry, or a mail, is about; nothing where there is none. */
export function aboutClient(client: { client_id: string; name: string } | undefined): {
  client_id?: string;
  client_name?: string;
} {
  return client === undefined ? {} : { client_id: client.client_id, client_name: client.name };
}

/** LG-5 */
export function aboutConnection({ id, name, strategy }: Pick<Connection, 'id' | 'name' | 'strategy'>) {
  const strategy_type = strategy === 'auth0' ? ('database' as const) : ('passwordless' as const);
  return { connection: name, connection_id: id, strategy, strategy_type };
}

export function aboutUser({ user_id, email, name }: { user_id: string; email: string | null; name: string }) {
  return { user_id, user_name: email ?? name };
}
