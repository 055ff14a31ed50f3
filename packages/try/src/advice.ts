import {
  AuthorizationError,
  CallbackInvalid,
  IdTokenInvalid,
  OAuthError,
  RequestFailed,
  SilentTimeout,
  StateMismatch,
  SubjectMismatch,
  TokenError,
  UserinfoError,
} from '@freehold/client';

export interface Advice {
  heading: string;
  description: string;
  next: string;
}

const authorizationAdvice: Record<string, string> = {
  access_denied: 'Start again, and accept on the page that asks.',
  consent_required: 'Start again with prompt “consent”: the server has to ask the user once.',
  login_required: 'Start again and log in: the server has no session for this browser.',
  interaction_required: 'Start again: the server has to show the user a page.',
};

const tokenAdvice: Record<string, string> = {
  invalid_grant: 'Start again: a code or refresh token that was used, replaced or has expired stays refused.',
  invalid_client: 'Restart the server: it registers this page’s application when it starts.',
};

/** What went wrong, in the server’s words where it has some, and what to do about it. */
export function adviceFor(error: unknown): Advice {
  return { heading: headingOf(error), description: descriptionOf(error), next: nextOf(error) };
}

function headingOf(error: unknown): string {
  if (error instanceof OAuthError) return error.error;
  if (error instanceof StateMismatch) return 'This callback answers nothing that was asked';
  if (error instanceof CallbackInvalid) return 'This callback cannot be right';
  if (error instanceof IdTokenInvalid) return 'The ID token failed a check';
  if (error instanceof SubjectMismatch) return 'The answer is about somebody else';
  if (error instanceof SilentTimeout) return 'The frame did not answer';
  if (error instanceof RequestFailed) return 'The server gave no answer that could be used';
  return 'Something unexpected happened';
}

function descriptionOf(error: unknown): string {
  if (error instanceof OAuthError) return error.error_description ?? 'The server gave no description.';
  return error instanceof Error ? error.message : String(error);
}

function nextOf(error: unknown): string {
  if (error instanceof AuthorizationError) return authorizationAdvice[error.error] ?? startAgain;
  if (error instanceof TokenError) return tokenAdvice[error.error] ?? startAgain;
  if (error instanceof UserinfoError) return 'Refresh the tokens in step 8, then call /userinfo again.';
  if (error instanceof StateMismatch) {
    return 'Start again. It happens when the page is reloaded, or when the login was begun in another tab.';
  }
  if (error instanceof IdTokenInvalid)
    return 'Trust nothing in this token. Check the clocks, then start again.';
  if (error instanceof SilentTimeout)
    return 'Check that the server runs and that the browser allows its cookies.';
  if (error instanceof RequestFailed)
    return 'Check that the server runs and look at its log, then try again.';
  return startAgain;
}

const startAgain = 'Start again; if it fails the same way, the server’s log says more.';
