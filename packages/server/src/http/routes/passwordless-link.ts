// The page behind the link of a login without a password (contract PS-4). Opening it logs nobody in, since mail
// scanners open links too; its button does, in the browser that it is pressed in.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { passwordlessLinkPath } from '../../login/passwordless.ts';
import { followLink, type OpenedLink, openLink } from '../../login/passwordless-link.ts';
import { findSession } from '../../login/sessions.ts';
import { renderPasswordlessLink } from '../../pages/passwordless-link.tsx';
import { renderTicketEnded } from '../../pages/reset-password.tsx';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import type { Cookies } from '../cookies.ts';
import { errorPageHandler } from '../error-pages.ts';
import { formToken, isOwnForm } from '../forms.ts';
import { page, pageContext } from '../page-context.ts';
import { type Reply, redirect, send } from '../reply.ts';
import { formOf, queryOf, visitorOf } from '../request.ts';
import { interactivePolicy } from '../security.ts';
import type { Tenant } from '../tenant.ts';

export function addPasswordlessLinkRoutes(server: FastifyInstance, tenant: Tenant, cookies: Cookies): void {
  server.setErrorHandler(errorPageHandler(tenant));

  server.get(passwordlessLinkPath, async (request, reply) => {
    const link = queryOf(request).get('link');
    const opened = await openLink(link, tenant);
    return send(reply, link === undefined || opened === undefined ? ended() : ask(link, opened));
  });
  server.post(passwordlessLinkPath, async (request, reply) => send(reply, await follow(request)));

  const ended = (): Reply => page(renderTicketEnded({ page: pageContext(tenant) }), 400);
  const tokenFor = (link: string) => formToken(tenant.formKey, '', sha256(link), 'ticket');

  function ask(link: string, { client, identifier, authParams }: OpenedLink): Reply {
    const html = renderPasswordlessLink({
      page: pageContext(tenant),
      action: passwordlessLinkPath,
      csrf: tokenFor(link),
      link,
      client_name: client.name,
      email: identifier,
    });
    // Browsers apply form-action to the redirects that follow: to /authorize, and on to the callback.
    const { redirect_uri } = authParams;
    const callback =
      client.callbacks.find((registered) => registered === redirect_uri) ?? client.callbacks[0];
    return page(html, 200, interactivePolicy(callback));
  }

  async function follow(request: FastifyRequest): Promise<Reply> {
    const fields = formOf(request);
    const link = fields.get('link');
    const opened = await openLink(link, tenant);
    if (link === undefined || opened === undefined) return ended();
    if (!isOwnForm(request, tenant.issuer, tokenFor(link), fields.get('csrf'))) return ended();
    const { session, requester } = visitorOf(request, cookies);
    const { sessions } = tenant.unitOfWork.read;
    const previous = await findSession(session, tenant.clock.now(), sessions);
    const followed = await followLink(opened, previous, requester, tenant);
    if (followed.outcome === 'refused') return ended();
    const { secret, persistent, expires_at } = followed;
    const cookie = cookies.session(secret, persistent ? expires_at : undefined);
    return redirect(authorizationPath(opened), 303, [cookie]);
  }
}

/** The session that has just begun answers it: the person was asked once, and is not asked again. */
function authorizationPath({ client, connection, authParams }: OpenedLink): string {
  const { prompt: _, ...asked } = authParams;
  const parameters = {
    response_type: 'code',
    ...asked,
    client_id: client.client_id,
    connection: connection.name,
  };
  return `/authorize?${new URLSearchParams(parameters)}`;
}
