// What routes of the Management API need from outside. Storage implements the stores; a subject's own are declared in
// its room, and joined here.
import type { ConfigurationStores } from '../configuration/ports.ts';
import type { ConnectionDeletionStores } from '../login/connection-deletion.ts';
import type { PasswordChangePorts } from '../login/passwords/password-change.ts';
import type { LoginStores } from '../login/ports.ts';
import type { OpaqueTokens } from '../oauth/issue/opaque-token.ts';
import type { TokenPorts } from '../oauth/issue/tokens.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { DpopPorts } from '../oauth/proof/dpop.ts';
import type { RegistrationStores } from '../oauth/registration/ports.ts';
import type { TokenBuckets } from '../runtime/network/token-buckets.ts';
import type { AccessStores } from './access/ports.ts';
import type { AuthenticationMethodStores } from './authentication-methods/ports.ts';
import type { ClientStores } from './clients/ports.ts';
import type { ConnectionStores } from './connections/ports.ts';
import type { JobStores } from './jobs/ports.ts';
import type { LogStores } from './logs/ports.ts';
import type { OrganizationStores } from './organizations/ports.ts';
import type { ResourceServerStores } from './resource-servers/ports.ts';
import type { SearchStores } from './search/ports.ts';
import type { SessionStores } from './sessions/ports.ts';
import type { StatisticStores } from './tenant/ports.ts';
import type { UserStores } from './users/ports.ts';

export interface AdministrationStores {
  roles: {
    /** The users, not blocked, who have the role: at most `limit`. */
    listActiveMembers(role_id: string, limit: number): Promise<string[]>;
  };
}

export type ManagementStores = LoginStores &
  ConfigurationStores &
  RegistrationStores &
  AdministrationStores &
  AccessStores &
  AuthenticationMethodStores &
  ClientStores &
  ConnectionDeletionStores &
  ConnectionStores &
  OrganizationStores &
  ResourceServerStores &
  JobStores &
  UserStores &
  LogStores &
  SearchStores &
  SessionStores &
  StatisticStores;

export interface ManagementPorts extends TokenPorts, DpopPorts, PasswordChangePorts {
  unitOfWork: UnitOfWork<ManagementStores>;
  /** Seals the links to exports. */
  exportLinks: OpaqueTokens;
  /** Seals where a page of a list ended. */
  checkpoints: OpaqueTokens;
  /** A token a minute for each key. */
  oncePerMinute: TokenBuckets;
}
