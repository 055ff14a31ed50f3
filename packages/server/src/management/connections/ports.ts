// Connections, as whoever administers them reads and changes them.
import type { OptionSecrets } from '../../configuration/connections/secrets.ts';
import type { Connection } from '../../model/connection.ts';
import type { Listed, Page } from '../pagination.ts';

export interface ConnectionFilter {
  /** Any of them; empty: all. */
  strategies: readonly string[];
  name: string | undefined;
  /** Those alone that are enabled for this client. */
  client_id?: string;
}

export interface AdministeredConnection {
  connection: Connection;
  secrets: OptionSecrets;
}

/** A connection that is being deleted is not found. */
export interface AdministeredConnectionStore {
  find(id: string): Promise<Connection | undefined>;
  /** By name. */
  page(filter: ConnectionFilter, page: Page): Promise<Listed<AdministeredConnection>>;
  /** The clients that each is enabled for, the server's own left out. */
  listClientsOf(connection_ids: readonly string[]): Promise<Map<string, string[]>>;
  /** By id, the server's own left out. */
  pageClients(connection_id: string, page: Page): Promise<Listed<string>>;
  /** Changes nothing if it is enabled. */
  enableClient(connection_id: string, client_id: string): Promise<void>;
  disableClient(connection_id: string, client_id: string): Promise<void>;
  /** Enables it for exactly these, the server's own aside. */
  replaceClients(connection_id: string, client_ids: readonly string[]): Promise<void>;
  /** Enables it for every third-party client, or for none of them. */
  setThirdParties(connection_id: string, enabled: boolean): Promise<void>;
  /** From now on nobody finds it, and nobody logs in by it; its name stays taken. */
  beginDeletion(id: string, now: number): Promise<void>;
}

export interface ConnectionUserStore {
  has(connection_id: string): Promise<boolean>;
  /** Those of the connection's users that have a permission at this API. */
  listWithPermissionAt(connection_id: string, audience: string): Promise<string[]>;
}

export interface ConnectionStores {
  connections: AdministeredConnectionStore;
  connectionUsers: ConnectionUserStore;
}
