import { loginSteps } from '../../login/next-step.ts';
import { recordLogin } from '../../login/passwords/passwords.ts';
import { type SignUpResult, signUp } from '../../login/sign-up.ts';
import { type DatabaseOptions, usernameDemandOf } from '../../model/database-options.ts';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { renderSignup, type SignupProps } from '../../pages/signup.tsx';
import { en } from '../../pages/texts/en.ts';
import { pageUrl, resumeUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import type { Tenant } from '../tenant.ts';
import { databaseForSignup } from './connections.ts';
import { loggedIn } from './login.ts';
import { hintedIdentifier, type Screen, type ScreenRequest, screenPage } from './screen.ts';

export const signupScreen: Screen = {
  steps: loginSteps,

  async show(screen) {
    // SU-5: without sign-up the way in is the login page.
    const connection = databaseForSignup(screen);
    if (connection === undefined) return redirect(pageUrl('login', screen.form.state));
    return form(screen, connection.options, { email: hintedIdentifier(screen) ?? '', username: '' });
  },

  async submit(screen, fields) {
    const { parsed, transaction, signedIn, visitor, tenant } = screen;
    const connection = databaseForSignup(screen);
    if (connection === undefined) return redirect(resumeUrl(screen.form.state), 303);
    const email = fields.get('email')?.trim() ?? '';
    const password = fields.get('password') ?? '';
    const username = fields.get('username')?.trim() ?? '';
    const typed = { email, username };
    const { client } = parsed;
    const { requester } = visitor;
    const login = { client, transaction, previous: signedIn, requester };
    const isNamed = username !== '' && usernameDemandOf(connection.options) !== undefined;
    const profile = isNamed ? { username } : {};
    const request = { connection, email, password, profile, client, requester };
    const result = await signUp(request, tenant, (user, stores) =>
      recordLogin({ user, connection }, login, stores, tenant),
    );
    switch (result.outcome) {
      case 'signed_up':
        return loggedIn(screen, result.settled);
      case 'throttled':
        return form(screen, connection.options, typed, { form: en.signup.errors.throttled }, 429);
      case 'refused':
        return form(screen, connection.options, typed, errorsOf(result, tenant), 400);
    }
  },
};

function form(
  screen: ScreenRequest,
  options: DatabaseOptions,
  { email, username }: { email: string; username: string },
  errors: SignupProps['errors'] = {},
  status = 200,
): Reply {
  const demand = usernameDemandOf(options);
  const html = renderSignup({
    ...screen.form,
    client_name: screen.parsed.client.name,
    email,
    errors,
    username: demand && { typed: username, required: demand.required },
    // Whoever is new has had no password before.
    policy: { ...passwordRequirementsOf(options), history: 0 },
    login_url: pageUrl('login', screen.form.state),
  });
  return screenPage(screen, html, status);
}

function errorsOf(
  { problems }: Extract<SignUpResult<unknown>, { outcome: 'refused' }>,
  { settings }: Tenant,
): SignupProps['errors'] {
  const texts = en.signup.errors;
  const [password] = problems.password;
  return {
    email: problems.email && texts.email[problems.email],
    username: problems.username && texts.username[problems.username],
    password: password && texts.password[password],
    // SU-3: in so many words only where the tenant wants it.
    form: problems.exists
      ? texts[settings.flags.enable_public_signup_user_exists_error ? 'exists' : 'may_exist']
      : undefined,
  };
}
