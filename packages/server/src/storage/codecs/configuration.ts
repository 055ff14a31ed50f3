// The columns of what the tenant file says, and of signing keys.
import type { RoleItself } from '../../model/access-control.ts';
import type { Client } from '../../model/client.ts';
import type { Connection } from '../../model/connection.ts';
import type { Invitation } from '../../model/invitation.ts';
import type { Organization, OrganizationConnection } from '../../model/organization.ts';
import type { ClientGrant, DefaultClientGrant, ResourceServer } from '../../model/resource-server.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import type { TokenExchangeProfile } from '../../model/token-exchange-profile.ts';
import { Codec, type Row } from './codec.ts';

export const clientCodec = new Codec<Client>({
  client_id: 'text',
  name: 'text',
  description: 'text',
  app_type: 'text',
  logo_uri: 'text',
  callbacks: 'json',
  allowed_logout_urls: 'json',
  web_origins: 'json',
  allowed_origins: 'json',
  initiate_login_uri: 'text',
  is_first_party: 'flag',
  oidc_conformant: 'flag',
  grant_types: 'json',
  token_endpoint_auth_method: 'text',
  client_authentication_methods: 'json',
  require_pushed_authorization_requests: 'flag',
  par_request_expiry: 'integer',
  signed_request_object: 'json',
  jwt_configuration: 'json',
  refresh_token: 'json',
  require_proof_of_possession: 'flag',
  compliance_level: 'text',
  client_metadata: 'json',
  redirection_policy: 'text',
  registration: 'json',
  oidc_logout: 'json',
  skip_non_verifiable_callback_uri_confirmation_prompt: 'flag',
  is_token_endpoint_ip_header_trusted: 'flag',
  resource_server_identifier: 'text',
  token_exchange: 'json',
  organization_usage: 'text',
  organization_require_behavior: 'text',
  unused: 'json',
  global: 'flag',
  is_system: 'flag',
  created_at: 'integer',
  updated_at: 'integer',
});

export const resourceServerCodec = new Codec<ResourceServer>({
  id: 'text',
  identifier: 'text',
  name: 'text',
  scopes: 'json',
  signing_alg: 'text',
  token_lifetime: 'integer',
  token_lifetime_for_web: 'integer',
  token_dialect: 'text',
  enforce_policies: 'flag',
  skip_consent_for_verifiable_first_party_clients: 'flag',
  allow_offline_access: 'flag',
  allow_online_access: 'flag',
  subject_type_authorization: 'json',
  proof_of_possession: 'json',
  unused: 'json',
  is_system: 'flag',
  created_at: 'integer',
  updated_at: 'integer',
});

export const clientGrantCodec = new Codec<ClientGrant>({
  id: 'text',
  client_id: 'text',
  audience: 'text',
  scope: 'json',
  subject_type: 'text',
  allow_all_scopes: 'flag',
  organization_usage: 'text',
  allow_any_organization: 'flag',
  unused: 'json',
});

export const defaultClientGrantCodec = new Codec<DefaultClientGrant>({
  id: 'text',
  default_for: 'text',
  audience: 'text',
  scope: 'json',
  subject_type: 'text',
  allow_all_scopes: 'flag',
  organization_usage: 'text',
  allow_any_organization: 'flag',
  unused: 'json',
});

/** Of whichever strategy: a table has one kind of row. */
export type AnyConnection = { [Name in keyof Connection]: Connection[Name] };
export const connectionCodec = new Codec<AnyConnection>({
  id: 'text',
  name: 'text',
  display_name: 'text',
  strategy: 'text',
  options: 'json',
  is_domain_connection: 'flag',
  realms: 'json',
  metadata: 'json',
  authentication: 'json',
  unused: 'json',
  created_at: 'integer',
  updated_at: 'integer',
});

/** Options were stored with the strategy that they are of. */
export function decodeConnection(row: Row<AnyConnection>): Connection {
  return connectionCodec.decode(row) as Connection;
}

/** Its permissions have a table of their own. */
export const roleCodec = new Codec<RoleItself>({
  id: 'text',
  name: 'text',
  description: 'text',
  is_system: 'flag',
});

export const organizationCodec = new Codec<Organization>({
  id: 'text',
  name: 'text',
  display_name: 'text',
  branding: 'json',
  metadata: 'json',
  unused: 'json',
  created_at: 'integer',
});

export const organizationConnectionCodec = new Codec<OrganizationConnection>({
  organization_id: 'text',
  connection_id: 'text',
  organization_connection_name: 'text',
  assign_membership_on_login: 'flag',
  show_as_button: 'flag',
  is_signup_enabled: 'flag',
  is_enabled: 'flag',
  unused: 'json',
});

export const invitationCodec = new Codec<Invitation>({
  id: 'text',
  organization_id: 'text',
  client_id: 'text',
  connection_id: 'text',
  inviter: 'json',
  invitee: 'json',
  roles: 'json',
  user_metadata: 'json',
  app_metadata: 'json',
  login_url: 'text',
  created_at: 'integer',
  expires_at: 'integer',
});

export const tokenExchangeProfileCodec = new Codec<TokenExchangeProfile>({
  id: 'text',
  name: 'text',
  subject_token_type: 'text',
  type: 'text',
  subject_token: 'json',
  connection_id: 'text',
  created_at: 'integer',
  updated_at: 'integer',
});

export const signingKeyCodec = new Codec<SigningKey>({
  kid: 'text',
  alg: 'text',
  status: 'text',
  private_key: 'text',
  public_jwk: 'json',
  certificate: 'text',
  created_at: 'integer',
  current_since: 'integer',
  revoked_at: 'integer',
});
