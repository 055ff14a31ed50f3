import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Session } from '../model/session.ts';
import type { User } from '../model/user.ts';
import type { AuthorizationRequest } from '../oauth/authorize/request.ts';
import type { Prompt } from '../oauth/authorize/request-members.ts';
import { type Acts, loginSteps, type NextStep, nextStep, noActs, type Situation } from './next-step.ts';
import type { SignedIn } from './sessions.ts';

const now = 1_800_000_000;
const ada = 'auth0|ada';
const bob = 'auth0|bob';

const request: AuthorizationRequest = {
  client_id: 'spa',
  redirect_uri: 'https://app.example/callback',
  redirect_uri_sent: 'https://app.example/callback',
  response_type: ['code'],
  response_mode: 'query',
  state: null,
  scope: ['openid'],
  audience: null,
  nonce: null,
  code_challenge: null,
  prompt: [],
  max_age: null,
  login_hint: null,
  screen_hint: null,
  hinted_user_id: null,
  ui_locales: [],
  acr_values: [],
  connection: null,
  dpop_jkt: null,
  extensions: {},
  correlation_id: null,
  pushed: null,
};

const user: User = {
  user_id: ada,
  email: 'ada@example.com',
  email_verified: true,
  username: null,
  phone_number: null,
  phone_verified: false,
  name: 'Ada',
  given_name: null,
  family_name: null,
  middle_name: null,
  nickname: 'ada',
  picture: 'https://example.com/ada.png',
  user_metadata: {},
  app_metadata: {},
  blocked: false,
  blocked_set_at: null,
  multifactor: [],
  multifactor_last_modified: null,
  epoch: 0,
  created_at: now,
  updated_at: now,
  last_login: null,
  last_ip: null,
  logins_count: 0,
  last_password_reset: null,
};

const session: Session = {
  sid: 'sid',
  user_id: ada,
  epoch: 0,
  connection_id: 'con_database',
  authenticated_at: now - 600,
  created_at: now - 600,
  updated_at: now - 600,
  last_interacted_at: now - 600,
  expires_at: now + 3600,
  idle_expires_at: now + 3600,
  persistent: true,
  initial_ip: '127.0.0.1',
  initial_user_agent: '',
  last_ip: '127.0.0.1',
  last_user_agent: '',
};

interface Differing {
  request?: Partial<AuthorizationRequest>;
  acts?: Partial<Acts>;
  /** `null`: nobody is signed in. */
  user?: Partial<User> | null;
  session?: Partial<Session>;
  consentMissing?: boolean;
  confirmsCallback?: boolean;
  identifierFirst?: boolean;
}

/** Ada is signed in for ten minutes, by a connection of the client; she has agreed to everything. */
function situation(differing: Differing = {}): Situation {
  const signedIn: SignedIn | undefined =
    differing.user === null
      ? undefined
      : { session: { ...session, ...differing.session }, user: { ...user, ...differing.user } };
  return {
    request: { ...request, ...differing.request },
    acts: { ...noActs, ...differing.acts },
    signedIn,
    connection_ids: ['con_database'],
    consentMissing: differing.consentMissing ?? false,
    confirmsCallback: differing.confirmsCallback ?? false,
    identifierFirst: differing.identifierFirst ?? false,
    now,
  };
}

function wordFor(next: NextStep): string {
  return 'step' in next ? next.step : next.refusal;
}

const none: Prompt[] = ['none'];
const authenticated = { user_id: ada, authenticated_at: now };
const identifier = 'ada@example.com';

const table: [requirement: string, differing: Differing, expected: string][] = [
  ['SE-1: a session is reused without any page', {}, 'finish'],
  ['AZ-1: nobody is signed in', { user: null }, 'login'],
  ['PR-2: nobody is signed in, silently', { user: null, request: { prompt: none } }, 'login_required'],
  ['PR-1: a session, silently', { request: { prompt: none } }, 'finish'],
  [
    'UL-2: screen_hint=signup without a session',
    { user: null, request: { screen_hint: 'signup' } },
    'signup',
  ],
  ['UL-2: screen_hint=signup with a session', { request: { screen_hint: 'signup' } }, 'finish'],
  ['UL-2: prompt=login with a session', { request: { prompt: ['login'] } }, 'login'],
  ['UL-2: both with a session', { request: { prompt: ['login'], screen_hint: 'signup' } }, 'signup'],
  ['UL-2: both without', { user: null, request: { prompt: ['login'], screen_hint: 'signup' } }, 'signup'],
  ['UL-2: an unknown screen_hint', { user: null, request: { screen_hint: 'other' } }, 'login'],
  ['PR-12: select_account asks who it is', { request: { prompt: ['select_account'] } }, 'login'],
  [
    'PR-8: prompt=login after a login here',
    { request: { prompt: ['login'] }, acts: authenticated },
    'finish',
  ],
  ['PR-9: max_age not yet exceeded', { request: { max_age: 600 } }, 'finish'],
  ['PR-9: max_age exceeded by a second', { request: { max_age: 599 } }, 'login'],
  ['PR-9: exceeded, silently', { request: { max_age: 599, prompt: none } }, 'login_required'],
  [
    'AZ-31: max_age=0 always logs in',
    { request: { max_age: 0 }, session: { authenticated_at: now } },
    'login',
  ],
  ['AZ-31: max_age=0 after a login here', { request: { max_age: 0 }, acts: authenticated }, 'finish'],
  ['AZ-22: a session of another connection', { session: { connection_id: 'con_other' } }, 'login'],
  ['AZ-42: id_token_hint names the session’s user', { request: { hinted_user_id: ada } }, 'finish'],
  ['AZ-42: it names somebody else', { request: { hinted_user_id: bob } }, 'login'],
  ['AZ-42: silently', { request: { hinted_user_id: bob, prompt: none } }, 'login_required'],
  [
    'AZ-42: somebody else than the hinted user has logged in',
    { request: { hinted_user_id: bob }, acts: authenticated },
    'wrong_user',
  ],
  ['AZ-64: a blocked user', { user: { blocked: true } }, 'user_blocked'],
  ['AZ-64: silently', { user: { blocked: true }, request: { prompt: none } }, 'user_blocked'],
  ['LT-2: the session’s user changed in another tab', { acts: { ...authenticated, user_id: bob } }, 'login'],
  [
    'LT-2: the user who consented here is not the session’s',
    { acts: { user_id: bob, consented_at: now }, consentMissing: true },
    'login',
  ],
  ['CN-1: consent is missing', { consentMissing: true }, 'consent'],
  ['PR-3: silently', { consentMissing: true, request: { prompt: none } }, 'consent_required'],
  ['CN-7: consented here', { consentMissing: true, acts: { user_id: ada, consented_at: now } }, 'finish'],
  ['PR-11: prompt=consent asks again', { request: { prompt: ['consent'] } }, 'consent'],
  ['PR-11: once', { request: { prompt: ['consent'] }, acts: { user_id: ada, consented_at: now } }, 'finish'],
  ['PR-8, PR-11: the login goes first', { request: { prompt: ['login', 'consent'] } }, 'login'],
  [
    'PR-8, PR-11: then the consent',
    { request: { prompt: ['login', 'consent'] }, acts: authenticated },
    'consent',
  ],
  ['UL-3: identifier first', { user: null, identifierFirst: true }, 'login-id'],
  ['UL-3: then the password', { user: null, identifierFirst: true, acts: { identifier } }, 'login-password'],
  ['UL-3: no longer identifier first', { user: null, acts: { identifier } }, 'login'],
  ['UL-3: a session is reused', { identifierFirst: true }, 'finish'],
  [
    'UL-3: not by whoever has begun to log in',
    { identifierFirst: true, acts: { identifier } },
    'login-password',
  ],
  [
    'UL-2, UL-3: to sign up is another page',
    { user: null, identifierFirst: true, request: { screen_hint: 'signup' } },
    'signup',
  ],
  [
    'UL-2, UL-3: until somebody wants to log in',
    { user: null, identifierFirst: true, request: { screen_hint: 'signup' }, acts: { identifier } },
    'login-password',
  ],
  ['CB-13: a callback to confirm', { confirmsCallback: true }, 'confirm-callback'],
  ['CB-13: silently', { confirmsCallback: true, request: { prompt: none } }, 'interaction_required'],
  ['CB-13: not after a login page', { confirmsCallback: true, acts: authenticated }, 'finish'],
  [
    'CB-13: not after a consent page',
    { confirmsCallback: true, acts: { user_id: ada, consented_at: now } },
    'finish',
  ],
  ['CB-13: confirmed here', { confirmsCallback: true, acts: { user_id: ada, confirmed_at: now } }, 'finish'],
];

test.each(table)('%s', (_requirement, differing, expected) => {
  expect(wordFor(nextStep(situation(differing)))).toBe(expected);
});

describe('in every situation', () => {
  const user_id = fc.constantFrom(ada, bob);
  const recorded = fc.option(fc.integer({ min: now - 100, max: now }));
  const anySituation = fc
    .record({
      request: fc.record({
        prompt: fc.oneof(
          fc.constant(none),
          fc.subarray<Exclude<Prompt, 'none'>>(['login', 'consent', 'select_account']),
        ),
        max_age: fc.option(fc.integer({ min: 0, max: 1200 })),
        screen_hint: fc.option(fc.constant('signup')),
        hinted_user_id: fc.option(user_id),
      }),
      acts: fc.record({
        identifier: fc.constantFrom(null, null, null, null, identifier),
        user_id: fc.option(user_id),
        authenticated_at: recorded,
        consented_at: recorded,
        confirmed_at: recorded,
      }),
      user: fc.option(fc.record({ user_id, blocked: fc.boolean() })),
      session: fc.record({
        connection_id: fc.constantFrom('con_database', 'con_other'),
        authenticated_at: fc.integer({ min: now - 1200, max: now }),
      }),
      consentMissing: fc.boolean(),
      confirmsCallback: fc.boolean(),
      identifierFirst: fc.boolean(),
    })
    // Acts are recorded for a user, or not at all.
    .map(({ acts, ...differing }) =>
      situation({
        ...differing,
        acts: acts.user_id === null ? { ...noActs, identifier: acts.identifier } : acts,
      }),
    );

  test('OpenID Connect Core §3.1.2.1: prompt=none never leads to a page', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        fc.pre(given.request.prompt.includes('none'));
        expect([...loginSteps, 'consent', 'confirm-callback']).not.toContain(wordFor(nextStep(given)));
      }),
    );
  });

  test('OpenID Connect Core §3.1.2.6: only prompt=none is told that a page was needed', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        fc.pre(!given.request.prompt.includes('none'));
        expect(['login_required', 'consent_required', 'interaction_required']).not.toContain(
          wordFor(nextStep(given)),
        );
      }),
    );
  });

  test('LT-2: who finishes is not blocked, is the hinted user, and did here whatever was demanded', () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        const next = nextStep(given);
        fc.pre('step' in next && next.step === 'finish');
        const { request: asked, acts, signedIn } = given;
        const loggedInHere = acts.authenticated_at !== null && acts.user_id === signedIn?.user.user_id;
        const age = now - (signedIn?.session.authenticated_at ?? 0);
        const demandsLogin =
          asked.prompt.includes('login') ||
          asked.prompt.includes('select_account') ||
          signedIn?.session.connection_id === 'con_other' ||
          (asked.max_age !== null && (asked.max_age === 0 || age > asked.max_age));
        expect(signedIn?.user.blocked).toBe(false);
        expect([null, signedIn?.user.user_id]).toContain(asked.hinted_user_id);
        expect([null, signedIn?.user.user_id]).toContain(acts.user_id);
        expect(acts.identifier).toBeNull();
        expect(loggedInHere || !demandsLogin).toBe(true);
        expect(
          acts.consented_at !== null || !(given.consentMissing || asked.prompt.includes('consent')),
        ).toBe(true);
      }),
    );
  });
});

describe('PR-9: a login on this transaction is no excuse for ever', () => {
  const acts = (authenticated_at: number) => ({ user_id: ada, authenticated_at });

  test('max_age is asked again of a login that the person left lying', () => {
    const stale = situation({ request: { max_age: 60 }, acts: acts(now - 61) });
    expect(nextStep(stale)).toEqual({ step: 'login' });
  });

  test('however small max_age is, a minute is left for the pages that follow', () => {
    const fresh = situation({ request: { max_age: 0 }, acts: acts(now - 60) });
    expect(nextStep(fresh)).toMatchObject({ step: 'finish' });
  });

  test('a connection that was disabled since does not finish it', () => {
    const disabled = situation({ acts: acts(now - 1), session: { connection_id: 'con_other' } });
    expect(nextStep(disabled)).toEqual({ step: 'login' });
  });
});
