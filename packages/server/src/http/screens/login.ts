import { loginPage, loginSteps, type PageStep } from '../../login/next-step.ts';
import { type LoginResult, logInWithPassword } from '../../login/passwords/passwords.ts';
import { usernameDemandOf } from '../../model/database-options.ts';
import { dialectOf } from '../../oauth/dialect.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { renderLogin } from '../../pages/login.tsx';
import { en } from '../../pages/texts/en.ts';
import { answerRefusal } from '../authorization-response.ts';
import { pageUrl, passwordlessUrl, resumeUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import { databaseForSignup, databasesForReset, databasesOf, passwordlessOf } from './connections.ts';
import { hintedIdentifier, type Screen, type ScreenRequest, screenPage } from './screen.ts';

export const loginScreen: Screen = {
  steps: loginSteps,

  async show(screen) {
    return shownElsewhere(screen, ['login']) ?? form(screen, identifierOf(screen));
  },

  async submit(screen, fields) {
    return sentElsewhere(screen, fields) ?? takePassword(screen, fields, form);
  },
};

export type LoginProblem = keyof typeof en.login.errors;

/** A page that asks for a password, with what was typed and what was wrong with it. */
export type PasswordForm = (screen: ScreenRequest, identifier: string, problem?: LoginProblem) => Reply;

/** Judges what was typed, on whichever page; `ask` shows that page again. */
export async function takePassword(
  screen: ScreenRequest,
  fields: Parameters,
  ask: PasswordForm,
): Promise<Reply> {
  const { parsed, transaction, signedIn, visitor, tenant } = screen;
  const identifier = fields.get('username')?.trim() ?? transaction.identifier ?? '';
  const password = fields.get('password');
  const connections = databasesOf(screen);
  if (connections.length === 0) return ask(screen, identifier, 'wrong_credentials');
  if (identifier === '' || password === undefined) return ask(screen, identifier, 'incomplete');
  const result = await logInWithPassword(
    {
      connections,
      identifier,
      password,
      client: parsed.client,
      transaction,
      previous: signedIn,
      requester: visitor.requester,
    },
    tenant,
  );
  return result.outcome === 'logged_in'
    ? loggedIn(screen, result)
    : refused(screen, identifier, result.reason, ask);
}

/** UL-3: the page that asks now, if it is none of these. Whose users have no passwords is asked for none. */
export function shownElsewhere(screen: ScreenRequest, pages: PageStep[]): Reply | undefined {
  const { transaction, tenant, form } = screen;
  const page = loginPage(tenant.settings.prompts.identifier_first, transaction);
  if (!pages.includes(page)) return redirect(pageUrl(page, form.state));
  const hasNoPasswords = databasesOf(screen).length === 0 && passwordlessOf(screen).length > 0;
  return hasNoPasswords ? redirect(pageUrl('passwordless', form.state)) : undefined;
}

/** Where a button leads that stands beside the form. */
export function sentElsewhere(screen: ScreenRequest, fields: Parameters): Reply | undefined {
  const chosen = fields.get('connection');
  if (chosen === undefined || !passwordlessOf(screen).some(({ name }) => name === chosen)) return undefined;
  return redirect(passwordlessUrl(screen.form.state, chosen), 303);
}

/** What the field is filled in with. */
export function identifierOf(screen: ScreenRequest): string {
  return hintedIdentifier(screen) ?? screen.signedIn?.user.email ?? '';
}

/** What every page that asks who somebody is says and leads to. */
export function loginProps(screen: ScreenRequest) {
  const { state } = screen.form;
  return {
    ...screen.form,
    client_name: screen.parsed.client.name,
    takes_usernames: databasesOf(screen).some(({ options }) => usernameDemandOf(options) !== undefined),
    reset_url: databasesForReset(screen).length > 0 ? pageUrl('reset-password-request', state) : undefined,
    signup_url: databaseForSignup(screen) === undefined ? undefined : pageUrl('signup', state),
    connections: passwordlessOf(screen).map(({ name, display_name, strategy }) => ({
      name,
      display_name: display_name ?? en.login.by_code[strategy],
      strategy,
    })),
  };
}

function form(screen: ScreenRequest, username: string, problem?: LoginProblem): Reply {
  const error = problem && en.login.errors[problem];
  return screenPage(screen, renderLogin({ ...loginProps(screen), username, error }), statusOf(problem));
}

export function statusOf(problem: LoginProblem | undefined): number {
  if (problem === undefined) return 200;
  return problem === 'too_many_attempts' || problem === 'throttled' ? 429 : 400;
}

function refused(
  screen: ScreenRequest,
  identifier: string,
  reason: Extract<LoginResult, { outcome: 'refused' }>['reason'],
  ask: PasswordForm,
): Reply {
  const { tenant, parsed } = screen;
  if (reason === 'user_blocked') {
    return answerRefusal(dialectOf(tenant.settings).blockedUser(), parsed, screen.request, tenant);
  }
  return ask(screen, identifier, reason);
}

/** The session begins with a new cookie (SE-12). */
export function loggedIn(
  { cookies, form: { state } }: ScreenRequest,
  { secret, persistent, expires_at }: Extract<LoginResult, { outcome: 'logged_in' }>,
): Reply {
  return redirect(resumeUrl(state), 303, [cookies.session(secret, persistent ? expires_at : undefined)]);
}
