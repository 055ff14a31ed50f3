// What a grant type is to the token endpoint: it turns the proof in the request into what was authorized. The
// endpoint around it authenticates, mints, records and answers, so a grant can forget none of these.
import type { LogEvent, LogType } from '../../../model/events.ts';
import type { TenantSettings } from '../../../model/tenant.ts';
import type { User } from '../../../model/user.ts';
import type { Random } from '../../../runtime/random.ts';
import type { OAuthError } from '../../errors.ts';
import type { Parameters } from '../../parameters.ts';
import type { OAuthStores } from '../../ports.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';

export interface GrantRequest {
  client: AuthenticatedClient;
  parameters: Parameters;
  now: number;
  random: Random;
  settings: TenantSettings;
}

/** What was authorized, before permissions narrow it. */
export interface Authorized {
  outcome: 'authorized';
  user: User;
  aid: string;
  epoch: number;
  sid: string;
  /** What the access token is good for. */
  scope: string[];
  audience: string | null;
  auth_time: number | undefined;
  nonce: string | undefined;
  acr: string | undefined;
  gty: string | undefined;
  refresh_token: string | undefined;
  event: Partial<LogEvent>;
}

/**
 * DB-1: a refusal is returned, not thrown, so that what it changed (a burnt code, a revoked family) and its log
 * entry are committed before the client hears of it.
 */
export interface Refused {
  outcome: 'refused';
  error: OAuthError;
  type?: LogType;
  event?: Partial<LogEvent>;
}

export interface Grant {
  grant_type: string;
  success: LogType;
  failure: LogType;
  exchange(request: GrantRequest, stores: OAuthStores): Promise<Authorized | Refused>;
}

export function refused(error: OAuthError, more: Pick<Refused, 'type' | 'event'> = {}): Refused {
  return { outcome: 'refused', error, ...more };
}
