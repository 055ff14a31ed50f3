// Invitations to an organization (contract §3.6, IV-1 to IV-6). The link leads where the application begins a login, as
// the tenant has it registered, and nowhere that a request names.
import { z } from 'zod';
import { type Invitation, invitationLifetime } from '../../model/invitation.ts';
import type { Organization } from '../../model/organization.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { userFields } from '../users/user-fields.ts';
import { isoTime, present, secret } from '../wire.ts';
import { sendInvitation } from './invitation-mail.ts';
import { inviting, judgeInvitation } from './invitation-rules.ts';
import type { Invited } from './ports.ts';
import { organizationParams } from './wire.ts';

const person = z.strictObject({ name: z.string().min(1).max(300) });
const address = z.strictObject({ email: userFields.email });

const invitationAnswer = z.object({
  id: z.string(),
  organization_id: z.string(),
  client_id: z.string(),
  connection_id: z.string().optional(),
  inviter: person,
  invitee: z.object({ email: z.string() }),
  roles: z.array(z.string()).optional(),
  user_metadata: z.record(z.string(), z.unknown()).optional(),
  app_metadata: z.record(z.string(), z.unknown()).optional(),
  /** Whoever holds it can accept the invitation: shown to those who could make this one themselves. */
  invitation_url: secret(z.string()).optional(),
  ticket_id: secret(z.string()).optional(),
  created_at: z.string(),
  expires_at: z.string(),
});

function invitationOnWire(
  { invitation, ticket }: Invited,
  organization: Organization,
  { showsLink }: { showsLink: boolean },
): z.input<typeof invitationAnswer> {
  const { login_url, connection_id, roles, user_metadata, app_metadata, ...shown } = invitation;
  return {
    ...present({ connection_id, user_metadata, app_metadata }),
    ...shown,
    ...(roles.length === 0 ? {} : { roles }),
    ...(showsLink
      ? { invitation_url: invitationUrl(login_url, ticket, organization), ticket_id: ticket }
      : {}),
    created_at: isoTime(invitation.created_at),
    expires_at: isoTime(invitation.expires_at),
  };
}

/** IV-1 */
function invitationUrl(login_url: string, ticket: string, { id, name }: Organization): string {
  const parameters = new URLSearchParams({ invitation: ticket, organization: id, organization_name: name });
  return `${login_url}${login_url.includes('?') ? '&' : '?'}${parameters}`;
}

/** Throws ManagementError 404. */
async function invitingOrganization(id: string, { organizations }: ManagementStores): Promise<Organization> {
  const organization = await organizations.find(id);
  if (organization === undefined) throw new ManagementError(404, 'No organization found by that id.');
  return organization;
}

const invitations = paginated('invitations', invitationAnswer, {
  filters: { sort: z.enum(['created_at:1', 'created_at:-1']).default('created_at:-1') },
});

const listInvitations = route({
  method: 'GET',
  path: '/organizations/{id}/invitations',
  summary: 'Get invitations to an organization',
  scopes: ['read:organization_invitations'],
  params: organizationParams,
  ...invitations.route,
  fields: true,
  answer: async ({ params, query, caller }, stores, ports) => {
    const organization = await invitingOrganization(params.id, stores);
    const sort = { descending: query.sort === 'created_at:-1' };
    return invitations.answer(query, async (page) => {
      const { items, ...rest } = await stores.invitations.list(params.id, sort, page);
      const mayInvite = await inviting(items, caller, stores, ports);
      const told = items.map((invited) =>
        invitationOnWire(invited, organization, { showsLink: mayInvite(invited) }),
      );
      return { ...rest, items: told };
    });
  },
});

/** Characters: 190 bits. */
const ticketLength = 32;

const createInvitation = route({
  method: 'POST',
  path: '/organizations/{id}/invitations',
  summary: 'Create invitations to an organization',
  scopes: ['create:organization_invitations'],
  params: organizationParams,
  body: z.strictObject({
    inviter: person,
    invitee: address,
    client_id: z.string().min(1).max(255),
    connection_id: z.string().min(1).max(50).optional(),
    app_metadata: userFields.app_metadata.optional(),
    user_metadata: userFields.user_metadata.optional(),
    ttl_sec: z.int().min(0).max(invitationLifetime.most).optional(),
    roles: z.array(z.string().min(1).max(255)).min(1).max(50).optional(),
    send_invitation_email: z.boolean().default(true),
  }),
  status: 201,
  response: invitationAnswer,
  answer: async ({ params, body, caller }, stores, ports) => {
    const organization = await invitingOrganization(params.id, stores);
    const { client, login_url } = await judgeInvitation(body, organization, caller, stores, ports);
    const now = ports.clock.now();
    // 0 asks for the usual.
    const lifetime = body.ttl_sec || invitationLifetime.usual;
    const { inviter, invitee, client_id, connection_id = null, roles = [] } = body;
    const { user_metadata = null, app_metadata = null } = body;
    const invitation: Invitation = {
      id: ports.random.id('uinv'),
      organization_id: organization.id,
      client_id,
      connection_id,
      inviter,
      invitee,
      roles: [...new Set(roles)],
      user_metadata,
      app_metadata,
      login_url,
      created_at: now,
      expires_at: now + lifetime,
    };
    const ticket = ports.random.alphanumeric(ticketLength);
    await stores.invitations.insert(invitation, ticket);
    const url = invitationUrl(login_url, ticket, organization);
    if (body.send_invitation_email)
      await sendInvitation(invitation, url, organization, client, caller.requester, stores, ports);
    return invitationOnWire({ invitation, ticket }, organization, { showsLink: true });
  },
});

const invitationParams = organizationParams.extend({ invitation_id: z.string().min(1).max(255) });

const getInvitation = route({
  method: 'GET',
  path: '/organizations/{id}/invitations/{invitation_id}',
  summary: 'Get a specific invitation to an Organization',
  scopes: ['read:organization_invitations'],
  params: invitationParams,
  status: 200,
  response: invitationAnswer,
  fields: true,
  answer: async ({ params, caller }, stores, ports) => {
    const organization = await invitingOrganization(params.id, stores);
    const invited = await stores.invitations.find(organization.id, params.invitation_id);
    if (invited === undefined)
      throw new ManagementError(404, 'The invitation does not exist.', 'inexistent_invitation');
    const mayInvite = await inviting([invited], caller, stores, ports);
    return invitationOnWire(invited, organization, { showsLink: mayInvite(invited) });
  },
});

const deleteInvitation = route({
  method: 'DELETE',
  path: '/organizations/{id}/invitations/{invitation_id}',
  summary: 'Delete an invitation to an Organization',
  scopes: ['delete:organization_invitations'],
  params: invitationParams,
  status: 204,
  response: z.null(),
  answer: async ({ params }, stores) => {
    const { id } = await invitingOrganization(params.id, stores);
    await stores.invitations.remove(id, params.invitation_id);
    return null;
  },
});

export const invitationRoutes = [listInvitations, createInvitation, getInvitation, deleteInvitation];
