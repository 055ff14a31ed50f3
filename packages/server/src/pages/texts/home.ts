// The texts of the page at /.
export const home = {
  title: 'An identity server you own',
  headline: 'The keys to your own house.',
  lead: 'Freehold is an identity server that runs where you say: sign-up, login, sessions and tokens for your applications. It speaks Auth0’s Authentication API and Management API.',
  running: 'It is running. The issuer is {issuer}',
  try: 'Try a login',
  dashboard: 'Dashboard',
  discovery: 'Discovery document',
  start: 'First steps',
  steps: [
    {
      title: 'Register an application',
      text: 'In the dashboard, by script or in a tenant file: its name, its type, where people return to after they log in.',
    },
    {
      title: 'Point it at this server',
      text: 'Give the application’s OpenID Connect library, or Freehold’s own client, the issuer and the client ID.',
    },
    {
      title: 'Log in',
      text: 'Sign up on the hosted page. Single sign-on, silent renewal and logout are already there.',
    },
  ],
  readme: 'The README has the details: registering an application, every setting, and where things are.',
  endpoints: 'Where things are',
  endpoint: {
    discovery: 'Discovery',
    jwks: 'Signing keys',
    authorize: 'Authorization',
    token: 'Tokens',
  },
} as const;
