// UL-3: logging in on two pages, the first of which asks who somebody is and says nothing of them. What was typed there
// waits on the login transaction; the second page judges it as the page that asks for both does.
import { loginSteps } from '../../login/next-step.ts';
import { recordIdentifier } from '../../login/transaction.ts';
import { renderLoginId, renderLoginPassword } from '../../pages/identifier-first.tsx';
import { en } from '../../pages/texts/en.ts';
import { pageUrl, resumeUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import {
  identifierOf,
  type LoginProblem,
  loginProps,
  sentElsewhere,
  shownElsewhere,
  statusOf,
  takePassword,
} from './login.ts';
import { type Screen, type ScreenRequest, screenPage } from './screen.ts';

/** Characters: no address, number or username is longer. */
const longestIdentifier = 320;

export const loginIdScreen: Screen = {
  steps: loginSteps,

  // Whoever has typed one comes back to change it.
  async show(screen) {
    return shownElsewhere(screen, ['login-id', 'login-password']) ?? askWho(screen, identifierOf(screen));
  },

  async submit(screen, fields) {
    const elsewhere = sentElsewhere(screen, fields);
    if (elsewhere !== undefined) return elsewhere;
    const identifier = fields.get('username')?.trim() ?? '';
    if (identifier === '' || identifier.length > longestIdentifier) return askWho(screen, identifier, true);
    await recordIdentifier(screen.transaction, identifier, screen.tenant);
    return redirect(resumeUrl(screen.form.state), 303);
  },
};

export const loginPasswordScreen: Screen = {
  steps: loginSteps,

  async show(screen) {
    return shownElsewhere(screen, ['login-password']) ?? askPassword(screen, identifierOf(screen));
  },

  submit: (screen, fields) => takePassword(screen, fields, askPassword),
};

function askWho(screen: ScreenRequest, username: string, isIncomplete = false): Reply {
  const props = loginProps(screen);
  const asked = en.login_id.errors[props.takes_usernames ? 'username_or_email' : 'username'];
  const html = renderLoginId({ ...props, username, error: isIncomplete ? asked : undefined });
  return screenPage(screen, html, isIncomplete ? 400 : 200);
}

/** The same for whoever has an account and whoever has none. */
function askPassword(screen: ScreenRequest, username: string, problem?: LoginProblem): Reply {
  const edit_url = pageUrl('login-id', screen.form.state);
  if (username === '') return redirect(edit_url, 303);
  const error = problem && { ...en.login.errors, ...en.login_password.errors }[problem];
  const html = renderLoginPassword({ ...loginProps(screen), username, error, edit_url });
  return screenPage(screen, html, statusOf(problem));
}
