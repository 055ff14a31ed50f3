// The stores, as oauth, login and configuration know them, each bound to one executor: the connection for reads, or
// one transaction.
import type { ConfigurationStores } from '../configuration/ports.ts';
import type { DeliveryStores } from '../deliveries/ports.ts';
import type { LoginStores } from '../login/ports.ts';
import type { ManagementStores } from '../management/ports.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { RegistrationStores } from '../oauth/registration/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Encryption } from '../runtime/cryptography/encryption.ts';
import type { Random } from '../runtime/random.ts';
import { ConfigurationCache, type ConfigurationReads, UncachedReads } from './configuration-cache.ts';
import { SqlAuthenticationMethodStore } from './entities/authentication-methods.ts';
import { SqlClientGrantStore } from './entities/client-grants.ts';
import { SqlClientStore } from './entities/clients.ts';
import { SqlConnectionUserStore } from './entities/connection-users.ts';
import { SqlConnectionStore } from './entities/connections.ts';
import { SqlDeliveryStore } from './entities/deliveries.ts';
import { SqlDeviceCodeStore } from './entities/device-codes.ts';
import { SqlExportedUserStore } from './entities/exported-users.ts';
import { SqlFailedLoginStore } from './entities/failed-logins.ts';
import { SqlGrantListStore } from './entities/grant-list.ts';
import { SqlIdentityStore } from './entities/identities.ts';
import { SqlInvitationStore } from './entities/invitations.ts';
import { SqlJobStore } from './entities/jobs.ts';
import { LogIds, SqlTenantLog } from './entities/log.ts';
import { SqlLogReader } from './entities/log-reader.ts';
import { SqlLoginTransactionStore, SqlParkedRequestStore } from './entities/login-transactions.ts';
import { SqlMessageCountStore, SqlOneTimePasswordStore } from './entities/one-time-passwords.ts';
import { SqlOrganizationConnectionStore } from './entities/organization-connections.ts';
import { SqlOrganizationMemberStore } from './entities/organization-members.ts';
import { SqlOrganizationStore } from './entities/organizations.ts';
import { SqlPushedRequestStore } from './entities/pushed-requests.ts';
import { SqlRefreshTokenDetailsStore } from './entities/refresh-token-details.ts';
import { SqlResourceServerStore } from './entities/resource-servers.ts';
import { SqlRoleStore } from './entities/roles.ts';
import { SqlSessionDetailsStore } from './entities/session-details.ts';
import { SqlSessionStore } from './entities/sessions.ts';
import { SqlSigningKeyStore } from './entities/signing-keys.ts';
import { SqlStatisticStore } from './entities/statistics.ts';
import { SqlTenantSettingsStore } from './entities/tenant.ts';
import { SqlTicketStore } from './entities/tickets.ts';
import { SqlTokenExchangeProfileStore } from './entities/token-exchange-profiles.ts';
import { SqlUsedIdentifierStore } from './entities/used-identifiers.ts';
import { SqlUserAccessStore } from './entities/user-access.ts';
import { SqlUserGrantStore } from './entities/user-grants.ts';
import { SqlUserSearchStore } from './entities/user-search.ts';
import { SqlUserStore } from './entities/users.ts';
import type { Database, Executor } from './executor.ts';
import { LiveSettings } from './live-settings.ts';
import { SqlAuthorizationStore } from './protocol.ts';
import { SqlRefreshTokenStore } from './refresh-tokens.ts';

export interface Surroundings {
  encryption: Encryption;
  clock: Clock;
  random: Random;
}

export interface SqlUnitOfWork extends UnitOfWork<Stores> {
  /** The tenant's settings, for those who ask them at every request. */
  settings: LiveSettings;
}

export function createUnitOfWork(
  database: Database,
  { encryption, clock, random }: Surroundings,
): SqlUnitOfWork {
  const logIds = new LogIds(random);
  const cache = new ConfigurationCache(clock);
  const bind = (executor: Executor, configuration: ConfigurationReads) =>
    new Stores(executor, encryption, clock, logIds, configuration);
  const read = bind(database.read, cache.reads);
  return {
    read,
    settings: new LiveSettings(cache, () => read.tenant.get()),
    async transaction(work) {
      let reads = new UncachedReads();
      const result = await database.transaction((executor) => {
        reads = new UncachedReads();
        return work(bind(executor, reads));
      });
      if (reads.hasChanged) cache.forget(clock.now());
      return result;
    },
  };
}

/** A store costs one small object, so each is made when it is asked for. */
export class Stores
  implements LoginStores, ConfigurationStores, DeliveryStores, RegistrationStores, ManagementStores
{
  readonly #executor: Executor;
  readonly #encryption: Encryption;
  readonly #clock: Clock;
  readonly #logIds: LogIds;
  readonly #configuration: ConfigurationReads;

  constructor(
    executor: Executor,
    encryption: Encryption,
    clock: Clock,
    logIds: LogIds,
    configuration: ConfigurationReads,
  ) {
    this.#executor = executor;
    this.#encryption = encryption;
    this.#clock = clock;
    this.#logIds = logIds;
    this.#configuration = configuration;
  }

  get tenant(): SqlTenantSettingsStore {
    return new SqlTenantSettingsStore(this.#executor, this.#configuration);
  }

  get clients(): SqlClientStore {
    return new SqlClientStore(this.#executor, this.#encryption, this.#configuration);
  }

  get resourceServers(): SqlResourceServerStore {
    return new SqlResourceServerStore(this.#executor, this.#encryption);
  }

  get clientGrants(): SqlClientGrantStore {
    return new SqlClientGrantStore(this.#executor);
  }

  get connections(): SqlConnectionStore {
    return new SqlConnectionStore(this.#executor, this.#encryption, this.#configuration);
  }

  get connectionUsers(): SqlConnectionUserStore {
    return new SqlConnectionUserStore(this.#executor);
  }

  get users(): SqlUserStore {
    return new SqlUserStore(this.#executor, this.#clock);
  }

  get identities(): SqlIdentityStore {
    return new SqlIdentityStore(this.#executor);
  }

  get userSearch(): SqlUserSearchStore {
    return new SqlUserSearchStore(this.#executor);
  }

  get roles(): SqlRoleStore {
    return new SqlRoleStore(this.#executor);
  }

  get userAccess(): SqlUserAccessStore {
    return new SqlUserAccessStore(this.#executor);
  }

  get organizationConnections(): SqlOrganizationConnectionStore {
    return new SqlOrganizationConnectionStore(this.#executor);
  }

  get organizationMembers(): SqlOrganizationMemberStore {
    return new SqlOrganizationMemberStore(this.#executor);
  }

  get invitations(): SqlInvitationStore {
    return new SqlInvitationStore(this.#executor, this.#encryption);
  }

  get organizations(): SqlOrganizationStore {
    return new SqlOrganizationStore(this.#executor);
  }

  get sessions(): SqlSessionStore {
    return new SqlSessionStore(this.#executor);
  }

  get loginTransactions(): SqlLoginTransactionStore {
    return new SqlLoginTransactionStore(this.#executor, this.#encryption);
  }

  get parkedRequests(): SqlParkedRequestStore {
    return new SqlParkedRequestStore(this.#executor);
  }

  get failedLogins(): SqlFailedLoginStore {
    return new SqlFailedLoginStore(this.#executor);
  }

  get pushedRequests(): SqlPushedRequestStore {
    return new SqlPushedRequestStore(this.#executor);
  }

  get userGrants(): SqlUserGrantStore {
    return new SqlUserGrantStore(this.#executor);
  }

  get authorizations(): SqlAuthorizationStore {
    return new SqlAuthorizationStore(this.#executor);
  }

  get refreshTokens(): SqlRefreshTokenStore {
    return new SqlRefreshTokenStore(this.#executor);
  }

  get deviceCodes(): SqlDeviceCodeStore {
    return new SqlDeviceCodeStore(this.#executor);
  }

  get signingKeys(): SqlSigningKeyStore {
    return new SqlSigningKeyStore(this.#executor, this.#encryption, this.#configuration);
  }

  get usedIdentifiers(): SqlUsedIdentifierStore {
    return new SqlUsedIdentifierStore(this.#executor);
  }

  get tokenExchangeProfiles(): SqlTokenExchangeProfileStore {
    return new SqlTokenExchangeProfileStore(this.#executor);
  }

  get authenticationMethods(): SqlAuthenticationMethodStore {
    return new SqlAuthenticationMethodStore(this.#executor, this.#encryption);
  }

  get exportedUsers(): SqlExportedUserStore {
    return new SqlExportedUserStore(this.#executor);
  }

  get jobs(): SqlJobStore {
    return new SqlJobStore(this.#executor);
  }

  get tickets(): SqlTicketStore {
    return new SqlTicketStore(this.#executor);
  }

  get oneTimePasswords(): SqlOneTimePasswordStore {
    return new SqlOneTimePasswordStore(this.#executor);
  }

  get messageCounts(): SqlMessageCountStore {
    return new SqlMessageCountStore(this.#executor);
  }

  get deliveries(): SqlDeliveryStore {
    return new SqlDeliveryStore(this.#executor, this.#encryption);
  }

  get sessionDetails(): SqlSessionDetailsStore {
    return new SqlSessionDetailsStore(this.#executor);
  }

  get refreshTokenDetails(): SqlRefreshTokenDetailsStore {
    return new SqlRefreshTokenDetailsStore(this.#executor);
  }

  get grantList(): SqlGrantListStore {
    return new SqlGrantListStore(this.#executor);
  }

  get logReader(): SqlLogReader {
    return new SqlLogReader(this.#executor);
  }

  get statistics(): SqlStatisticStore {
    return new SqlStatisticStore(this.#executor);
  }

  get log(): SqlTenantLog {
    return new SqlTenantLog(this.#executor, this.#clock, this.#logIds);
  }
}
