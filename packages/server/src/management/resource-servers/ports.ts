// APIs, as whoever administers them reads and changes them.
import type { ResourceServer } from '../../model/resource-server.ts';
import type { Listed, Page } from '../pagination.ts';

export interface AdministeredResourceServerStore {
  findById(id: string): Promise<ResourceServer | undefined>;
  /** By identifier; of these identifiers, where some are given. */
  list(identifiers: readonly string[], page: Page): Promise<Listed<ResourceServer>>;
  /** Its client grants go with it, and its permissions, whoever has them. */
  delete(resourceServer: Pick<ResourceServer, 'id' | 'identifier'>): Promise<void>;
  /** Scopes that it has no more: whoever was granted them, or has them as permissions, has them no more. */
  forgetScopes(identifier: string, scopes: readonly string[]): Promise<void>;
}

export interface ResourceServerStores {
  resourceServers: AdministeredResourceServerStore;
}
