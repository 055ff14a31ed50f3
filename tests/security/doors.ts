// Every place where a value is taken for what it was made for. A door that no value of its own opens would prove nothing,
// so each names what opens it.
import { expect } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { poll } from '../setup/device.ts';
import { exchange } from '../setup/exchange.ts';
import { authorizationUrl, newPkce, tokenRequest, webSecret } from '../setup/flow.ts';
import { assertionType } from '../setup/keys.ts';
import { isIdTokenHint } from '../setup/logout.ts';
import { exchangePartnerToken } from '../setup/partner.ts';
import type { Freehold } from '../setup/server.ts';
import { type Ground, type Kind, type Minted, otpGrant, requestUriPrefix } from './minted-values.ts';

export interface Door {
  opensFor: Kind[];
  /** What counts of a value that people type. */
  spelling?(typed: string): string;
  /** Whether the value was taken for what belongs here; a refusal is asserted to be the one that is due. */
  opens(value: string, ground: Ground, minted: Minted): Promise<boolean>;
}

let addresses = 0;

export const doors: Record<string, Door> = {
  'code at /oauth/token': {
    opensFor: ['code'],
    opens: async (value, { freehold }, { pkce }) => {
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', tokenRequest(pkce, value));
      return !isRefused(answer, 403, 'invalid_grant');
    },
  },
  'refresh_token at /oauth/token': {
    opensFor: ['refresh token'],
    opens: async (refresh_token, { freehold }) => {
      const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
      return !isRefused(answer, 403, 'invalid_grant');
    },
  },
  'client_secret at /oauth/token': {
    opensFor: ['client secret'],
    opens: async (client_secret, { freehold }) => {
      const fields = { grant_type: 'refresh_token', client_id: 'web', client_secret, refresh_token: 'x' };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
      return !isRefused(answer, 401, 'invalid_client');
    },
  },
  '/userinfo': {
    opensFor: ['opaque access token', 'JWT access token'],
    opens: async (value, { freehold }) => {
      const headers = { authorization: `Bearer ${value}` };
      const answer = await new Agent(freehold.issuer).send('/userinfo', { headers });
      return !isRefused(answer, 401, 'invalid_token');
    },
  },
  'id_token_hint at /oidc/logout': {
    opensFor: ['ID token'],
    opens: (value, { freehold }) => isIdTokenHint(freehold, value),
  },
  'id_token_hint at /authorize': {
    opensFor: ['ID token'],
    opens: async (id_token_hint, { freehold }) => {
      const url = authorizationUrl(freehold, newPkce(), { id_token_hint, prompt: 'none' });
      const error = (await browserWith(freehold, {}).send(url)).location?.searchParams.get('error');
      expect(['login_required', 'invalid_request']).toContain(error);
      return error === 'login_required';
    },
  },
  'state at /authorize/posted': {
    opensFor: ['parked authorization request'],
    opens: async (value, { freehold }) =>
      isPage(await browserWith(freehold, {}).send(`/authorize/posted?state=${value}`)),
  },
  'request_uri at /authorize': {
    opensFor: ['pushed request'],
    opens: async (value, { freehold }) => {
      const query = new URLSearchParams({ client_id: 'web', request_uri: `${requestUriPrefix}${value}` });
      return isPage(await browserWith(freehold, {}).send(`/authorize?${query}`));
    },
  },
  'state at /oidc/logout/posted': {
    opensFor: ['parked logout'],
    opens: async (value, { freehold }) =>
      isPage(await browserWith(freehold, {}).send(`/oidc/logout/posted?state=${value}`)),
  },
  'state at /u/logout': {
    opensFor: ['logout to confirm'],
    opens: async (state, { freehold }, { values, confirmationToken: csrf }) =>
      isPage(
        await browserWith(freehold, { browser: values['browser secret'] }).postForm('/u/logout', {
          state,
          csrf,
        }),
      ),
  },
  'csrf at /u/logout': {
    opensFor: [],
    opens: async (csrf, { freehold }, { values }) => {
      const fields = { state: values['logout to confirm'], csrf };
      return isPage(
        await browserWith(freehold, { browser: values['browser secret'] }).postForm('/u/logout', fields),
      );
    },
  },
  'state at /u/login': {
    opensFor: ['transaction handle'],
    opens: async (value, { freehold }, { values }) =>
      isPage(
        await browserWith(freehold, { browser: values['browser secret'] }).send(`/u/login?state=${value}`),
      ),
  },
  'state at /authorize/resume': {
    opensFor: ['transaction handle'],
    opens: async (value, { freehold }, { values }) =>
      isPage(
        await browserWith(freehold, { browser: values['browser secret'] }).send(
          `/authorize/resume?state=${value}`,
        ),
      ),
  },
  'csrf at /u/login': {
    opensFor: ['form token'],
    opens: async (csrf, { freehold }, { values }) => {
      const fields = { state: values['transaction handle'], csrf, username: '', password: '' };
      const answer = await browserWith(freehold, { browser: values['browser secret'] }).postForm(
        '/u/login',
        fields,
      );
      expect(answer.status).toBe(400);
      return answer.text.includes('name="username"');
    },
  },
  'the browser cookie': {
    opensFor: ['browser secret'],
    opens: async (browser, { freehold }, { values }) =>
      isPage(await browserWith(freehold, { browser }).send(`/u/login?state=${values['transaction handle']}`)),
  },
  'the session cookie': {
    opensFor: ['session secret'],
    opens: async (session, { freehold }) => {
      const { location } = await browserWith(freehold, { session }).send(
        authorizationUrl(freehold, newPkce(), { prompt: 'none' }),
      );
      if (location?.searchParams.has('code')) return true;
      expect(location?.searchParams.get('error')).toBe('login_required');
      return false;
    },
  },
  'device_code at /oauth/token': {
    opensFor: ['device code'],
    opens: async (device_code, { freehold }) =>
      !isRefused(await poll(freehold, { device_code }), 403, 'invalid_grant'),
  },
  'user_code at /activate': {
    opensFor: ['user code'],
    spelling: (typed) => typed.replace(/[^a-z]/gi, '').toUpperCase(),
    opens: async (user_code, { freehold }) => {
      // From another address each time, for guesses are counted.
      addresses += 1;
      const headers = { 'x-forwarded-for': `2001:db8:0:${addresses.toString(16)}::1` };
      const path = `/activate?${new URLSearchParams({ user_code })}`;
      return isPage(await browserWith(freehold, {}).send(path, { headers }));
    },
  },
  'otp at /oauth/token': {
    opensFor: ['one-time password'],
    opens: async (otp, { freehold }, { email: username }) => {
      const fields = {
        grant_type: otpGrant,
        client_id: 'direct',
        realm: 'email',
        username,
        otp,
      };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
      return !isRefused(answer, 403, 'invalid_grant');
    },
  },
  'ticket at /u/reset-password': {
    opensFor: ['password ticket'],
    opens: (value, { freehold }) => opensPage(freehold, `/u/reset-password?ticket=${value}`),
  },
  'ticket at /u/email-verification': {
    opensFor: ['verification ticket'],
    opens: (value, { freehold }) => opensPage(freehold, `/u/email-verification?ticket=${value}`),
  },
  'link at /passwordless/verify_redirect': {
    opensFor: ['passwordless link'],
    opens: (value, { freehold }) => opensPage(freehold, `/passwordless/verify_redirect?link=${value}`),
  },
  'token at /oauth/introspect': {
    opensFor: ['refresh token of a confidential client'],
    opens: async (token, { freehold }) => {
      const fields = { client_id: 'web', client_secret: webSecret, token };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/introspect', fields);
      expect(answer.status).toBe(200);
      return answer.json().active !== false;
    },
  },
  'subject_token at /oauth/token': {
    opensFor: ['JWT access token'],
    opens: async (value, { freehold }) =>
      !isRefused(await exchange(freehold, 'a', value, { client_id: 'orders-api' }), 400, 'invalid_request'),
  },
  'subject_token of a profile at /oauth/token': {
    opensFor: ['token of a partner'],
    opens: async (value, { freehold }) =>
      !isRefused(await exchangePartnerToken(freehold, value), 400, 'invalid_request'),
  },
  'client_assertion at /oauth/token': {
    opensFor: ['client assertion'],
    opens: async (client_assertion, { freehold }) => {
      const proof = { client_id: 'signing', client_assertion_type: assertionType, client_assertion };
      const fields = { grant_type: 'refresh_token', refresh_token: 'x', ...proof };
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
      const { error } = answer.json();
      expect(['invalid_grant', 'invalid_client', 'invalid_request']).toContain(error);
      return error === 'invalid_grant';
    },
  },
  'request at /authorize': {
    opensFor: ['request object'],
    opens: async (request, { freehold }) => {
      const query = new URLSearchParams({ client_id: 'signing', request });
      return isPage(await browserWith(freehold, {}).send(`/authorize?${query}`));
    },
  },
  'DPoP at /oauth/token': {
    opensFor: ['DPoP proof'],
    opens: async (dpop, { freehold }) =>
      !isRefused(await refreshWith(freehold, dpop), 400, 'invalid_dpop_proof'),
  },
  'nonce in a DPoP proof': {
    opensFor: ['DPoP nonce'],
    opens: async (nonce, { freehold, key }) => {
      const proof = await key.proof({ claims: { nonce } });
      return !isRefused(await refreshWith(freehold, proof), 400, 'use_dpop_nonce');
    },
  },
  'Bearer at /oidc/register': {
    opensFor: ['registration access token'],
    opens: async (value, { freehold }, { registrationUri }) => {
      const headers = { authorization: `Bearer ${value}` };
      const answer = await new Agent(freehold.issuer).send(registrationUri, { headers });
      return !isRefused(answer, 401, 'invalid_token');
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

function refreshWith({ issuer }: Freehold, dpop: string): Promise<Answer> {
  const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: 'x' };
  return new Agent(issuer).postForm('/oauth/token', fields, { dpop });
}

/** A browser with these cookies of ours and no others. */
function browserWith(
  { issuer, port }: Freehold,
  cookies: Partial<Record<'session' | 'browser', string>>,
): Agent {
  const agent = new Agent(issuer);
  for (const [name, value] of Object.entries(cookies)) agent.cookies.set(`freehold_${name}_${port}`, value);
  return agent;
}

/** One of ours that a link in a mail leads to: whatever else comes is told that it cannot be used. */
async function opensPage(freehold: Freehold, path: string): Promise<boolean> {
  const { status, text } = await browserWith(freehold, {}).send(path);
  expect([200, 400]).toContain(status);
  if (status === 400) expect(text).toContain('cannot be used any more');
  return status === 200;
}
