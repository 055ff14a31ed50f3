// The first administrator, over HTTP: what the dashboard's page behind the printed link sends.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type FirstAdministrator, makeFirstAdministrator } from '../../management/first-administrator.ts';
import { en } from '../../pages/texts/en.ts';
import { passwordDemands } from '../../pages/texts/password-demands.ts';
import type { Cookies } from '../cookies.ts';
import { logError, retryAfter, toOAuthError } from '../errors.ts';
import { json, noStore, type Reply, send } from '../reply.ts';
import { bodyOf, visitorOf } from '../request.ts';
import { longestUrl } from '../security.ts';
import type { Tenant } from '../tenant.ts';

/** In the dashboard, below which its page lives; the link's secret is the fragment. */
export const setUpPath = '/dashboard/set-up';

export function addSetUpRoutes(scope: FastifyInstance, tenant: Tenant, cookies: Cookies): void {
  scope.setErrorHandler(async (thrown, request, reply) => {
    const error = toOAuthError(thrown);
    logError(error, request, tenant);
    return send(reply, refusal('failed', error.message, error.status, retryAfter(error)));
  });

  scope.post(setUpPath, { bodyLimit: longestUrl }, async (request, reply) => {
    const made = await makeFirstAdministrator(asked(request), tenant);
    return send(reply, answerTo(made));
  });

  function asked(request: FastifyRequest) {
    const fields = bodyOf(request);
    const { session, requester } = visitorOf(request, cookies);
    return {
      link: fields.get('link') ?? '',
      email: fields.get('email')?.trim() ?? '',
      password: fields.get('password') ?? '',
      session,
      requester,
    };
  }

  function answerTo(made: FirstAdministrator): Reply {
    const { email, exists } = en.signup.errors;
    if (made.outcome === 'lost') return refusal('invalid_link', en.set_up.lost, 410);
    if (made.outcome === 'made') {
      const cookie = cookies.session(made.secret, made.persistent ? made.expires_at : undefined);
      return { ...json({}, 201, noStore), cookies: [cookie] };
    }
    if ('password' in made) return refusal('invalid_password', inWords(made), 400);
    return refusal('invalid_email', made.email === 'exists' ? exists : email.invalid, 400);
  }
}

/** What is wrong, and everything that the policy asks for. */
function inWords({ password, policy }: Extract<FirstAdministrator, { password: unknown }>): string {
  const { length, types, others } = passwordDemands(policy);
  const ofTypes = types === undefined ? [] : [`${types.title} ${types.list.join(', ')}`];
  return [en.signup.errors.password[password], length, ...ofTypes, ...others].join('. ');
}

function refusal(
  error: string,
  message: string,
  status: number,
  headers: Record<string, string> = {},
): Reply {
  return json({ error, message }, status, { ...noStore, ...headers });
}
