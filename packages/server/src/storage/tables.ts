// What each table holds. A codec describes the columns that a model has; what stands beside them (sealed secrets,
// hashes, search columns) is named here and never leaves storage with the model.
import type { LoginTransaction, OneTimePassword, Ticket } from '../login/ports.ts';
import type { Role } from '../model/access-control.ts';
import type { Client } from '../model/client.ts';
import type { Connection } from '../model/connection.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Organization } from '../model/organization.ts';
import type { ClientGrant, DefaultClientGrant, ResourceServer } from '../model/resource-server.ts';
import type { Session, UserGrant } from '../model/session.ts';
import type { SigningKey } from '../model/signing-key.ts';
import type { Identity, User } from '../model/user.ts';

import type { DeviceCode } from '../oauth/device-codes.ts';

import type { AuthorizationCode } from '../oauth/ports.ts';
import type { PushedRequest } from '../oauth/pushed-requests.ts';
import type { RefreshToken, RefreshTokenFamily } from '../oauth/token/ports.ts';

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
});

export const defaultClientGrantCodec = new Codec<DefaultClientGrant>({
  id: 'text',
  default_for: 'text',
  audience: 'text',
  scope: 'json',
  subject_type: 'text',
  allow_all_scopes: 'flag',
});

export const connectionCodec = new Codec<Connection>({
  id: 'text',
  name: 'text',
  display_name: 'text',
  strategy: 'text',
  options: 'json',
  is_domain_connection: 'flag',
  created_at: 'integer',
  updated_at: 'integer',
});

export const userCodec = new Codec<User>({
  user_id: 'text',
  email: 'text',
  email_verified: 'flag',
  username: 'text',
  phone_number: 'text',
  phone_verified: 'flag',
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  middle_name: 'text',
  nickname: 'text',
  picture: 'text',
  user_metadata: 'json',
  app_metadata: 'json',
  blocked: 'flag',
  epoch: 'integer',
  created_at: 'integer',
  updated_at: 'integer',
  last_login: 'integer',
  last_ip: 'text',
  logins_count: 'integer',
  last_password_reset: 'integer',
});

export const identityCodec = new Codec<Identity>({
  connection_id: 'text',
  connection: 'text',
  provider: 'text',
  user_id: 'text',
  owner: 'text',
  email: 'text',
  username: 'text',
  isSocial: 'flag',
});

/** Its permissions have a table of their own. */
export type RoleItself = Omit<Role, 'permissions'>;
export const roleCodec = new Codec<RoleItself>({ id: 'text', name: 'text', description: 'text' });

/** Its connections have a table of their own. */
export type OrganizationItself = Omit<Organization, 'connections'>;
export const organizationCodec = new Codec<OrganizationItself>({
  id: 'text',
  name: 'text',
  display_name: 'text',
  metadata: 'json',
  created_at: 'integer',
});

export const sessionCodec = new Codec<Session>({
  sid: 'text',
  user_id: 'text',
  epoch: 'integer',
  connection_id: 'text',
  authenticated_at: 'integer',
  created_at: 'integer',
  updated_at: 'integer',
  last_interacted_at: 'integer',
  expires_at: 'integer',
  idle_expires_at: 'integer',
  persistent: 'flag',
  initial_ip: 'text',
  initial_user_agent: 'text',
  last_ip: 'text',
  last_user_agent: 'text',
});

export const loginTransactionCodec = new Codec<LoginTransaction>({
  handle: 'text',
  browser: 'text',
  client_id: 'text',
  request: 'json',
  created_at: 'integer',
  expires_at: 'integer',
  user_id: 'text',
  sid: 'text',
  authenticated_at: 'integer',
  consented_at: 'integer',
  confirmed_at: 'integer',
  finished_at: 'integer',
});

export const ticketCodec = new Codec<Ticket>({
  hash: 'text',
  purpose: 'text',
  user_id: 'text',
  email: 'text',
  connection_id: 'text',
  client_id: 'text',
  expires_at: 'integer',
  used_at: 'integer',
});

export const oneTimePasswordCodec = new Codec<OneTimePassword>({
  key: 'text',
  code: 'text',
  tries_left: 'integer',
  expires_at: 'integer',
});

export const userGrantCodec = new Codec<UserGrant>({
  id: 'text',
  user_id: 'text',
  client_id: 'text',
  audience: 'text',
  scope: 'json',
  created_at: 'integer',
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

/** Its content is sealed. */
export type SealedDelivery = Omit<Delivery, 'content'> & { content: string };
export const deliveryCodec = new Codec<SealedDelivery>({
  id: 'text',
  kind: 'text',
  content: 'text',
  requester: 'json',
  attempts: 'integer',
  created_at: 'integer',
  due_at: 'integer',
});

export interface Tables {
  migration: { name: string };
  tenant: { id: number; settings: string };
  /** `client_secret` is sealed; of `registration_access_token` the SHA-256 is stored. */
  client: Row<Client> & { client_secret: string | null; registration_access_token: string | null };
  /** `signing_secret` is sealed. */
  resource_server: Row<ResourceServer> & { signing_secret: string | null };
  client_grant: Row<ClientGrant>;
  default_client_grant: Row<DefaultClientGrant>;
  connection: Row<Connection>;
  connection_client: { connection_id: string; client_id: string };
  /** `email_search` and `name_search` are normalised. */
  user: Row<User> & { email_search: string | null; name_search: string };
  identity: Row<Identity>;
  password: { user_id: string; hash: string; set_at: number };
  role: Row<RoleItself>;
  role_permission: { role_id: string; resource_server_identifier: string; permission_name: string };
  user_role: { user_id: string; role_id: string };
  user_permission: { user_id: string; resource_server_identifier: string; permission_name: string };
  organization: Row<OrganizationItself>;
  organization_connection: { organization_id: string; connection_id: string };
  organization_member: { organization_id: string; user_id: string };
  organization_member_role: { organization_id: string; user_id: string; role_id: string };
  /** `secret` is the SHA-256 of the cookie. */
  session: Row<Session> & { secret: string };
  session_client: { sid: string; client_id: string; since: number };
  login_transaction: Row<LoginTransaction>;
  parked_request: { handle: string; parameters: string; expires_at: number };
  pushed_request: Row<PushedRequest>;
  authorization_code: Row<AuthorizationCode>;
  /** `ends_at`: from then on nothing of the family is accepted; null if it has no end. */
  refresh_token_family: Row<RefreshTokenFamily> & { ends_at: number | null };
  refresh_token: Row<RefreshToken>;
  device_code: Row<DeviceCode>;
  revoked_authorization: { aid: string; until: number };
  /** `hash` covers the purpose; `presented` is the hash of what came with it. */
  used_identifier: { hash: string; presented: string | null; until: number };
  user_grant: Row<UserGrant>;
  /** `private_key` is sealed. */
  signing_key: Row<SigningKey>;
  /** `date` in milliseconds; `entry` holds the members that have no column. */
  log: {
    log_id: string;
    date: number;
    type: string;
    user_id: string | null;
    client_id: string | null;
    connection_id: string | null;
    ip: string;
    entry: string;
  };
  delivery: Row<SealedDelivery>;
  failed_login: { key: string; identifier: string; failures: number; last_failed_at: number };
  ticket: Row<Ticket>;
  one_time_password: Row<OneTimePassword>;
  message_count: { key: string; count: number; until: number };
  /** `sealed` is a constant that the master key `key_id` sealed. */
  master_key: { key_id: string; sealed: string };
}
