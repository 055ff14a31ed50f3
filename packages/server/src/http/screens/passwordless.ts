// Logging in without a password: first whoever it is says where a code can be sent, then types it.
import { loginSteps } from '../../login/next-step.ts';
import { sendCode } from '../../login/passwordless.ts';
import { logInWithCode } from '../../login/passwordless-login.ts';
import type { PasswordlessConnection } from '../../model/connection.ts';
import { isEmail, normalizedEmail, phoneNumberPattern } from '../../model/user.ts';
import { dialectOf } from '../../oauth/dialect.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { renderPasswordlessCode, renderPasswordlessStart } from '../../pages/passwordless.tsx';
import { en } from '../../pages/texts/en.ts';
import { answerRefusal } from '../authorization-response.ts';
import { pageUrl, passwordlessUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import { queryOf } from '../request.ts';
import { databasesOf, passwordlessOf } from './connections.ts';
import { loggedIn } from './login.ts';
import { hintedIdentifier, type Screen, type ScreenRequest, screenPage } from './screen.ts';

export const passwordlessScreen: Screen = {
  steps: loginSteps,

  async show(screen) {
    const connection = named(screen, undefined);
    if (connection === undefined) return redirect(pageUrl('login', screen.form.state));
    const hint = hintedIdentifier(screen) ?? screen.signedIn?.user.email ?? '';
    // An address is no number.
    const fits = parseIdentifier(hint, connection) !== undefined;
    return askWhere(screen, connection, fits ? hint : '');
  },

  async submit(screen, fields) {
    const connection = named(screen, fields.get('connection'));
    if (connection === undefined) return redirect(pageUrl('login', screen.form.state), 303);
    const typed = fields.get('identifier')?.trim() ?? '';
    const identifier = parseIdentifier(typed, connection);
    if (identifier === undefined)
      return askWhere(screen, connection, typed, en.passwordless.errors[connection.strategy], 400);
    const action = fields.get('action');
    if (action === 'code') return takeCode(screen, connection, identifier, fields);
    return send(screen, connection, identifier);
  },
};

/** The one that was chosen on the login page, or the first. */
function named(screen: ScreenRequest, name: string | undefined): PasswordlessConnection | undefined {
  const asked = name ?? queryOf(screen.request).get('connection');
  const connections = passwordlessOf(screen);
  return connections.find((connection) => connection.name === asked) ?? connections[0];
}

function parseIdentifier(typed: string, { strategy }: PasswordlessConnection): string | undefined {
  if (strategy === 'email') return isEmail(typed) ? normalizedEmail(typed) : undefined;
  // People write numbers in groups.
  const number = typed.replace(/[\s().-]/g, '');
  return phoneNumberPattern.test(number) ? number : undefined;
}

async function send(
  screen: ScreenRequest,
  connection: PasswordlessConnection,
  identifier: string,
): Promise<Reply> {
  const { parsed, visitor, tenant } = screen;
  const claim = { connection, client: parsed.client, identifier, requester: visitor.requester };
  if (!(await sendCode(claim, tenant)))
    return askWhere(screen, connection, identifier, en.passwordless.errors.throttled, 429);
  return askCode(screen, connection, identifier);
}

async function takeCode(
  screen: ScreenRequest,
  connection: PasswordlessConnection,
  identifier: string,
  fields: Parameters,
): Promise<Reply> {
  const { parsed, transaction, signedIn, visitor, tenant } = screen;
  const code = fields.get('code')?.replace(/\s/g, '') ?? '';
  const { client } = parsed;
  const login = { client, transaction, previous: signedIn, requester: visitor.requester };
  const result = await logInWithCode({ ...login, connection, identifier, code }, tenant);
  if (result.outcome === 'logged_in') return loggedIn(screen, result);
  const { reason } = result;
  if (reason === 'user_blocked')
    return answerRefusal(dialectOf(tenant.settings).blockedUser(), parsed, screen.request, tenant);
  const isLimit = reason === 'too_many_attempts' || reason === 'throttled';
  const error = isLimit ? en.login.errors[reason] : en.passwordless.errors.code;
  return askCode(screen, connection, identifier, error, isLimit ? 429 : 400);
}

function askWhere(
  screen: ScreenRequest,
  { name, strategy }: PasswordlessConnection,
  identifier: string,
  error?: string,
  status = 200,
): Reply {
  const html = renderPasswordlessStart({
    ...screen.form,
    client_name: screen.parsed.client.name,
    connection: name,
    strategy,
    identifier,
    error,
    login_url: databasesOf(screen).length > 0 ? pageUrl('login', screen.form.state) : undefined,
    others: passwordlessOf(screen)
      .filter((other) => other.name !== name)
      .map((other) => ({ strategy: other.strategy, url: passwordlessUrl(screen.form.state, other.name) })),
  });
  return screenPage(screen, html, status);
}

function askCode(
  screen: ScreenRequest,
  { name, strategy }: PasswordlessConnection,
  identifier: string,
  error?: string,
  status = 200,
): Reply {
  const start_url = passwordlessUrl(screen.form.state, name);
  const html = renderPasswordlessCode({
    ...screen.form,
    connection: name,
    strategy,
    identifier,
    error,
    start_url,
  });
  return screenPage(screen, html, status);
}
