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

export interface User {
  user_id: string;
  name?: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  picture?: string;
  blocked?: boolean;
  last_login?: string;
  logins_count?: number;
  created_at?: string;
}

export interface Connection {
  id: string;
  name: string;
  strategy: string;
  display_name?: string;
  options?: Record<string, unknown>;
  is_domain_connection?: boolean;
}
