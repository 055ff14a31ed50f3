// The mail that brings an invitation: sent once the invitation stands.
import { type Client, nameInMails } from '../../model/client.ts';
import type { Requester } from '../../model/events.ts';
import type { Invitation } from '../../model/invitation.ts';
import { newMessage } from '../../model/message.ts';
import type { Organization } from '../../model/organization.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';

export async function sendInvitation(
  { invitee, inviter, created_at, expires_at }: Invitation,
  url: string,
  organization: Organization,
  client: Client,
  requester: Requester,
  { deliveries }: ManagementStores,
  { clock, random }: Pick<ManagementPorts, 'clock' | 'random'>,
): Promise<void> {
  const mail = newMessage(
    {
      template: 'user_invitation',
      to: invitee.email,
      url,
      lifetime: expires_at - created_at,
      client_id: client.client_id,
      client_name: nameInMails(client),
      inviter_name: inviter.name,
      organization_name: organization.display_name ?? organization.name,
    },
    requester,
    { now: clock.now(), random },
  );
  await deliveries.add(mail);
}
