// What an organization is: contract row OR-1. Its login flows are not part of this server yet.
export interface Organization {
  id: string;
  /** Unique. */
  name: string;
  display_name: string | null;
  branding: {
    logo_url?: string;
    colors?: { primary: string; page_background: string };
  } | null;
  metadata: Record<string, string>;
  /** What Auth0 knows of an organization and this server has no use for. */
  unused: Record<string, unknown>;
  created_at: number;
}

/** A connection that an organization lets people in by. */
export interface OrganizationConnection {
  organization_id: string;
  connection_id: string;
  /** What the organization calls it. */
  organization_connection_name: string | null;
  /** OR-3: whoever logs in by it becomes a member. */
  assign_membership_on_login: boolean;
  show_as_button: boolean;
  is_signup_enabled: boolean;
  is_enabled: boolean;
  /** What Auth0 knows of it and this server has no use for. */
  unused: Record<string, unknown>;
}
