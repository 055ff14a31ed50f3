// One value of each kind that we mint, or take from an application, for one purpose. Whoever builds another kind adds it to
// one of the functions below, and its door to doors.ts: the matrix then tries every value at every door.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import type { Message } from '../../packages/server/src/model/message.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import { getCodes, television } from '../setup/device.ts';
import { DpopKey } from '../setup/dpop.ts';
import { apiClient, exchangeTenant } from '../setup/exchange.ts';
import {
  audience,
  authorizationUrl,
  callback,
  codeOf,
  getTokens,
  newPkce,
  type Pkce,
  password,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { clientAssertion, newKeyPair, signJwt } from '../setup/keys.ts';
import { codeSentTo, messagesTo } from '../setup/outbox.ts';
import { mobile, partnerAudience, partnerClaims, partnerProfile, publicJwk } from '../setup/partner.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

export const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:';
export const otpGrant = 'http://auth0.com/oauth/grant-type/passwordless/otp';

/** The server, and the one key of an application that signs assertions, requests and DPoP proofs alike. */
export interface Ground {
  freehold: Freehold;
  key: DpopKey;
}

export async function prepareGround(): Promise<Ground> {
  const pair = newKeyPair('ES256');
  const { alg, pem } = pair;
  const sample = exchangeTenant();
  // The partner has the name and the key of an application: only what is said tells their values apart.
  const partner = { issuer: 'signing', audience: partnerAudience, jwks: { keys: [publicJwk(pair, 'key')] } };
  const tenant = {
    ...sample,
    tenant: {
      pushed_authorization_requests_supported: true,
      // Each value is to be refused for what it is, not because others were before it.
      brute_force_protection: { enabled: false },
      flags: { enable_dynamic_client_registration: true },
    },
    clients: [
      ...sample.clients,
      {
        ...apiClient('a'),
        name: 'Orders API',
        client_id: 'orders-api',
        resource_server_identifier: audience,
      },
      television,
      mobile,
      {
        ...spa,
        name: 'Signing',
        client_id: 'signing',
        app_type: 'regular_web',
        client_authentication_methods: {
          private_key_jwt: { credentials: [{ name: 'key', credential_type: 'public_key', alg, pem }] },
        },
        signed_request_object: { credentials: [{ alg, pem, kid: 'key-of-requests' }] },
      },
      {
        name: 'Direct',
        client_id: 'direct',
        app_type: 'native',
        callbacks: [callback],
        grant_types: [otpGrant],
      },
    ],
    connections: [{ name: 'email', strategy: 'email', enabled_clients: ['direct'] }],
    tokenExchangeProfiles: [partnerProfile(partner)],
  };
  const environment = { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' };
  const freehold = await startFreehold({ tenant, users, environment });
  return { freehold, key: new DpopKey(freehold, pair) };
}

/** What a value needs beside itself to be taken. */
interface Company {
  pkce: Pkce;
  /** The hidden token of the page that confirms a logout. */
  confirmationToken: string;
  /** Where the registered client is managed. */
  registrationUri: string;
  /** Whom the one-time password was sent to. */
  email: string;
}

export type Minted = Awaited<ReturnType<typeof mint>>;
export type Kind = keyof Minted['values'];

/** One fresh value of each kind; those of a browser are of one browser and user. */
export async function mint(ground: Ground) {
  const { freehold } = ground;
  const agent = new Agent(freehold.issuer);
  const [tokens, pages] = [await ofTokens(freehold, agent), await ofPages(freehold, agent)];
  const [registered, people] = [await ofRegistration(freehold), await ofPeople(freehold)];
  const values = {
    ...tokens.values,
    ...pages.values,
    ...registered.values,
    ...(await ofApplications(ground)),
    ...people.values,
    ...(await ofMails(freehold)),
  };
  for (const [kind, value] of Object.entries(values)) expect(value, kind).toMatch(/^[\w.-]{6,}$/);
  const company: Company = { ...tokens.company, ...pages.company, ...registered.company, ...people.company };
  return { values, ...company };
}

async function ofTokens(freehold: Freehold, agent: Agent) {
  const offline = { scope: 'openid offline_access' };
  const { tokens } = await getTokens(freehold, { agent, authorize: offline });
  const jwt = (await getTokens(freehold, { agent, authorize: { audience } })).tokens.access_token;
  const asWeb = { client_id: 'web', client_secret: webSecret };
  const ofWeb = await getTokens(freehold, {
    agent,
    authorize: { ...offline, client_id: 'web' },
    token: asWeb,
  });
  const pkce = newPkce();
  const code = codeOf(await agent.open(authorizationUrl(freehold, pkce)));
  const parameters = Object.fromEntries(authorizationUrl(freehold, newPkce()).searchParams);
  const pushed = (await agent.postForm('/oauth/par', { ...parameters, ...asWeb })).json();
  const { access_token, refresh_token = '', id_token = '' } = tokens;
  const values = {
    code,
    'refresh token': refresh_token,
    'refresh token of a confidential client': ofWeb.tokens.refresh_token ?? '',
    'opaque access token': access_token,
    'JWT access token': jwt,
    'ID token': id_token,
    'pushed request': String(pushed.request_uri).slice(requestUriPrefix.length),
    sid: partOf(id_token, 1, 'sid'),
    kid: partOf(id_token, 0, 'kid'),
    'code verifier': pkce.code_verifier,
    'client secret': webSecret,
  };
  return { values, company: { pkce } };
}

async function ofPages(freehold: Freehold, agent: Agent) {
  const loginPage = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' }));
  const logoutPage = await agent.open('/oidc/logout');
  const parameters = Object.fromEntries(authorizationUrl(freehold, newPkce()).searchParams);
  const values = {
    'transaction handle': hiddenField(loginPage, 'state'),
    'form token': hiddenField(loginPage, 'csrf'),
    'parked authorization request': stateOf(await agent.postForm('/authorize', parameters)),
    'parked logout': stateOf(await agent.postForm('/oidc/logout', { client_id: 'spa' })),
    'logout to confirm': hiddenField(logoutPage, 'state'),
    'session secret': agent.cookies.get(`freehold_session_${freehold.port}`) ?? '',
    'browser secret': agent.cookies.get(`freehold_browser_${freehold.port}`) ?? '',
  };
  return { values, company: { confirmationToken: hiddenField(logoutPage, 'csrf') } };
}

/** What an application signs with its one key, and what we give it for its proofs. */
async function ofApplications({ freehold, key }: Ground) {
  const { issuer, clock, composed } = freehold;
  const now = clock.now();
  const client_id = 'signing';
  const { client_assertion } = await clientAssertion(key.pair, { client_id, issuer, now });
  const request = {
    ...Object.fromEntries(authorizationUrl(freehold, newPkce()).searchParams),
    ...{ client_id, iss: client_id, aud: issuer, iat: now, nbf: now, exp: now + 60, jti: randomUUID() },
  };
  return {
    'client assertion': client_assertion,
    'token of a partner': await signJwt(key.pair, {
      ...partnerClaims(now),
      ...{ iss: client_id, aud: [issuer, partnerAudience] },
    }),
    'request object': await signJwt(key.pair, request, { typ: 'oauth-authz-req+jwt' }),
    'DPoP proof': await key.proof(),
    'DPoP nonce': composed.tenant.dpopNonces.current(),
  };
}

async function ofRegistration(freehold: Freehold) {
  const agent = new Agent(freehold.issuer);
  const answer = (await agent.postJson('/oidc/register', { redirect_uris: [callback] })).json();
  const values = { 'registration access token': String(answer.registration_access_token) };
  return { values, company: { registrationUri: String(answer.registration_client_uri) } };
}

/** What people type. */
async function ofPeople(freehold: Freehold) {
  const { device_code, user_code } = await getCodes(freehold);
  const email = `${randomUUID()}@example.com`;
  const start = { client_id: 'direct', connection: 'email', send: 'code', email };
  const started = await new Agent(freehold.issuer).postJson('/passwordless/start', start);
  expect(started.status).toBe(200);
  const values = {
    'device code': device_code,
    'user code': user_code,
    'one-time password': await codeSentTo(freehold, email),
  };
  return { values, company: { email } };
}

/** What the links in mails carry. */
async function ofMails(freehold: Freehold) {
  const agent = new Agent(freehold.issuer);
  const connection = defaultDatabaseName;
  const [person, guest] = [`${randomUUID()}@example.com`, `${randomUUID()}@example.com`];
  const asked = [
    await agent.postJson('/dbconnections/signup', { client_id: 'spa', connection, email: person, password }),
    await agent.postJson('/dbconnections/change_password', { client_id: 'spa', connection, email: person }),
    await agent.postJson('/passwordless/start', { client_id: 'direct', connection: 'email', email: guest }),
  ];
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200]);
  await freehold.composed.deliverDue();
  const sent = [...(await messagesTo(freehold, person)), ...(await messagesTo(freehold, guest))];
  const linkIn = (template: Message['template'], parameter: string) => {
    const { url = 'x:' } = sent.find((mail) => mail.template === template) ?? {};
    return new URL(url).searchParams.get(parameter) ?? '';
  };
  return {
    'verification ticket': linkIn('verify_email', 'ticket'),
    'password ticket': linkIn('reset_email', 'ticket'),
    'passwordless link': linkIn('passwordless_email', 'link'),
  };
}

function hiddenField({ text }: Answer, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
}

function stateOf({ location }: Answer): string {
  return location?.searchParams.get('state') ?? '';
}

function partOf(jwt: string, part: 0 | 1, member: string): string {
  const text = Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString();
  return String((JSON.parse(text) as Record<string, unknown>)[member]);
}
