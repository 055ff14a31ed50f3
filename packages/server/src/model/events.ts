// Entries of the tenant log: contract §17. Never a token, a code, a password, a verifier or a cookie.
export type LogType =
  | 's'
  | 'f'
  | 'fp'
  | 'fu'
  | 'ssa'
  | 'fsa'
  | 'ss'
  | 'fs'
  | 'slo'
  | 'flo'
  | 'seacft'
  | 'feacft'
  | 'sertft'
  | 'fertft'
  | 'ferrt'
  | 'srrt'
  | 'fcoa'
  | 'fco'
  | 'limit_wc'
  | 'w';

export interface LogEvent {
  type: LogType;
  description?: string | undefined;
  client_id?: string | undefined;
  client_name?: string | undefined;
  user_id?: string | undefined;
  user_name?: string | undefined;
  connection?: string | undefined;
  connection_id?: string | undefined;
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
}
