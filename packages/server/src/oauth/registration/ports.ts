// The stores that registration needs; storage implements them.
import type { Client } from '../../model/client.ts';
import type { ClientStore, TenantLog } from '../ports.ts';

/** RFC 7591, RFC 7592: clients that registered themselves. */
export interface RegisteredClientStore extends ClientStore {
  /** Inserts the client, or replaces the one of this `client_id`; its secret stays as it is (none for a new one). */
  upsert(client: Client): Promise<void>;
  /** Seals the secret beside the client; null takes it away. */
  setSecret(client_id: string, secret: string | null): Promise<void>;
  /** By the SHA-256 of the token: the only one that is accepted from now on. */
  setRegistrationToken(client_id: string, hash: string): Promise<void>;
  hasRegistrationToken(client_id: string, hash: string): Promise<boolean>;
  /** With everything that hangs on it: grants, consents, refresh tokens. */
  delete(client_id: string): Promise<void>;
}

export interface RegistrationStores {
  clients: RegisteredClientStore;
  connections: {
    /** DR-2: enables the connections that are for third-party clients. */
    enableDomainConnections(client_id: string): Promise<void>;
  };
  log: TenantLog;
}
