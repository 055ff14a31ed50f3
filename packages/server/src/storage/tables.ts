// What each table holds. A codec describes the columns that a model has (codecs/); what stands beside them (sealed
// secrets, hashes, search columns) is named here and never leaves storage with the model.
import type { LoginTransaction, OneTimePassword, Ticket } from '../login/ports.ts';
import type { DailyStatistic } from '../management/tenant/ports.ts';
import type { RoleItself } from '../model/access-control.ts';
import type { AuthenticationMethod } from '../model/authentication-method.ts';
import type { Client } from '../model/client.ts';
import type { Invitation } from '../model/invitation.ts';
import type { Job } from '../model/job.ts';
import type { Organization, OrganizationConnection } from '../model/organization.ts';
import type { ClientGrant, DefaultClientGrant, ResourceServer } from '../model/resource-server.ts';
import type { Session, UserGrant } from '../model/session.ts';
import type { SigningKey } from '../model/signing-key.ts';
import type { TokenExchangeProfile } from '../model/token-exchange-profile.ts';
import type { Identity, User } from '../model/user.ts';
import type { DeviceCode } from '../oauth/device-codes.ts';
import type { AuthorizationCode } from '../oauth/ports.ts';
import type { PushedRequest } from '../oauth/pushed-requests.ts';
import type { RefreshToken, RefreshTokenFamily } from '../oauth/token/ports.ts';
import type { Row } from './codecs/codec.ts';
import type { AnyConnection } from './codecs/configuration.ts';
import type { SealedDelivery, UserSearch } from './codecs/login.ts';

export interface Tables {
  migration: { name: string };
  tenant: { id: number; settings: string };
  /** `client_secret` is sealed; of `registration_access_token` the SHA-256 is stored. */
  client: Row<Client> & { client_secret: string | null; registration_access_token: string | null };
  /** `signing_secret` is sealed. */
  resource_server: Row<ResourceServer> & { signing_secret: string | null };
  client_grant: Row<ClientGrant>;
  default_client_grant: Row<DefaultClientGrant>;
  /** `secrets`, of the options, is sealed. From `deleted_at` on it is there only until its users are gone. */
  connection: Row<AnyConnection> & { secrets: string | null; deleted_at: number | null };
  connection_realm: { realm: string; connection_id: string };
  connection_client: { connection_id: string; client_id: string };
  user: Row<User> & Row<UserSearch>;
  identity: Row<Identity> & { password_hash: string | null; password_set_at: number | null };
  earlier_password: { connection_id: string; user_id: string; hash: string; replaced_at: number };
  /** `name_search` is normalised. */
  role: Row<RoleItself> & { name_search: string };
  role_permission: { role_id: string; resource_server_identifier: string; permission_name: string };
  user_role: { user_id: string; role_id: string };
  user_permission: { user_id: string; resource_server_identifier: string; permission_name: string };
  organization: Row<Organization>;
  organization_connection: Row<OrganizationConnection>;
  organization_member: { organization_id: string; user_id: string };
  organization_member_role: { organization_id: string; user_id: string; role_id: string };
  /** `hash` is the SHA-256 of the ticket; `ticket` is sealed. */
  invitation: Row<Invitation> & { hash: string; ticket: string };
  /** `secret` is the SHA-256 of the cookie. */
  session: Row<Session> & { secret: string; session_metadata: string | null };
  session_client: { sid: string; client_id: string; since: number };
  login_transaction: Row<LoginTransaction>;
  parked_request: { handle: string; parameters: string; expires_at: number };
  pushed_request: Row<PushedRequest>;
  authorization_code: Row<AuthorizationCode>;
  /** `ends_at`: from then on nothing of the family is accepted; null if it has no end. */
  refresh_token_family: Row<RefreshTokenFamily> & {
    ends_at: number | null;
    refresh_token_metadata: string | null;
  };
  refresh_token: Row<RefreshToken>;
  device_code: Row<DeviceCode>;
  revoked_authorization: { aid: string; until: number };
  /** `hash` covers the purpose; `presented` is the hash of what came with it. */
  used_identifier: { hash: string; presented: string | null; until: number };
  user_grant: Row<UserGrant>;
  token_exchange_profile: Row<TokenExchangeProfile>;
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
  daily_statistic: DailyStatistic;
  delivery: Row<SealedDelivery>;
  /** `ip` is the network that the key counts for; null if it counts for all. */
  failed_login: {
    key: string;
    identifier: string;
    failures: number;
    last_failed_at: number;
    ip: string | null;
  };
  ticket: Row<Ticket>;
  /** `totp_secret` is sealed. */
  authentication_method: Row<AuthenticationMethod> & { totp_secret: string | null };
  /** `result`: a line of JSON for each user who was not imported. */
  job: Row<Job> & { result: string | null };
  one_time_password: Row<OneTimePassword>;
  message_count: { key: string; count: number; until: number };
  /** `sealed` is a constant that the master key `key_id` sealed. */
  master_key: { key_id: string; sealed: string };
}
