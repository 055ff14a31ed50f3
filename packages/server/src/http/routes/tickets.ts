// The pages behind the links in our mails. Opening one changes nothing, since mail scanners open them too; its form
// does. The ticket in the form is the proof: whoever has it has read the mail, in whatever browser.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findVerificationTicket, verifyEmail } from '../../login/email-verification.ts';
import {
  changePassword,
  findPasswordTicket,
  type OpenTicket,
} from '../../login/passwords/password-change.ts';
import type { PasswordProblem } from '../../login/passwords/password-policy.ts';
import type { Ticket } from '../../login/ports.ts';
import { ticketPaths } from '../../login/tickets.ts';
import { loginRouteOf } from '../../model/client.ts';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import {
  renderReset,
  renderResetDone,
  renderTicketEnded,
  renderVerification,
  renderVerified,
} from '../../pages/reset-password.tsx';
import { en } from '../../pages/texts/en.ts';
import { errorPageHandler } from '../error-pages.ts';
import { formToken, isOwnForm } from '../forms.ts';
import { page, pageContext } from '../page-context.ts';
import { type Reply, send } from '../reply.ts';
import { formOf, queryOf, requesterOf } from '../request.ts';
import { longestUrl } from '../security.ts';
import type { Tenant } from '../tenant.ts';

export function addTicketRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(errorPageHandler(tenant));
  const ended = () => page(renderTicketEnded({ page: pageContext(tenant) }), 400);

  server.get(ticketPaths.password_change, async (request, reply) => {
    const ticket = queryOf(request).get('ticket');
    const open = await findPasswordTicket(ticket, tenant);
    return send(reply, ticket === undefined || open === undefined ? ended() : choosePassword(ticket, open));
  });
  server.post(ticketPaths.password_change, { bodyLimit: longestUrl }, async (request, reply) =>
    send(reply, await setPassword(request)),
  );
  server.get(ticketPaths.email_verification, async (request, reply) => {
    const ticket = queryOf(request).get('ticket');
    const found = await findVerificationTicket(ticket, tenant);
    return send(reply, ticket === undefined || found === undefined ? ended() : confirmEmail(ticket, found));
  });
  server.post(ticketPaths.email_verification, { bodyLimit: longestUrl }, async (request, reply) =>
    send(reply, await setVerified(request)),
  );

  function choosePassword(
    ticket: string,
    { ticket: { email, hash }, connection }: OpenTicket,
    problem?: PasswordProblem,
  ): Reply {
    const html = renderReset({
      page: pageContext(tenant),
      action: ticketPaths.password_change,
      csrf: tokenFor(hash),
      ticket,
      email,
      policy: passwordRequirementsOf(connection.options),
      error: problem && en.signup.errors.password[problem],
    });
    return page(html, problem === undefined ? 200 : 400);
  }

  async function setPassword(request: FastifyRequest): Promise<Reply> {
    const fields = formOf(request);
    const ticket = fields.get('ticket');
    const open = await findPasswordTicket(ticket, tenant);
    if (ticket === undefined || open === undefined || !isOurs(request, open.ticket)) return ended();
    const password = fields.get('password') ?? '';
    const change = await changePassword(open, password, requesterOf(request), tenant);
    if (change.outcome === 'lost') return ended();
    if (change.outcome === 'refused') return choosePassword(ticket, open, change.problems[0]);
    return page(renderResetDone({ page: pageContext(tenant), onward_url: await onwardUrl(open.ticket) }));
  }

  function confirmEmail(ticket: string, { email, hash }: Ticket): Reply {
    const action = ticketPaths.email_verification;
    return page(
      renderVerification({ page: pageContext(tenant), action, csrf: tokenFor(hash), ticket, email }),
    );
  }

  async function setVerified(request: FastifyRequest): Promise<Reply> {
    const found = await findVerificationTicket(formOf(request).get('ticket'), tenant);
    if (found === undefined || !isOurs(request, found)) return ended();
    if (!(await verifyEmail(found, requesterOf(request), tenant))) return ended();
    return page(renderVerified({ page: pageContext(tenant), onward_url: await onwardUrl(found) }));
  }

  function tokenFor(hash: string): string {
    return formToken(tenant.formKey, '', hash, 'ticket');
  }

  function isOurs(request: FastifyRequest, { hash }: Ticket): boolean {
    return isOwnForm(request, tenant.issuer, tokenFor(hash), formOf(request).get('csrf'));
  }

  /** UL-6 */
  async function onwardUrl({ client_id }: Ticket): Promise<string | undefined> {
    const client = client_id === null ? undefined : await tenant.unitOfWork.read.clients.find(client_id);
    return (client && loginRouteOf(client)) ?? tenant.settings.default_redirection_uri ?? undefined;
  }
}
