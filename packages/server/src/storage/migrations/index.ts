// The migrations, in order. One that has been released is never changed; a later one mends it.
import type { SqlDialect } from '../sql-dialects.ts';
import { tenantAndUsers } from './0001-tenant-and-users.ts';
import { loginsAndTokens } from './0002-logins-and-tokens.ts';
import { pushedAuthorizationRequests } from './0003-pushed-authorization-requests.ts';
import { proofs } from './0004-proofs.ts';
import { mailAndOneTimePasswords } from './0005-mail-and-one-time-passwords.ts';
import { deviceCodes } from './0006-device-codes.ts';
import { refreshRotation } from './0007-refresh-rotation.ts';
import { deliveries } from './0008-deliveries.ts';
import { registration } from './0009-registration.ts';
import { resourceServerClients } from './0010-resource-server-clients.ts';
import { tokenExchange } from './0011-token-exchange.ts';
import { tickets } from './0012-tickets.ts';
import { defaultClientGrants } from './0013-default-client-grants.ts';
import { phoneNumbers } from './0014-phone-numbers.ts';
import { administration } from './0015-administration.ts';
import { wholeClients } from './0016-whole-clients.ts';
import { connectionsAndResourceServers } from './0017-connections-and-resource-servers.ts';
import { statistics } from './0018-statistics.ts';
import { users } from './0019-users.ts';
import { search } from './0020-search.ts';
import { organizations } from './0021-organizations.ts';
import { namesOfRoles } from './0023-names-of-roles.ts';
import { narrowIndexes } from './0024-narrow-indexes.ts';
import { writingLess } from './0025-writing-less.ts';
import { identifierFirst } from './0026-identifier-first.ts';
import { tokenExchangeProfiles } from './0027-token-exchange-profiles.ts';
import { approvalsOfDevices } from './0028-approvals-of-devices.ts';

export interface Migration {
  readonly name: string;
  statements(dialect: SqlDialect): string[];
}

export const migrations: readonly Migration[] = [
  tenantAndUsers,
  loginsAndTokens,
  pushedAuthorizationRequests,
  proofs,
  mailAndOneTimePasswords,
  deviceCodes,
  refreshRotation,
  deliveries,
  registration,
  resourceServerClients,
  tokenExchange,
  tickets,
  defaultClientGrants,
  phoneNumbers,
  administration,
  wholeClients,
  connectionsAndResourceServers,
  statistics,
  users,
  search,
  organizations,
  namesOfRoles,
  narrowIndexes,
  writingLess,
  identifierFirst,
  tokenExchangeProfiles,
  approvalsOfDevices,
];
