// The hosted pages of a login: each shows a form, records what the person did on the login transaction, and returns
// to /authorize/resume. They never route to one another, and they decide nothing: nextStep does.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readStep } from '../../login/authorization.ts';
import type { PageStep } from '../../login/next-step.ts';
import { findTransaction, TransactionFinished } from '../../login/transaction.ts';
import { findSuspended } from '../../oauth/authorize/suspended-request.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Cookies } from '../cookies.ts';
import { errorPageHandler, lostTransaction } from '../error-pages.ts';
import { formToken, isOwnForm } from '../forms.ts';
import { pageContext } from '../page-context.ts';
import { pagePaths, resumeUrl } from '../paths.ts';
import { type Reply, redirect, send } from '../reply.ts';
import { bodyOf, correlated, queryOf, visitorOf } from '../request.ts';
import { confirmCallbackScreen } from '../screens/confirm-callback.ts';
import { consentScreen } from '../screens/consent.ts';
import { loginIdScreen, loginPasswordScreen } from '../screens/identifier-first.ts';
import { loginScreen } from '../screens/login.ts';
import { passwordlessScreen } from '../screens/passwordless.ts';
import { resetPasswordRequestScreen } from '../screens/reset-password-request.ts';
import type { Screen, ScreenRequest } from '../screens/screen.ts';
import { signupScreen } from '../screens/signup.ts';
import type { Tenant } from '../tenant.ts';

const screens: [PageStep, Screen][] = [
  ['login', loginScreen],
  ['login-id', loginIdScreen],
  ['login-password', loginPasswordScreen],
  ['passwordless', passwordlessScreen],
  ['signup', signupScreen],
  ['reset-password-request', resetPasswordRequestScreen],
  ['consent', consentScreen],
  ['confirm-callback', confirmCallbackScreen],
];

export function addLoginRoutes(server: FastifyInstance, tenant: Tenant, cookies: Cookies): void {
  server.setErrorHandler(errorPageHandler(tenant));
  for (const [step, screen] of screens) {
    server.get(pagePaths[step], async (request, reply) => {
      const found = await findScreenRequest(step, queryOf(request), request, tenant, cookies);
      return send(reply, await show(screen, found, request));
    });
    server.post(pagePaths[step], async (request, reply) => {
      const fields = bodyOf(request);
      const found = await findScreenRequest(step, fields, request, tenant, cookies);
      return send(reply, await submit(step, screen, found, fields, request));
    });
  }
  // AZ-67
  server.get('/login', async (request, reply) =>
    send(reply, await lostTransaction(undefined, request, tenant)),
  );

  async function show(screen: Screen, found: Found | undefined, request: FastifyRequest): Promise<Reply> {
    if (found === undefined) return lostTransaction(queryOf(request).get('state'), request, tenant);
    return isDue(screen, found) ? screen.show(found) : redirect(resumeUrl(found.form.state));
  }

  async function submit(
    step: PageStep,
    screen: Screen,
    found: Found | undefined,
    fields: Parameters,
    request: FastifyRequest,
  ): Promise<Reply> {
    if (found === undefined) return lostTransaction(fields.get('state'), request, tenant);
    // Who logs in means it, even if the session that another tab began would do by now.
    if (isDecision(step) && !isDue(screen, found)) return redirect(resumeUrl(found.form.state), 303);
    if (!isOwnForm(request, tenant.issuer, found.form.csrf, fields.get('csrf'))) {
      return lostTransaction(found.form.state, request, tenant);
    }
    try {
      return await screen.submit(found, fields);
    } catch (error) {
      if (error instanceof TransactionFinished) return lostTransaction(found.form.state, request, tenant);
      throw error;
    }
  }
}

type Found = ScreenRequest & { step: PageStep | undefined };

/** LT-1: a page whose browser cookie is missing or different finds nothing. */
async function findScreenRequest(
  step: PageStep,
  parameters: Parameters,
  request: FastifyRequest,
  tenant: Tenant,
  cookies: Cookies,
): Promise<Found | undefined> {
  const uncorrelated = visitorOf(request, cookies);
  const state = parameters.get('state');
  const { unitOfWork, clock } = tenant;
  const transaction = await findTransaction(
    state,
    uncorrelated.browser,
    clock.now(),
    unitOfWork.read.loginTransactions,
  );
  const visitor = correlated(uncorrelated, transaction?.request.correlation_id ?? null);
  if (transaction === undefined || state === undefined || visitor.browser === undefined) return undefined;
  const parsed = await findSuspended(transaction.request, unitOfWork.read, clock.now());
  if (parsed === undefined) return undefined;
  const { next, signedIn } = await readStep(parsed, transaction, visitor, tenant);
  const shownTo = isDecision(step) ? signedIn?.user.user_id : undefined;
  const csrf = formToken(tenant.formKey, visitor.browser, state, step, shownTo);
  const form = { page: pageContext(tenant), action: pagePaths[step], csrf, state };
  const due = 'step' in next && next.step !== 'finish' ? next.step : undefined;
  return { request, tenant, cookies, transaction, parsed, visitor, signedIn, form, step: due };
}

/** Of the user who is logged in; the other pages say who that is. */
function isDecision(step: PageStep): boolean {
  return step === 'consent' || step === 'confirm-callback';
}

function isDue(screen: Screen, { step }: Found): boolean {
  return step !== undefined && screen.steps.includes(step);
}
