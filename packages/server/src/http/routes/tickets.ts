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
  type TicketUsedProps,
} from '../../pages/reset-password.tsx';
import { en } from '../../pages/texts/en.ts';
import { errorPageHandler } from '../error-pages.ts';
import { formToken, isOwnForm } from '../forms.ts';
import { page, pageContext } from '../page-context.ts';
import { type Reply, redirect, send } from '../reply.ts';
import { formOf, queryOf, requesterOf } from '../request.ts';
import { interactivePolicy, longestUrl } from '../security.ts';
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
    { ticket: { email, hash, result_url }, connection }: OpenTicket,
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
    return page(html, problem === undefined ? 200 : 400, interactivePolicy(result_url ?? undefined));
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
    const message = 'You can now login to the application with the new password.';
    return endOf(open.ticket, message, renderResetDone);
  }

  function confirmEmail(ticket: string, { email, hash, result_url }: Ticket): Reply {
    const action = ticketPaths.email_verification;
    const form = { page: pageContext(tenant), action, csrf: tokenFor(hash), ticket, email };
    return page(renderVerification(form), 200, interactivePolicy(result_url ?? undefined));
  }

  async function setVerified(request: FastifyRequest): Promise<Reply> {
    const found = await findVerificationTicket(formOf(request).get('ticket'), tenant);
    if (found === undefined || !isOurs(request, found)) return ended();
    if (!(await verifyEmail(found, requesterOf(request), tenant))) return ended();
    const message = 'Your email was verified. You can continue using the application.';
    return endOf(found, message, renderVerified);
  }

  function tokenFor(hash: string): string {
    return formToken(tenant.formKey, '', hash, 'ticket');
  }

  function isOurs(request: FastifyRequest, { hash }: Ticket): boolean {
    return isOwnForm(request, tenant.issuer, tokenFor(hash), formOf(request).get('csrf'));
  }

  /** EM-3: on to where the ticket says; else a page with the way on. */
  async function endOf(
    ticket: Ticket,
    message: string,
    render: (props: TicketUsedProps) => string,
  ): Promise<Reply> {
    if (ticket.result_url === null)
      return page(render({ page: pageContext(tenant), onward_url: await onwardUrl(ticket) }));
    return redirect(withParameters(ticket.result_url, { success: 'true', message }), 303);
  }

  /** UL-6 */
  async function onwardUrl({ client_id, organization_id }: Ticket): Promise<string | undefined> {
    const { clients, organizations } = tenant.unitOfWork.read;
    const client = client_id === null ? undefined : await clients.find(client_id);
    const onward = (client && loginRouteOf(client)) || tenant.settings.default_redirection_uri || undefined;
    const organization = organization_id === null ? undefined : await organizations.find(organization_id);
    if (onward === undefined || organization === undefined) return onward;
    const { id, name } = organization;
    return withParameters(onward, { organization_id: id, organization_name: name });
  }
}

function withParameters(url: string, parameters: Record<string, string>): string {
  const onward = new URL(url);
  for (const [name, value] of Object.entries(parameters)) onward.searchParams.set(name, value);
  return onward.href;
}
