// RFC 8693 §3: the types of tokens that are brought and given.

export const exchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What a request for an exchange brings. */
export interface BroughtToken {
  subject_token: string;
  subject_token_type: string;
  actor_token: string | undefined;
}
