// Every way in which the flow can fail, a class each, so that an application can tell them apart with `instanceof`.
// Names are written out because a minifier renames classes.

export abstract class FreeholdError extends Error {}

/** The server refused, in OAuth's words: `error` is for programs, `error_description` for people. */
export abstract class OAuthError extends FreeholdError {
  readonly error: string;
  readonly error_description: string | undefined;

  constructor({ error, error_description }: Refusal, cause: unknown) {
    super(error_description === undefined ? error : `${error}: ${error_description}`, { cause });
    this.error = error;
    this.error_description = error_description;
  }
}

interface Refusal {
  error: string;
  error_description?: string | undefined;
}

/** The authorization endpoint answered with an error: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6. */
export class AuthorizationError extends OAuthError {
  override readonly name = 'AuthorizationError';
  readonly state: string;

  constructor(refusal: Refusal, state: string, cause: unknown) {
    super(refusal, cause);
    this.state = state;
  }
}

/** The token endpoint answered with an error: RFC 6749 §5.2. */
export class TokenError extends OAuthError {
  override readonly name = 'TokenError';
}

/** `/userinfo` did not accept the access token: RFC 6750 §3. */
export class UserinfoError extends OAuthError {
  override readonly name = 'UserinfoError';
}

/** The callback answers no request begun here, or one that was answered before: RFC 6749 §10.12. */
export class StateMismatch extends FreeholdError {
  override readonly name = 'StateMismatch';
}

/** The callback is malformed, or another issuer sent it: RFC 9207 §2.4. */
export class CallbackInvalid extends FreeholdError {
  override readonly name = 'CallbackInvalid';
}

/** The ID token failed a check of OIDC Core §3.1.3.7; `claim` names it where the check is about one claim. */
export class IdTokenInvalid extends FreeholdError {
  override readonly name = 'IdTokenInvalid';
  readonly claim: string | undefined;

  constructor(message: string, claim?: string, cause?: unknown) {
    super(message, { cause });
    this.claim = claim;
  }
}

/** `/userinfo` answered for somebody else than the ID token: OIDC Core §5.3.2. */
export class SubjectMismatch extends FreeholdError {
  override readonly name = 'SubjectMismatch';
}

/** No answer came out of the silent frame in time. */
export class SilentTimeout extends FreeholdError {
  override readonly name = 'SilentTimeout';
}

/** The call needs tokens, or a refresh token, and there are none. */
export class NotLoggedIn extends FreeholdError {
  override readonly name = 'NotLoggedIn';
}

/** The server could not be reached, or its answer is not of this protocol. */
export class RequestFailed extends FreeholdError {
  override readonly name = 'RequestFailed';
}
