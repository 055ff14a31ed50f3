// Every route of the server, as the tests of bad input need to know it. bad-endpoints.test.ts reads the routes from the
// server and fails for one that is not here, so that each new one is described and with that tried.
import { webSecret } from '../setup/flow.ts';

export interface EndpointCase {
  path: string;
  methods: string[];
  /** Beside forms. */
  takesJson: boolean;
  /** Whether pages of other origins may call it. */
  hasPreflight: boolean;
  /** `proved`: clients authenticate; `named`: they say who they are; `none`: an access token says it. */
  clients: 'proved' | 'named' | 'none';
  /** A request in which only the client is missing. */
  fields: Record<string, string>;
  /** The type of the log entry that a refused client leaves. */
  refusal?: string;
}

/** What applications call: OAuth's JSON in every answer. */
export const endpoints: EndpointCase[] = [
  {
    path: '/oauth/token',
    methods: ['POST'],
    takesJson: true,
    hasPreflight: true,
    clients: 'proved',
    fields: { grant_type: 'refresh_token', refresh_token: 'x' },
    refusal: 'fertft',
  },
  {
    path: '/oauth/revoke',
    methods: ['POST'],
    takesJson: true,
    hasPreflight: true,
    clients: 'proved',
    fields: { token: 'x' },
    refusal: 'f',
  },
  {
    path: '/oauth/introspect',
    methods: ['POST'],
    takesJson: true,
    hasPreflight: false,
    clients: 'proved',
    fields: { token: 'x' },
    refusal: 'f',
  },
  {
    path: '/oauth/par',
    methods: ['POST'],
    takesJson: false,
    hasPreflight: false,
    clients: 'proved',
    fields: { response_type: 'code', redirect_uri: 'https://app.example/callback' },
    refusal: 'fpar',
  },
  {
    path: '/oauth/device/code',
    methods: ['POST'],
    takesJson: false,
    hasPreflight: true,
    clients: 'named',
    fields: { scope: 'openid' },
    refusal: 'fdeaz',
  },
  {
    path: '/userinfo',
    methods: ['GET', 'POST'],
    takesJson: true,
    hasPreflight: true,
    clients: 'none',
    fields: {},
  },
];

/** Those whose bodies and errors are of another kind: their own tests try them; here it is methods and unreadable bodies. */
export const otherEndpoints: Pick<EndpointCase, 'path' | 'methods' | 'hasPreflight'>[] = [
  { path: '/dbconnections/change_password', methods: ['POST'], hasPreflight: true },
  { path: '/dbconnections/signup', methods: ['POST'], hasPreflight: true },
  { path: '/oidc/register', methods: ['POST'], hasPreflight: true },
  { path: '/oidc/register/unknown', methods: ['GET', 'PUT', 'DELETE'], hasPreflight: true },
  { path: '/passwordless/start', methods: ['POST'], hasPreflight: true },
];

/** What people see: pages in every answer, or a redirect. */
export const pages: Record<string, string[]> = {
  '/': ['GET', 'HEAD'],
  '/activate': ['GET', 'POST'],
  '/activate/denied': ['GET'],
  '/activate/success': ['GET'],
  '/authorize': ['GET', 'POST'],
  '/authorize/posted': ['GET'],
  '/authorize/resume': ['GET'],
  '/exports/users': ['GET'],
  '/login': ['GET'],
  '/oidc/logout': ['GET', 'POST'],
  '/oidc/logout/posted': ['GET'],
  '/passwordless/verify_redirect': ['GET', 'POST'],
  '/try': ['GET'],
  '/try/callback': ['GET'],
  '/u/confirm-callback': ['GET', 'POST'],
  '/u/consent': ['GET', 'POST'],
  '/u/email-verification': ['GET', 'POST'],
  '/u/login': ['GET', 'POST'],
  '/u/login/identifier': ['GET', 'POST'],
  '/u/login/password': ['GET', 'POST'],
  '/u/login/passwordless': ['GET', 'POST'],
  '/u/logout': ['POST'],
  '/u/reset-password': ['GET', 'POST'],
  '/u/reset-password/request': ['GET', 'POST'],
  '/u/signup': ['GET', 'POST'],
  '/v2/logout': ['GET'],
};

/** What anybody may read. */
export const publicPaths: readonly string[] = [
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/assets/theme.css',
  '/assets/unknown',
  '/cer',
  '/dashboard',
  '/dashboard*',
  '/dashboard/assets/unknown',
  '/dashboard/preview',
  '/dashboard/preview/theme.css',
  '/fingerprint',
  '/health',
  '/pb7',
  '/pem',
  '/rawpem',
];

/** The dashboard's own: first-administrator.test.ts tries it. */
export const firstAdministratorPath = '/dashboard/set-up';

/** Ways of saying who the client is, and what comes of each; `web` has a secret, by POST. */
export const badClients: [
  what: string,
  fields: Record<string, string>,
  authorization: string | undefined,
  refusal: [status: number, error: string, error_description: string],
][] = [
  ['no client', {}, undefined, [400, 'invalid_request', 'Missing required parameter: client_id']],
  [
    'an empty client_id',
    { client_id: '' },
    undefined,
    [400, 'invalid_request', 'Missing required parameter: client_id'],
  ],
  [
    'an unknown client',
    { client_id: 'nobody' },
    undefined,
    [401, 'invalid_client', 'Client authentication failed'],
  ],
];

const basic = (client_id: string, secret: string) =>
  `Basic ${Buffer.from(`${client_id}:${secret}`).toString('base64')}`;
const more = 'The request authenticates the client in more than one way';
const failed = 'Client authentication failed';
const assertion = [{ alg: 'ES256' }, { iss: 'web', sub: 'web' }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');
const assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Beside those, where clients authenticate. */
export const badAuthentications: typeof badClients = [
  ['no secret', { client_id: 'web' }, undefined, [401, 'invalid_client', failed]],
  [
    'a wrong secret',
    { client_id: 'web', client_secret: `${webSecret}x` },
    undefined,
    [401, 'invalid_client', failed],
  ],
  [
    'the secret of a method that is not registered',
    {},
    basic('web', webSecret),
    [401, 'invalid_client', failed],
  ],
  ['an unknown client by Basic', {}, basic('nobody', 'x'), [401, 'invalid_client', failed]],
  [
    'a client_id beside another in Basic',
    { client_id: 'spa' },
    basic('web', webSecret),
    [400, 'invalid_request', more],
  ],
  [
    'two methods at once',
    { client_secret: webSecret },
    basic('web', webSecret),
    [400, 'invalid_request', more],
  ],
  [
    'Basic without a colon',
    {},
    'Basic d2Vi',
    [400, 'invalid_request', 'The Authorization header is malformed'],
  ],
  [
    'a secret beside an assertion',
    {
      client_id: 'web',
      client_secret: webSecret,
      client_assertion: assertion,
      client_assertion_type: assertion_type,
    },
    undefined,
    [400, 'invalid_request', more],
  ],
];
