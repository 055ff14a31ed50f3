// POST /tickets/*: the links of our mails, for an application that sends them itself (contract EM-5, §3.7). Whoever has
// the link is taken for the person, so that it is given for nobody whom the caller may not change.
import { z } from 'zod';
import type { TicketPurpose } from '../../login/ports.ts';
import { issueTicket, type TicketTerms, ticketLifetime } from '../../login/tickets.ts';
import { aboutClient } from '../../model/events.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { inexistentUser } from '../users/user-access.ts';
import { emailField } from '../users/user-fields.ts';
import { invalidBody } from '../validation.ts';
import { connectionIdField, secret } from '../wire.ts';
import {
  findTicketClient,
  getTicketIdentity,
  identityField,
  type TicketIdentity,
} from './ticket-identity.ts';

const tenYears = 315_360_000;

const termsFields = {
  result_url: z
    .string()
    .max(2048)
    .refine((url) => /^https?:\/\/[\x21-\x7e]+$/.test(url) && URL.canParse(url), {
      error: ({ input }) => `Object didn't pass validation for format url: ${String(input).slice(0, 300)}`,
    })
    .optional(),
  client_id: z.string().min(1).max(255).optional(),
  organization_id: z.string().min(1).max(50).optional(),
  /** Seconds; 0 for what is usual. */
  ttl_sec: z.int().min(0).max(tenYears).optional(),
  includeEmailInRedirect: z.boolean().optional(),
};
type Terms = z.infer<z.ZodObject<typeof termsFields>>;

const ticketSchema = z.object({ ticket: secret(z.string()) });

export const createPasswordChangeTicket = route({
  method: 'POST',
  path: '/tickets/password-change',
  summary: 'Create a password change ticket',
  scopes: ['create:user_tickets'],
  body: z.strictObject({
    ...termsFields,
    user_id: z.string().min(1).max(512).optional(),
    email: emailField.optional(),
    connection_id: connectionIdField.optional(),
    mark_email_as_verified: z.boolean().default(false),
    identity: identityField.extend({ provider: z.literal('auth0') }).optional(),
  }),
  status: 201,
  response: ticketSchema,
  async answer({ body, caller }, stores, ports) {
    assertTermsFit(body);
    const user_id = await findUserId(body, stores);
    const asked = { user_id, named: body.identity, takes: ['auth0' as const] };
    const found = await getTicketIdentity(asked, caller, stores, ports);
    const { mark_email_as_verified } = body;
    return issue('password_change', found, { ...body, mark_email_as_verified }, stores, ports);
  },
});

export const createEmailVerificationTicket = route({
  method: 'POST',
  path: '/tickets/email-verification',
  summary: 'Create an email verification ticket',
  scopes: ['create:user_tickets'],
  body: z.strictObject({
    ...termsFields,
    user_id: z.string().min(1).max(512),
    identity: identityField.optional(),
  }),
  status: 201,
  response: ticketSchema,
  async answer({ body, caller }, stores, ports) {
    assertTermsFit(body);
    const asked = {
      user_id: body.user_id,
      named: body.identity,
      takes: ['auth0' as const, 'email' as const],
    };
    const found = await getTicketIdentity(asked, caller, stores, ports);
    return issue('email_verification', found, { ...body, mark_email_as_verified: false }, stores, ports);
  },
});

/** Throws ManagementError 400. */
function assertTermsFit({ result_url, client_id, organization_id }: Terms): void {
  if (result_url === undefined) return;
  if (client_id !== undefined)
    throw invalidBody('result_url and client_id exclude each other', ['result_url']);
  if (organization_id !== undefined)
    throw invalidBody('result_url and organization_id exclude each other', ['result_url']);
}

/** By `user_id`, or by the address at a connection. Throws ManagementError 400, 404. */
async function findUserId(
  {
    user_id,
    email,
    connection_id,
  }: { user_id?: string | undefined; email?: string | undefined; connection_id?: string | undefined },
  { users }: Pick<ManagementStores, 'users'>,
): Promise<string> {
  if (user_id !== undefined) {
    if (email !== undefined) throw invalidBody('user_id and email exclude each other', ['email']);
    if (connection_id !== undefined)
      throw invalidBody('user_id and connection_id exclude each other', ['connection_id']);
    return user_id;
  }
  if (email === undefined) throw invalidBody('Missing required property: user_id');
  if (connection_id === undefined) throw invalidBody('Missing required property: connection_id');
  const found = await users.findByIdentifier(connection_id, email);
  if (found?.identity.email !== email.toLowerCase()) throw inexistentUser();
  return found.user.user_id;
}

async function issue(
  purpose: TicketPurpose,
  { user, identity }: TicketIdentity,
  asked: Terms & Pick<TicketTerms, 'mark_email_as_verified'>,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<{ ticket: string }> {
  const client = await findTicketClient(asked, user, stores);
  const terms = {
    // 0 stands for what is usual.
    lifetime: asked.ttl_sec || ticketLifetime,
    mark_email_as_verified: asked.mark_email_as_verified,
    result_url: resultUrl(asked, identity.email),
    organization_id: asked.organization_id ?? null,
  };
  const recipient = { identity, client: aboutClient(client) };
  const link = await issueTicket(purpose, recipient, terms, stores, ports.clock.now(), ports);
  // As Auth0 ends it: what a mail program appends is no part of the ticket.
  return { ticket: `${link}#` };
}

function resultUrl({ result_url, includeEmailInRedirect }: Terms, email: string): string | null {
  if (result_url === undefined) return null;
  const url = new URL(result_url);
  if (includeEmailInRedirect) url.searchParams.set('email', email);
  return url.href;
}
