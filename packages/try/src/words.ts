// What the page says, as data.

export const stepNames = [
  'verifier',
  'challenge',
  'request',
  'callback',
  'tokens',
  'id_token',
  'userinfo',
  'refresh',
  'silent',
  'logout',
] as const;

export type StepName = (typeof stepNames)[number];

export const stepWords: Record<StepName, { title: string; explanation: string }> = {
  verifier: {
    title: 'Code verifier',
    explanation:
      'The application makes a secret for this one login: 32 random bytes, written as 43 characters.',
  },
  challenge: {
    title: 'Code challenge',
    explanation: 'The verifier’s SHA-256. It may be seen by anyone: nobody can compute the verifier from it.',
  },
  request: {
    title: 'Authorization URL',
    explanation: 'Where the browser goes to log in. The challenge travels with it, the verifier stays here.',
  },
  callback: {
    title: 'Callback',
    explanation: 'The server sent the browser back with a code, which is good once and for a short time.',
  },
  tokens: {
    title: 'Token request and response',
    explanation:
      'The code and the verifier are exchanged for tokens. Whoever stole the code has no verifier and gets nothing.',
  },
  id_token: {
    title: 'ID token',
    explanation:
      'Who logged in, signed by the server. Nothing in it is believed before every check has passed.',
  },
  userinfo: {
    title: 'User info',
    explanation: 'The access token opens an API. This one answers with what is known of the user now.',
  },
  refresh: {
    title: 'Refresh',
    explanation:
      'The refresh token gets new tokens without the user. It is replaced each time; the old one is spent.',
  },
  silent: {
    title: 'Silent authentication',
    explanation:
      'An invisible frame asks again with prompt=none: the session at the server answers, and no page is shown.',
  },
  logout: {
    title: 'Logout',
    explanation: 'The session at the server ends, and the browser comes back to this page.',
  },
};

/** The parameters of the requests and responses, each in a few words. */
export const parameterWords: Record<string, string> = {
  response_type: 'We want a code, not tokens, in the address bar.',
  client_id: 'Which application asks.',
  redirect_uri: 'Where the answer goes; it must be registered for this application.',
  scope: 'What we ask for. openid: an ID token. profile, email: claims. offline_access: a refresh token.',
  state: 'Random; it must come back unchanged, so that nobody can slip us another login’s answer.',
  nonce: 'Random; it must stand in the ID token, which ties that token to this request.',
  code_challenge: 'The challenge of step 2.',
  code_challenge_method: 'How it was computed: SHA-256.',
  prompt: 'What the server must show, or not.',
  screen_hint: 'Which screen to begin with.',
  response_mode: 'How the answer comes: web_message is a message from the frame.',
  id_token_hint: 'Whom we expect to be logged in.',
  error: 'Why the server refused, for programs.',
  error_description: 'The same for people.',
  code: 'What we exchange for tokens next.',
  iss: 'Who answered; it must be our issuer.',
  grant_type: 'What we exchange for tokens.',
  code_verifier: 'The secret of step 1: it proves that whoever began the login also ends it.',
  refresh_token: 'Gets new tokens later. Keep it secret.',
  access_token: 'Opens the API. Send it as “Authorization: Bearer …”; do not read it.',
  id_token: 'Says who logged in; it is taken apart in step 6.',
  token_type: 'Whoever bears the token may use it.',
  expires_in: 'The access token’s lifetime in seconds.',
  returnTo: 'Where to come back to; it must be registered for this application.',
};

export const claimWords: Record<string, string> = {
  iss: 'Who issued the token.',
  sub: 'The user, by an id that never changes.',
  aud: 'The application it is for.',
  azp: 'The application it was issued to.',
  exp: 'Not valid from then on.',
  iat: 'When it was issued.',
  auth_time: 'When the user last proved who they are.',
  nonce: 'Ties it to our request.',
  sid: 'The session at the server.',
  alg: 'How it is signed.',
  kid: 'Which of the server’s keys signed it.',
  typ: 'What it is.',
};
