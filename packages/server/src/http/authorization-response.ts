// How an authorization response travels: a redirect, a form that posts itself, or a message to one origin. An error may
// have to stay here.
import type { FastifyRequest } from 'fastify';
import { type Client, redirectsErrors } from '../model/client.ts';
import { type AuthorizationResponse, errorResponse, redirectLocation } from '../oauth/authorize/response.ts';
import type { ResponseTarget } from '../oauth/authorize/response-target.ts';
import type { RequestInProgress } from '../oauth/authorize/suspended-request.ts';
import type { OAuthError } from '../oauth/errors.ts';
import { renderFormPost, renderWebMessage } from '../pages/responses.tsx';
import { errorPage, statusAfter } from './error-pages.ts';
import { page, pageContext } from './page-context.ts';
import { activationPaths } from './paths.ts';
import { type Reply, redirect } from './reply.ts';
import { formPostPolicy, webMessagePolicy } from './security.ts';
import type { Tenant } from './tenant.ts';

/** A device hears of the refusal when it asks again; the person sees it now. */
export function answerRefusal(
  error: OAuthError,
  { client, request: asked }: Pick<RequestInProgress, 'client' | 'request'>,
  request: FastifyRequest,
  tenant: Tenant,
): Reply {
  if ('device_code' in asked) return redirect(activationPaths.denied, statusAfter(request));
  return refuseAtCallback(error, { client, target: asked }, request, tenant);
}

/** AZ-65: where the client's `redirection_policy` protects, the error is shown to the person and leads nowhere. */
export function refuseAtCallback(
  error: OAuthError,
  { client, target }: { client: Client; target: ResponseTarget },
  request: FastifyRequest,
  tenant: Tenant,
): Reply {
  if (!redirectsErrors(client)) return errorPage(error, request, tenant);
  return answerAtCallback(errorResponse({ client, target }, error, tenant), tenant, statusAfter(request));
}

/** `status`: 303 where a form of ours was posted (RFC 9700 §4.12). */
export function answerAtCallback(
  response: AuthorizationResponse,
  tenant: Pick<Tenant, 'settings' | 'assets'>,
  status: 302 | 303 = 302,
): Reply {
  const { target, parameters } = response;
  const { redirect_uri, response_mode } = target;
  switch (response_mode) {
    case 'query':
    case 'fragment':
      return redirect(redirectLocation(response), status);
    case 'form_post': {
      const html = renderFormPost({ page: pageContext(tenant), redirect_uri, parameters });
      return page(html, 200, formPostPolicy(redirect_uri));
    }
    case 'web_message': {
      // RM-7: the origin of redirect_uri, which stands in Allowed Web Origins.
      const target_origin = new URL(redirect_uri).origin;
      const html = renderWebMessage({
        page: pageContext(tenant),
        target_origin,
        response: Object.fromEntries(parameters),
      });
      const answer = page(html, 200, webMessagePolicy(target_origin));
      // LT-5: `same-origin` would cut window.opener.
      return { ...answer, headers: { ...answer.headers, 'cross-origin-opener-policy': 'unsafe-none' } };
    }
  }
}
