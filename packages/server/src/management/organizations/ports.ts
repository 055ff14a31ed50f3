// Organizations, the connections they let people in by, their members and those who are invited.
import type { Role, RoleItself } from '../../model/access-control.ts';
import type { Connection } from '../../model/connection.ts';
import type { Invitation } from '../../model/invitation.ts';
import type { Organization, OrganizationConnection } from '../../model/organization.ts';
import type { UserSummary } from '../access/ports.ts';
import type { Listed, Page } from '../pagination.ts';

export const organizationSortKeys = ['name', 'display_name', 'created_at'] as const;

export interface OrganizationSort {
  by: (typeof organizationSortKeys)[number];
  descending: boolean;
}

export interface OrganizationStore {
  find(id: string): Promise<Organization | undefined>;
  findByName(name: string): Promise<Organization | undefined>;
  /** By `id`; connections and members stay as they are. */
  upsert(organization: Organization): Promise<void>;
  /** With all that is the organization's. */
  delete(id: string): Promise<void>;
  list(sort: OrganizationSort, page: Page): Promise<Listed<Organization>>;
  /** Those that the user is a member of. */
  listOf(user_id: string, page: Page): Promise<Listed<Organization>>;
}

/** With what a list tells of the connection itself. */
export type JoinedConnection = OrganizationConnection & { connection: Pick<Connection, 'name' | 'strategy'> };

export interface OrganizationConnectionStore {
  /** By `connection_id`. */
  list(
    organization_id: string,
    filter: { is_enabled: boolean | undefined },
    page: Page,
  ): Promise<Listed<JoinedConnection>>;
  find(organization_id: string, connection_id: string): Promise<JoinedConnection | undefined>;
  /** In place of the one that there was. */
  put(connection: OrganizationConnection): Promise<void>;
  remove(organization_id: string, connection_id: string): Promise<void>;
}

export interface OrganizationMemberStore {
  /** By `user_id`. */
  list(organization_id: string, page: Page): Promise<Listed<UserSummary>>;
  isMember(organization_id: string, user_id: string): Promise<boolean>;
  /** Changes nothing if the user is one. */
  add(organization_id: string, user_id: string): Promise<void>;
  /** With the roles that the user had here. */
  remove(organization_id: string, user_id: string): Promise<void>;
  /** By name. */
  listRoles(organization_id: string, user_id: string, page: Page): Promise<Listed<RoleItself>>;
  /** Of the members from the first to the last, by `user_id`. */
  listRolesOf(
    organization_id: string,
    first: string,
    last: string,
  ): Promise<(Pick<Role, 'id' | 'name'> & { user_id: string })[]>;
  countRoles(organization_id: string, user_id: string): Promise<number>;
  /** Changes nothing if the member has it. */
  assignRole(organization_id: string, user_id: string, role_id: string): Promise<void>;
  unassignRole(organization_id: string, user_id: string, role_id: string): Promise<void>;
}

export interface InvitationStore {
  /** The ticket is kept as its hash, and sealed for those who may see the link again. */
  insert(invitation: Invitation, ticket: string): Promise<void>;
  find(organization_id: string, id: string): Promise<Invited | undefined>;
  /** By the time when they were made. */
  list(organization_id: string, sort: { descending: boolean }, page: Page): Promise<Listed<Invited>>;
  remove(organization_id: string, id: string): Promise<void>;
}

export interface Invited {
  invitation: Invitation;
  ticket: string;
}

export interface OrganizationStores {
  organizations: OrganizationStore;
  organizationConnections: OrganizationConnectionStore;
  organizationMembers: OrganizationMemberStore;
  invitations: InvitationStore;
}
