// Auth0's type codes of log entries, in words, and how they went.

export type Kind = 'success' | 'failure' | 'warning';

interface EventWords {
  words: string;
  kind: Kind;
}

const success = (words: string): EventWords => ({ words, kind: 'success' });
const failure = (words: string): EventWords => ({ words, kind: 'failure' });
const warning = (words: string): EventWords => ({ words, kind: 'warning' });

export const logEvents: Readonly<Record<string, EventWords>> = {
  s: success('Logged in'),
  ssa: success('Login renewed silently'),
  f: failure('Login failed'),
  fp: failure('Wrong password'),
  fu: failure('Unknown user'),
  fsa: failure('Silent login failed'),
  ss: success('Signed up'),
  fs: failure('Sign-up failed'),
  slo: success('Logged out'),
  flo: failure('Logout failed'),
  seacft: success('Code exchanged for tokens'),
  feacft: failure('Code exchange failed'),
  sertft: success('Refresh token exchanged'),
  fertft: failure('Refresh failed'),
  ferrt: warning('Spent refresh token came again'),
  seccft: success('Tokens for an application'),
  feccft: failure('Tokens for an application refused'),
  sepft: success('Password exchanged for tokens'),
  fepft: failure('Password exchange failed'),
  fepotpft: failure('Wrong one-time code'),
  secte: success('Token exchanged'),
  fecte: failure('Token exchange failed'),
  sede: success('Device logged in'),
  fede: failure('Device login failed'),
  fdeaz: failure('Device code refused'),
  fdeac: failure('Device activation failed'),
  fdecc: failure('Device not confirmed'),
  srrt: success('Refresh token revoked'),
  oidc_backchannel_logout_succeeded: success('Application told of a logout'),
  oidc_backchannel_logout_failed: failure('Application could not be told of a logout'),
  cls: success('Code or link sent by mail'),
  cs: success('Code sent by text message'),
  scpr: success('Password change asked for'),
  fcpr: failure('Password change not sent'),
  scp: success('Password changed'),
  fcp: failure('Password change failed'),
  svr: success('Verification mail sent'),
  sv: success('Email address verified'),
  fv: failure('Verification failed'),
  fn: failure('Message not sent'),
  fpar: failure('Pushed request refused'),
  sapi: success('Changed through the Management API'),
  fapi: failure('Refused by the Management API'),
  sdu: success('User deleted'),
  limit_wc: warning('Blocked: too many wrong passwords'),
  limit_mu: warning('Blocked: too many failures from one address'),
  fco: warning('Page of a foreign origin'),
  api_limit: warning('Too many requests'),
};

export function eventOf(type: string): EventWords {
  return Object.hasOwn(logEvents, type) ? (logEvents[type] ?? warning(type)) : warning(type);
}
