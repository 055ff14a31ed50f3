import { type LoginResult, logInWithPassword } from '../../login/passwords/passwords.ts';
import { usernameDemandOf } from '../../model/database-options.ts';
import { dialectOf } from '../../oauth/dialect.ts';
import { renderLogin } from '../../pages/login.tsx';
import { en } from '../../pages/texts/en.ts';
import { answerRefusal } from '../authorization-response.ts';
import { pageUrl, passwordlessUrl, resumeUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import { databaseForSignup, databasesForReset, databasesOf, passwordlessOf } from './connections.ts';
import { type Screen, type ScreenRequest, screenPage } from './screen.ts';

export const loginScreen: Screen = {
  steps: ['login', 'signup'],

  async show(screen) {
    const { parsed, signedIn } = screen;
    // Whose users have no passwords asks for none.
    if (databasesOf(screen).length === 0 && passwordlessOf(screen).length > 0)
      return redirect(pageUrl('passwordless', screen.form.state));
    return form(screen, parsed.request.login_hint ?? signedIn?.user.email ?? '');
  },

  async submit(screen, fields) {
    const { parsed, transaction, signedIn, visitor, tenant } = screen;
    const chosen = fields.get('connection');
    if (chosen !== undefined && passwordlessOf(screen).some(({ name }) => name === chosen))
      return redirect(passwordlessUrl(screen.form.state, chosen), 303);
    const identifier = fields.get('username')?.trim() ?? '';
    const password = fields.get('password');
    const connections = databasesOf(screen);
    if (connections.length === 0) return form(screen, identifier, en.login.errors.wrong_credentials, 400);
    if (identifier === '' || password === undefined) {
      return form(screen, identifier, en.login.errors.incomplete, 400);
    }
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
      : refused(screen, identifier, result.reason);
  },
};

function form(screen: ScreenRequest, username: string, error?: string, status = 200): Reply {
  const signsUp = databaseForSignup(screen) !== undefined;
  const html = renderLogin({
    ...screen.form,
    client_name: screen.parsed.client.name,
    username,
    takes_usernames: databasesOf(screen).some(({ options }) => usernameDemandOf(options) !== undefined),
    error,
    reset_url:
      databasesForReset(screen).length > 0 ? pageUrl('reset-password-request', screen.form.state) : undefined,
    signup_url: signsUp ? pageUrl('signup', screen.form.state) : undefined,
    connections: passwordlessOf(screen).map(({ name, display_name, strategy }) => ({
      name,
      display_name: display_name ?? en.login.by_code[strategy],
      strategy,
    })),
  });
  return screenPage(screen, html, status);
}

function refused(
  screen: ScreenRequest,
  identifier: string,
  reason: Extract<LoginResult, { outcome: 'refused' }>['reason'],
): Reply {
  const { tenant, parsed } = screen;
  if (reason === 'user_blocked') {
    return answerRefusal(dialectOf(tenant.settings).blockedUser(), parsed, screen.request, tenant);
  }
  const status = reason === 'too_many_attempts' || reason === 'throttled' ? 429 : 400;
  return form(screen, identifier, en.login.errors[reason], status);
}

/** The session begins with a new cookie (SE-12). */
export function loggedIn(
  { cookies, form: { state } }: ScreenRequest,
  { secret, persistent, expires_at }: Extract<LoginResult, { outcome: 'logged_in' }>,
): Reply {
  return redirect(resumeUrl(state), 303, [cookies.session(secret, persistent ? expires_at : undefined)]);
}
