// What an invitation to an organization is: who may become a member by the link that was sent to them. Accepting one is
// not part of this server yet.

/** Seconds: what an invitation is good for unless it says otherwise, and at most. */
export const invitationLifetime = { usual: 604_800, most: 2_592_000 };

export interface Invitation {
  id: string;
  organization_id: string;
  client_id: string;
  /** Where the invitee has to log in; null: wherever the organization lets members in. */
  connection_id: string | null;
  inviter: { name: string };
  invitee: { email: string };
  /** Ids of the roles that the new member gets. */
  roles: string[];
  user_metadata: Record<string, unknown> | null;
  app_metadata: Record<string, unknown> | null;
  /** Where the application begins a login, as it stood when the invitation was made; the link leads there. */
  login_url: string;
  created_at: number;
  expires_at: number;
}
