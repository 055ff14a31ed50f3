// Login's whole policy, as one pure function: given the request in progress and the session of the browser, what
// comes next. It reads no clock and no database. Pages never route to one another: they change the login transaction
// and ask here again (RFC 6749 §4.1, OpenID Connect Core §3.1.2.3; contract PR-*, LT-2, UL-2, CN-*, CB-13).
import type { User } from '../model/user.ts';
import type { LoginRequest } from '../oauth/authorize/login-request.ts';
import type { LoginTransaction } from './ports.ts';
import type { SignedIn } from './sessions.ts';

/** What the transaction records: acts of this person in this browser. Nothing is recorded before the first page. */
export type Acts = Pick<
  LoginTransaction,
  'identifier' | 'user_id' | 'authenticated_at' | 'consented_at' | 'confirmed_at'
>;

export const noActs: Acts = {
  identifier: null,
  user_id: null,
  authenticated_at: null,
  consented_at: null,
  confirmed_at: null,
};

export interface Situation {
  request: LoginRequest;
  acts: Acts;
  /** The session of this browser, if it lives, with its user. */
  signedIn: SignedIn | undefined;
  /** Ids of the connections that the client, and `connection` if given, allow. */
  connection_ids: string[];
  /** CN-*: whether the user has yet to agree to this client and scope. */
  consentMissing: boolean;
  /** CB-13: whether this callback has to be confirmed where no other page was shown. */
  confirmsCallback: boolean;
  /** UL-3: whether the identifier is asked for on a page of its own, before the password. */
  identifierFirst: boolean;
  now: number;
}

/** The steps at which somebody has yet to log in. */
export const loginSteps: readonly PageStep[] = ['login', 'login-id', 'login-password', 'signup'];

export type PageStep =
  | 'login'
  | 'login-id'
  | 'login-password'
  | 'passwordless'
  | 'signup'
  | 'reset-password-request'
  | 'consent'
  | 'confirm-callback';
export type Refusal =
  | 'login_required'
  | 'consent_required'
  | 'interaction_required'
  | 'user_blocked'
  | 'wrong_user';

export type NextStep = { step: PageStep } | { step: 'finish'; signedIn: SignedIn } | { refusal: Refusal };

export function nextStep(situation: Situation): NextStep {
  const { request, signedIn } = situation;
  const silent = request.prompt.includes('none');
  if (signedIn === undefined || mustLogIn(situation, signedIn)) {
    // OpenID Connect Core §3.1.2.1: "The Authorization Server MUST NOT display any authentication or consent user
    // interface pages."
    if (silent) return { refusal: 'login_required' };
    // Whoever has said since who they are came to log in.
    const signsUp = request.screen_hint === 'signup' && situation.acts.identifier === null;
    return { step: signsUp ? 'signup' : loginPage(situation.identifierFirst, situation.acts) };
  }
  if (signedIn.user.blocked) return { refusal: 'user_blocked' };
  if (isWrongUser(request, signedIn.user)) return { refusal: 'wrong_user' };
  if (mustConsent(situation)) return silent ? { refusal: 'consent_required' } : { step: 'consent' };
  if (mustConfirm(situation))
    return silent ? { refusal: 'interaction_required' } : { step: 'confirm-callback' };
  return { step: 'finish', signedIn };
}

/** UL-3: on one page, or on the one of two that is next. */
export function loginPage(identifierFirst: boolean, { identifier }: Pick<Acts, 'identifier'>): PageStep {
  if (!identifierFirst) return 'login';
  return identifier === null ? 'login-id' : 'login-password';
}

function mustLogIn({ request, acts, connection_ids, now }: Situation, { session, user }: SignedIn): boolean {
  // LT-2: only acts on this transaction, by this user, count: if the session changed hands, it begins again.
  if (acts.user_id !== null && acts.user_id !== user.user_id) return true;
  if (!connection_ids.includes(session.connection_id)) return true;
  // Whoever has begun to log in means it, even if the session that another tab began would do by now.
  if (acts.identifier !== null) return true;
  if (acts.authenticated_at !== null) return isOlder(acts.authenticated_at, request, now, timeToFinish);
  if (request.prompt.includes('login') || request.prompt.includes('select_account')) return true;
  // AZ-31: 0 always logs in.
  return (
    request.max_age === 0 || isOlder(session.authenticated_at, request, now, 0) || isWrongUser(request, user)
  );
}

/** Seconds that a login stays fresh for the pages that follow it, however small `max_age` is. */
const timeToFinish = 60;

/**
 * OpenID Connect Core §3.1.2.1: "If the elapsed time is greater than this value, the OP MUST attempt to actively
 * re-authenticate the End-User."
 */
function isOlder(authenticated_at: number, { max_age }: LoginRequest, now: number, grace: number): boolean {
  return max_age !== null && now - authenticated_at > Math.max(max_age, grace);
}

/** OpenID Connect Core §3.1.2.1: the End-User identified by `id_token_hint`, or no success. */
function isWrongUser(request: LoginRequest, user: User): boolean {
  return request.hinted_user_id !== null && request.hinted_user_id !== user.user_id;
}

function mustConsent({ request, acts, consentMissing }: Situation): boolean {
  if (acts.consented_at !== null) return false;
  return consentMissing || request.prompt.includes('consent');
}

function mustConfirm({ acts, confirmsCallback }: Situation): boolean {
  return (
    confirmsCallback &&
    acts.confirmed_at === null &&
    acts.authenticated_at === null &&
    acts.consented_at === null
  );
}
