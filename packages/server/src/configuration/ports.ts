// This folder owns what the tenant file and the users file say, and applying it to the database at each start.
// It knows nothing of HTTP, of SQL or of logins; these are the stores that applying needs. Storage implements them;
// each comment states the invariant that applying relies on. Like all stores they are bound to one executor.
import type { Role } from '../model/access-control.ts';
import type { Client } from '../model/client.ts';
import type { Connection } from '../model/connection.ts';
import type { Organization, OrganizationConnection } from '../model/organization.ts';
import type { ClientGrant, DefaultClientGrant, ResourceServer } from '../model/resource-server.ts';
import type { TenantSettings } from '../model/tenant.ts';
import type { TokenExchangeProfile } from '../model/token-exchange-profile.ts';
import type { Identity, User } from '../model/user.ts';
import type { OptionSecrets } from './connections/secrets.ts';

export interface TenantSettingsStore {
  /**
   * Waits until no other transaction, in any process, holds this lock, and holds it until this one ends: two
   * processes that start at once apply one after the other. Nothing to do where transactions exclude one another.
   */
  lock(): Promise<void>;
  /** Undefined until they were put for the first time. */
  get(): Promise<TenantSettings | undefined>;
  put(settings: TenantSettings): Promise<void>;
}

export interface ConfiguredClientStore {
  /** Every client, also those with `is_system`. */
  list(): Promise<Client[]>;
  find(client_id: string): Promise<Client | undefined>;
  findSecret(client_id: string): Promise<string | undefined>;
  /** Inserts the client, or replaces the one of this `client_id`; its secret stays as it is (none for a new one). */
  upsert(client: Client): Promise<void>;
  /** Seals the secret beside the client; null takes it away. */
  setSecret(client_id: string, secret: string | null): Promise<void>;
}

export interface ConfiguredResourceServerStore {
  find(identifier: string): Promise<ResourceServer | undefined>;
  findSigningSecret(identifier: string): Promise<string | undefined>;
  /** By `identifier`; its signing secret stays as it is (none for a new one). */
  upsert(resourceServer: ResourceServer): Promise<void>;
  /** Seals the secret beside the resource server of this `id`. */
  setSigningSecret(id: string, secret: string): Promise<void>;
}

export interface ConfiguredClientGrantStore {
  find(
    client_id: string,
    audience: string,
    subject_type: ClientGrant['subject_type'],
  ): Promise<ClientGrant | undefined>;
  /** By client, audience and subject type. */
  upsert(clientGrant: ClientGrant): Promise<void>;
  findDefault(
    audience: string,
    subject_type: ClientGrant['subject_type'],
  ): Promise<DefaultClientGrant | undefined>;
  /** By audience and subject type. */
  upsertDefault(clientGrant: DefaultClientGrant): Promise<void>;
}

export interface ConfiguredConnectionStore {
  /** By name. */
  list(): Promise<Connection[]>;
  findByName(name: string): Promise<Connection | undefined>;
  /** Whether the name is that of a connection whose users are still being deleted. */
  isBeingDeleted(name: string): Promise<boolean>;
  findIdByRealm(realm: string): Promise<string | undefined>;
  /** By `id`, its realms with it; the enabled clients and the secrets stay as they are. */
  upsert(connection: Connection): Promise<void>;
  /** What its options keep secret, in clear; empty where there is nothing. */
  findSecrets(id: string): Promise<OptionSecrets>;
  /** Seals them beside the connection, in place of any others. */
  setSecrets(id: string, secrets: OptionSecrets): Promise<void>;
  /** The ids of the clients that the connection is enabled for. */
  listClients(connection_id: string): Promise<string[]>;
  /** Enables the connection for exactly these clients. */
  setClients(connection_id: string, client_ids: string[]): Promise<void>;
}

export interface ConfiguredRoleStore {
  /** One of the tenant's. */
  findByName(name: string): Promise<Role | undefined>;
  /** One of the server's own, for administrators. */
  findSystem(name: string): Promise<Role | undefined>;
  /** By `id`, with its permissions, exactly. */
  upsert(role: Role): Promise<void>;
}

export interface ConfiguredOrganizationStore {
  findByName(name: string): Promise<Organization | undefined>;
  /** By `id`; connections and members stay as they are. */
  upsert(organization: Organization): Promise<void>;
  /** By `connection_id`. */
  listConnections(organization_id: string): Promise<OrganizationConnection[]>;
  /** Exactly these, all of this organization. */
  setConnections(connections: OrganizationConnection[], organization_id: string): Promise<void>;
}

export interface ConfiguredTokenExchangeProfileStore {
  list(): Promise<TokenExchangeProfile[]>;
  /** By `id`. */
  upsert(profile: TokenExchangeProfile): Promise<void>;
  delete(id: string): Promise<void>;
}

export interface ConfiguredUserStore {
  find(user_id: string): Promise<User | undefined>;
  /** By normalised e-mail or username within one connection. */
  findByIdentifier(
    connection_id: string,
    identifier: string,
  ): Promise<{ user: User; identity: Identity } | undefined>;
  /** The one that the user is named after comes first. */
  listIdentities(user_id: string): Promise<Identity[]>;
  /**
   * False, and nothing changed, if there is a user of this `user_id` already, or the connection has one of this
   * e-mail or username.
   */
  insert(user: User, identity: Identity, password_hash: string | null): Promise<boolean>;
  /** Changes nothing if the user has the role. */
  assignRole(user_id: string, role_id: string): Promise<void>;
  countWithRole(role_id: string): Promise<number>;
}

export interface ConfiguredIdentityStore {
  /** Ends everything that its user was given (AT-14). Of the hashes so far as many are kept as `history` asks for. */
  changePassword(identity: Identity, password_hash: string, now: number, history: number): Promise<void>;
}

export interface ConfiguredTicketStore {
  /** No link of this kind that was made for the user is good any more. */
  deleteAllOf(user_id: string, purpose: 'password_change' | 'email_verification'): Promise<void>;
}

export interface ConfigurationStores {
  tenant: TenantSettingsStore;
  clients: ConfiguredClientStore;
  resourceServers: ConfiguredResourceServerStore;
  clientGrants: ConfiguredClientGrantStore;
  connections: ConfiguredConnectionStore;
  roles: ConfiguredRoleStore;
  organizations: ConfiguredOrganizationStore;
  tokenExchangeProfiles: ConfiguredTokenExchangeProfileStore;
  users: ConfiguredUserStore;
  identities: ConfiguredIdentityStore;
  tickets: ConfiguredTicketStore;
}
