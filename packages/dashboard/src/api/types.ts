// What the screens read and write of Auth0's objects.

export interface RefreshTokenSettings {
  rotation_type: 'rotating' | 'non-rotating';
  expiration_type: 'expiring' | 'non-expiring';
  leeway?: number;
  token_lifetime?: number;
  infinite_token_lifetime?: boolean;
  idle_token_lifetime?: number;
  infinite_idle_token_lifetime?: boolean;
}

export type AppType = 'spa' | 'regular_web' | 'native' | 'non_interactive';

export interface Client {
  client_id: string;
  name: string;
  description?: string;
  app_type?: AppType | 'resource_server' | null;
  logo_uri?: string;
  client_secret?: string;
  callbacks?: string[];
  allowed_logout_urls?: string[];
  web_origins?: string[];
  allowed_origins?: string[];
  initiate_login_uri?: string;
  grant_types?: string[];
  is_first_party?: boolean;
  is_system?: boolean;
  global?: boolean;
  oidc_conformant?: boolean;
  token_endpoint_auth_method?: 'none' | 'client_secret_post' | 'client_secret_basic';
  jwt_configuration?: { alg?: string; lifetime_in_seconds?: number; secret_encoded?: boolean };
  refresh_token?: RefreshTokenSettings | null;
  organization_usage?: 'deny' | 'allow' | 'require';
  organization_require_behavior?: 'no_prompt' | 'pre_login_prompt' | 'post_login_prompt';
  client_metadata?: Record<string, string>;
}

export interface Scope {
  value: string;
  description?: string;
}

export interface ResourceServer {
  id: string;
  identifier: string;
  name?: string;
  is_system?: boolean;
  scopes?: Scope[];
  signing_alg?: string;
  allow_offline_access?: boolean;
  token_lifetime?: number;
  token_lifetime_for_web?: number;
  skip_consent_for_verifiable_first_party_clients?: boolean;
  enforce_policies?: boolean;
  token_dialect?: string;
}

export interface ClientGrant {
  id: string;
  client_id?: string;
  audience: string;
  scope?: string[];
  subject_type?: 'client' | 'user';
  allow_all_scopes?: boolean;
}

export interface Identity {
  connection: string;
  provider: string;
  user_id: string;
  isSocial?: boolean;
  profileData?: { email?: string; name?: string; picture?: string; username?: string; phone_number?: string };
}

export interface User {
  user_id: string;
  name?: string;
  given_name?: string;
  family_name?: string;
  nickname?: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  phone_number?: string;
  phone_verified?: boolean;
  picture?: string;
  blocked?: boolean;
  identities?: Identity[];
  user_metadata?: Record<string, unknown>;
  app_metadata?: Record<string, unknown>;
  last_login?: string;
  last_ip?: string;
  last_password_reset?: string;
  logins_count?: number;
  created_at?: string;
  updated_at?: string;
}

export interface Connection {
  id: string;
  name: string;
  display_name?: string;
  strategy: string;
  options?: Record<string, unknown>;
  enabled_clients?: string[];
  is_domain_connection?: boolean;
  realms?: string[];
}

export interface Role {
  id: string;
  name: string;
  description?: string;
  /** `system`: one of the server's own, for administrators. */
  type?: 'tenant' | 'system' | 'organization';
}

export interface Permission {
  resource_server_identifier: string;
  resource_server_name?: string;
  permission_name: string;
  description?: string;
  sources?: { source_id: string; source_name: string; source_type: 'DIRECT' | 'ROLE' }[];
}

export interface Organization {
  id: string;
  name: string;
  display_name?: string;
  branding?: { logo_url?: string; colors?: { primary: string; page_background: string } };
  metadata?: Record<string, string>;
}

export interface TenantSettings {
  friendly_name?: string;
  picture_url?: string | null;
  support_email?: string | null;
  support_url?: string | null;
  default_audience?: string;
  default_directory?: string;
  default_redirection_uri?: string | null;
  allowed_logout_urls?: string[];
  /** Hours. */
  session_lifetime?: number;
  idle_session_lifetime?: number;
  session_cookie?: { mode: 'persistent' | 'non-persistent' };
  sessions?: { oidc_logout_prompt_enabled?: boolean };
  flags?: Record<string, boolean>;
  dialect?: 'auth0' | 'oidc';
  authorization_code_lifetime?: number;
  log_retention_days?: number;
}

export interface SigningKey {
  kid: string;
  cert: string;
  alg?: string;
  current?: boolean;
  next?: boolean;
  previous?: boolean;
  current_since?: string;
  revoked?: boolean;
}

export interface DailyStatistic {
  date: string;
  logins: number;
  signups: number;
}
