// The stores that the routes of clients and of their grants need beside those of logins and of the tenant file.
import type { Client } from '../../model/client.ts';
import type { ClientGrant, DefaultClientGrant } from '../../model/resource-server.ts';
import type { Listed, Page } from '../pagination.ts';

export interface ClientFilters {
  /** The client "All Applications" alone, or every other. */
  global?: boolean | undefined;
  is_first_party?: boolean | undefined;
  /** Those alone with a client grant for any organization. */
  for_any_organization?: true | undefined;
  /** Any of them. */
  app_types?: readonly Client['app_type'][] | undefined;
}

/** What a client, or every third-party client, may have of an API. */
export type AnyClientGrant = ClientGrant | DefaultClientGrant;

export interface ClientGrantFilters {
  client_id?: string | undefined;
  audience?: string | undefined;
  subject_type?: ClientGrant['subject_type'] | undefined;
  allow_any_organization?: boolean | undefined;
  default_for?: DefaultClientGrant['default_for'] | undefined;
}

export interface ClientStores {
  clients: {
    /** By name. Of the server's own, "All Applications" alone. */
    listPage(filters: ClientFilters, page: Page): Promise<Listed<Client>>;
  };
  clientGrants: {
    /** By id, those of the server's own clients too. */
    findById(id: string): Promise<AnyClientGrant | undefined>;
    /** By id, without those of the server's own clients. */
    listPage(filters: ClientGrantFilters, page: Page): Promise<Listed<AnyClientGrant>>;
    deleteById(id: string): Promise<void>;
  };
  connections: {
    /** Enables every connection that there is. */
    enableAll(client_id: string): Promise<void>;
  };
}
