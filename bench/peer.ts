// The peer: the npm package oidc-provider over a plain Map, with the features that it has switched on by itself.
// Signing in takes no page and no password here: it is not measured.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Provider, { type Context, type Grant } from 'oidc-provider';
import { algorithms, audienceOf, clientIdOf, machine, paths, people, redirect_uri, scope } from './flow.ts';

const issuer = process.argv[2]!;

interface Stored extends Record<string, unknown> {
  grantId?: string;
  uid?: string;
}

const stored = new Map<string, Stored>();
const idOfUid = new Map<string, string>();
const keysOfGrant = new Map<string, string[]>();

class MapAdapter {
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  async upsert(id: string, value: Stored): Promise<void> {
    const key = `${this.#model}:${id}`;
    stored.set(key, value);
    if (value.uid !== undefined) idOfUid.set(value.uid, id);
    if (value.grantId === undefined) return;
    const keys = keysOfGrant.get(value.grantId);
    if (keys === undefined) keysOfGrant.set(value.grantId, [key]);
    else keys.push(key);
  }

  async find(id: string): Promise<Stored | undefined> {
    return stored.get(`${this.#model}:${id}`);
  }

  async findByUid(uid: string): Promise<Stored | undefined> {
    return this.find(idOfUid.get(uid) ?? '');
  }

  async findByUserCode(): Promise<undefined> {}

  async consume(id: string): Promise<void> {
    const value = stored.get(`${this.#model}:${id}`);
    if (value !== undefined) value.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    stored.delete(`${this.#model}:${id}`);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const key of keysOfGrant.get(grantId) ?? []) stored.delete(key);
    keysOfGrant.delete(grantId);
  }
}

const personOf = new Map(people.map((person) => [person.email, person]));

/** Every client is a first-party client: its users are never asked for consent. */
async function loadExistingGrant({ oidc }: Context): Promise<Grant | undefined> {
  const { session, client, provider } = oidc;
  const grantId = session.grantIdFor(client.clientId);
  if (grantId !== undefined) return provider.Grant.find(grantId);
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope(scope);
  await grant.save();
  return grant;
}

function getResourceServerInfo(_context: Context, resource: string) {
  const alg = algorithms.find((algorithm) => audienceOf(algorithm) === resource);
  return { scope: 'read:orders', accessTokenFormat: 'jwt', jwt: { sign: { alg } } };
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const day = 86_400;

const provider = new Provider(issuer, {
  adapter: MapAdapter,
  jwks: {
    keys: [
      { ...rsa, use: 'sig', alg: 'RS256', kid: 'rsa' },
      { ...ec, use: 'sig', alg: 'ES256', kid: 'ec' },
    ],
  },
  clients: [
    ...algorithms.map((alg) => ({
      client_id: clientIdOf(alg),
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: alg,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [redirect_uri],
    })),
    {
      ...machine,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ],
  routes: paths,
  scopes: scope.split(' '),
  claims: {
    openid: ['sub'],
    profile: ['name', 'family_name', 'given_name', 'nickname', 'picture', 'updated_at'],
    email: ['email', 'email_verified'],
  },
  // Freehold's ID tokens carry the claims of the scopes, as Auth0's do.
  conformIdTokenClaims: false,
  findAccount: (_context: Context, accountId: string) => ({
    accountId,
    claims: () => ({ sub: accountId, ...personOf.get(accountId), updated_at: 1_800_000_000 }),
  }),
  loadExistingGrant,
  // Without `prompt=consent` it would drop the scope offline_access, and with it the refresh tokens.
  issueRefreshToken: () => true,
  expiresWithSession: () => false,
  rotateRefreshToken: true,
  ttl: {
    AccessToken: day,
    AuthorizationCode: 60,
    ClientCredentials: day,
    Grant: 30 * day,
    IdToken: 36_000,
    Interaction: 3600,
    RefreshToken: 30 * day,
    Session: 7 * day,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: { enabled: true, getResourceServerInfo },
  },
  interactions: { url: () => '/sign-in' },
  // Its documentation asks for keys that sign the cookies. The interaction's goes to every path that needs it.
  cookies: { short: { path: '/' }, keys: [randomBytes(32).toString('base64')] },
});

const answer = provider.callback();
const server = createServer((request, response) => {
  if (request.url === '/sign-in') signIn(request, response).catch(fail);
  else answer(request, response);
});

async function signIn(...[request, response]: Parameters<typeof answer>): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  await provider.interactionFinished(request, response, {
    login: { accountId: String(params.login_hint) },
  });
}

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

server.listen(Number(new URL(issuer).port), '127.0.0.1', () => console.log('The peer is ready'));
process.once('SIGTERM', () => process.exit(0));
