// Mirrors Better Auth CVE-2026-114607, CVE-2026-110862, CVE-2026-121802; mod_auth_openidc CVE-2021-32791; Keycloak
// CVE-2026-1529: every value that we mint opens the one door that it was made for, and only as it was made.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { deviceTenant, getCodes, poll } from '../setup/device.ts';
import {
  audience,
  authorizationUrl,
  codeOf,
  getTokens,
  newPkce,
  type Pkce,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

type Kind =
  | 'code'
  | 'refresh token'
  | 'opaque access token'
  | 'JWT access token'
  | 'ID token'
  | 'transaction handle'
  | 'form token'
  | 'parked authorization request'
  | 'pushed request'
  | 'device code'
  | 'user code'
  | 'parked logout'
  | 'logout to confirm'
  | 'session secret'
  | 'browser secret'
  | 'sid'
  | 'kid'
  | 'code verifier'
  | 'client secret';

const requestUriPrefix = 'urn:ietf:params:oauth:request_uri:';

interface Minted {
  values: Record<Kind, string>;
  pkce: Pkce;
  confirmationToken: string;
}

let freehold: Freehold;
let minted: Minted;
beforeAll(async () => {
  const tenant = { pushed_authorization_requests_supported: true };
  freehold = await startFreehold({
    tenant: deviceTenant(tenant),
    users,
    environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' },
  });
  minted = await mint();
});
afterAll(() => freehold.stop());

/** One fresh value of each kind, all of one browser and user. */
async function mint(): Promise<Minted> {
  const offline = { scope: 'openid offline_access' };
  const { tokens, agent } = await getTokens(freehold, { authorize: offline });
  const jwt = (await getTokens(freehold, { agent, authorize: { audience } })).tokens.access_token;
  const pkce = newPkce();
  const code = codeOf(await agent.open(authorizationUrl(freehold, pkce)));
  const loginPage = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' }));
  const logoutPage = await agent.open('/oidc/logout');
  const parameters = Object.fromEntries(authorizationUrl(freehold, newPkce()).searchParams);
  const asWeb = { ...parameters, client_id: 'web', client_secret: webSecret };
  const pushed = (await agent.postForm('/oauth/par', asWeb)).json();
  const codes = await getCodes(freehold);
  const { access_token, refresh_token = '', id_token = '' } = tokens;
  const values: Record<Kind, string> = {
    code,
    'refresh token': refresh_token,
    'opaque access token': access_token,
    'JWT access token': jwt,
    'ID token': id_token,
    'transaction handle': hiddenField(loginPage, 'state'),
    'form token': hiddenField(loginPage, 'csrf'),
    'parked authorization request': stateOf(await agent.postForm('/authorize', parameters)),
    'device code': codes.device_code,
    'user code': codes.user_code,
    'pushed request': String(pushed.request_uri).slice(requestUriPrefix.length),
    'parked logout': stateOf(await agent.postForm('/oidc/logout', { client_id: 'spa' })),
    'logout to confirm': hiddenField(logoutPage, 'state'),
    'session secret': agent.cookies.get(`freehold_session_${freehold.port}`) ?? '',
    'browser secret': agent.cookies.get(`freehold_browser_${freehold.port}`) ?? '',
    sid: partOf(id_token, 1, 'sid'),
    kid: partOf(id_token, 0, 'kid'),
    'code verifier': pkce.code_verifier,
    'client secret': webSecret,
  };
  for (const [kind, value] of Object.entries(values)) {
    expect(value, kind).toMatch(kind === 'user code' ? /^[A-Z]{4}-[A-Z]{4}$/ : /^[\w.-]{20,}$/);
  }
  return { values, pkce, confirmationToken: hiddenField(logoutPage, 'csrf') };
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

/** A browser with these cookies of ours and no others. */
function browserWith(cookies: Partial<Record<'session' | 'browser', string>>): Agent {
  const agent = new Agent(freehold.issuer);
  for (const [name, value] of Object.entries(cookies)) {
    agent.cookies.set(`freehold_${name}_${freehold.port}`, value);
  }
  return agent;
}

interface Door {
  opensFor: Kind[];
  /** What counts of a value that people type. */
  spelling?(typed: string): string;
  /** Whether the value was taken for what belongs here; a refusal is asserted to be the one that is due. */
  opens(value: string, minted: Minted): Promise<boolean>;
}

let addresses = 0;

const doors: Record<string, Door> = {
  'code at /oauth/token': {
    opensFor: ['code'],
    opens: async (value, { pkce }) => {
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', tokenRequest(pkce, value));
      return !isRefused(answer, 403, 'invalid_grant');
    },
  },
  'refresh_token at /oauth/token': {
    opensFor: ['refresh token'],
    opens: async (refresh_token) => {
      const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
      return !isRefused(answer, 403, 'invalid_grant');
    },
  },
  'device_code at /oauth/token': {
    opensFor: ['device code'],
    opens: async (device_code) => !isRefused(await poll(freehold, { device_code }), 403, 'invalid_grant'),
  },
  'user_code at /activate': {
    opensFor: ['user code'],
    spelling: (typed) => typed.replace(/[^a-z]/gi, '').toUpperCase(),
    opens: async (value) => {
      // From another address each time, for guesses are counted.
      addresses += 1;
      const headers = { 'x-forwarded-for': `2001:db8:0:${addresses.toString(16)}::1` };
      return isPage(await browserWith({}).send(`/activate?user_code=${value}`, { headers }));
    },
  },
  'token at /oauth/introspect': {
    // Of the client that asks, which is none of those below.
    opensFor: [],
    opens: async (token) => {
      const fields = { client_id: 'web', client_secret: webSecret, token };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/introspect', fields);
      expect(answer.status).toBe(200);
      return answer.json().active !== false;
    },
  },
  'client_secret at /oauth/token': {
    opensFor: ['client secret'],
    opens: async (client_secret) => {
      const fields = { grant_type: 'refresh_token', client_id: 'web', client_secret, refresh_token: 'x' };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
      return !isRefused(answer, 401, 'invalid_client');
    },
  },
  '/userinfo': {
    opensFor: ['opaque access token', 'JWT access token'],
    opens: async (value) => {
      const headers = { authorization: `Bearer ${value}` };
      const answer = await new Agent(freehold.issuer).send('/userinfo', { headers });
      return !isRefused(answer, 401, 'invalid_token');
    },
  },
  'id_token_hint at /oidc/logout': {
    opensFor: ['ID token'],
    opens: async (value) => isPage(await browserWith({}).send(`/oidc/logout?id_token_hint=${value}`)),
  },
  'id_token_hint at /authorize': {
    opensFor: ['ID token'],
    opens: async (id_token_hint) => {
      const url = authorizationUrl(freehold, newPkce(), { id_token_hint, prompt: 'none' });
      const error = (await browserWith({}).send(url)).location?.searchParams.get('error');
      expect(['login_required', 'invalid_request']).toContain(error);
      return error === 'login_required';
    },
  },
  'state at /authorize/posted': {
    opensFor: ['parked authorization request'],
    opens: async (value) => isPage(await browserWith({}).send(`/authorize/posted?state=${value}`)),
  },
  'request_uri at /authorize': {
    opensFor: ['pushed request'],
    opens: async (value) => {
      const query = new URLSearchParams({ client_id: 'web', request_uri: `${requestUriPrefix}${value}` });
      return isPage(await browserWith({}).send(`/authorize?${query}`));
    },
  },
  'state at /oidc/logout/posted': {
    opensFor: ['parked logout'],
    opens: async (value) => isPage(await browserWith({}).send(`/oidc/logout/posted?state=${value}`)),
  },
  'state at /u/logout': {
    opensFor: ['logout to confirm'],
    opens: async (state, { values, confirmationToken: csrf }) =>
      isPage(await browserWith({ browser: values['browser secret'] }).postForm('/u/logout', { state, csrf })),
  },
  'csrf at /u/logout': {
    opensFor: [],
    opens: async (csrf, { values }) => {
      const fields = { state: values['logout to confirm'], csrf };
      return isPage(await browserWith({ browser: values['browser secret'] }).postForm('/u/logout', fields));
    },
  },
  'state at /u/login': {
    opensFor: ['transaction handle'],
    opens: async (value, { values }) =>
      isPage(await browserWith({ browser: values['browser secret'] }).send(`/u/login?state=${value}`)),
  },
  'state at /authorize/resume': {
    opensFor: ['transaction handle'],
    opens: async (value, { values }) =>
      isPage(
        await browserWith({ browser: values['browser secret'] }).send(`/authorize/resume?state=${value}`),
      ),
  },
  'csrf at /u/login': {
    opensFor: ['form token'],
    opens: async (csrf, { values }) => {
      const fields = { state: values['transaction handle'], csrf, username: '', password: '' };
      const answer = await browserWith({ browser: values['browser secret'] }).postForm('/u/login', fields);
      expect(answer.status).toBe(400);
      return answer.text.includes('name="username"');
    },
  },
  'the browser cookie': {
    opensFor: ['browser secret'],
    opens: async (browser, { values }) =>
      isPage(await browserWith({ browser }).send(`/u/login?state=${values['transaction handle']}`)),
  },
  'the session cookie': {
    opensFor: ['session secret'],
    opens: async (session) => {
      const { location } = await browserWith({ session }).send(
        authorizationUrl(freehold, newPkce(), { prompt: 'none' }),
      );
      if (location?.searchParams.has('code')) return true;
      expect(location?.searchParams.get('error')).toBe('login_required');
      return false;
    },
  },
};

/** Everything but the refusal that is due counts as an open door. */
function isRefused(answer: Answer, status: number, due: string): boolean {
  const { error } = answer.json();
  return answer.status === status && error === due;
}

function isPage({ status, headers }: Answer): boolean {
  if (status < 400) return true;
  expect([status, headers.location]).toEqual([400, undefined]);
  return false;
}

describe.each(Object.entries(doors))('%s', (_name, door) => {
  test('opens for what was made for it', async () => {
    const fresh = await mint();
    for (const kind of door.opensFor) expect(await door.opens(fresh.values[kind], fresh), kind).toBe(true);
  });

  test('opens for nothing else that we mint', async () => {
    for (const [kind, value] of Object.entries(minted.values)) {
      if (door.opensFor.some((home) => home === kind)) continue;
      expect(await door.opens(value, minted), kind).toBe(false);
    }
  });

  test('opens for no value with one character changed, cut off or added', async () => {
    for (const kind of door.opensFor) {
      const value = minted.values[kind];
      const { spelling = String } = door;
      const others = [
        ...[...value].map((_, index) => changedAt(value, index)),
        value.slice(1),
        value.slice(0, -1),
        `${value}A`,
        `A${value}`,
        value.repeat(2),
        value.toLowerCase(),
      ];
      for (const changed of others.filter((other) => spelling(other) !== spelling(value)))
        expect(await door.opens(changed, minted), `${kind}: ${changed} for ${value}`).toBe(false);
    }
  });
});

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The least bit of the character, which a careless decoder of base64url passes over at the end. */
function changedAt(value: string, index: number): string {
  const position = alphabet.indexOf(value.charAt(index));
  const other = position < 0 ? 'A' : alphabet.charAt(position ^ 1);
  return `${value.slice(0, index)}${other}${value.slice(index + 1)}`;
}

test('RV-3, RV-7: /oauth/revoke says nothing of any value, and revokes for nothing but a refresh token', async () => {
  const { values } = await mint();
  const agent = new Agent(freehold.issuer);
  for (const [kind, token] of Object.entries(values)) {
    if (kind === 'refresh token') continue;
    const answer = await agent.postForm('/oauth/revoke', { client_id: 'spa', token });
    expect([kind, answer.status, answer.text]).toEqual([kind, 200, '']);
  }
  const headers = { authorization: `Bearer ${values['opaque access token']}` };
  expect((await agent.send('/userinfo', { headers })).status).toBe(200);
  const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: values['refresh token'] };
  expect((await agent.postForm('/oauth/token', fields)).status).toBe(200);
});

test('no value is stored in the database as it is', async () => {
  const { values } = await mint();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(`${freehold.folder}/freehold.db`, { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from "${String(name)}"`).all());
  database.close();
  expect(rows.length).toBeGreaterThan(10);
  const stored = JSON.stringify(rows);
  // The sid and the kid are names, not secrets.
  const { sid: _sid, kid: _kid, ...secrets } = values;
  for (const [kind, value] of Object.entries(secrets)) expect(stored.includes(value), kind).toBe(false);
});
