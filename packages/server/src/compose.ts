// Builds everything that one tenant needs, once and in order. The only file that imports from everywhere.
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { bootstrap } from './bootstrap.ts';
import { judgeRegisteredClient } from './configuration/clients/registered-client.ts';
import { dashboardClientId, dashboardTryClientId } from './configuration/own-clients.ts';
import { createDeliveryRunner } from './deliveries/runner.ts';
import { readAssets } from './http/assets.ts';
import { findDashboardFiles } from './http/dashboard-files.ts';
import { setUpPath } from './http/routes/set-up.ts';
import { createServer } from './http/server.ts';
import type { Tenant } from './http/tenant.ts';
import { connectionDeletionKind } from './login/connection-deletion.ts';
import { createEmbeddedLogins } from './login/embedded-logins.ts';
import { passwordChangeKind } from './login/passwords/password-change.ts';
import { createBruteForceProtection } from './login/protection/attack-protection.ts';
import { createIpThrottling } from './login/protection/ip-throttling.ts';
import { createMessageLimits } from './login/protection/message-limits.ts';
import { openAdministratorLink } from './management/first-administrator.ts';
import { usersImportKind } from './management/jobs/users-import-kind.ts';
import type { SmsSender } from './messages/sms.ts';
import type { DeliveryKind } from './model/delivery.ts';
import type { TenantSettings } from './model/tenant.ts';
import { mustBeConfirmed } from './oauth/authorize/redirect-uri.ts';
import { backchannelLogoutKind } from './oauth/backchannel-logout.ts';
import { createKeys } from './oauth/issue/keys.ts';
import { createOpaqueTokens } from './oauth/issue/opaque-token.ts';
import type { SigningSecrets } from './oauth/issue/signing.ts';
import type { UnitOfWork } from './oauth/ports.ts';
import { createDpopNonces } from './oauth/proof/dpop.ts';
import { createKeySets } from './oauth/proof/key-sets.ts';
import type { Clock } from './runtime/clock.ts';
import { createEncryption, type Encryption } from './runtime/cryptography/encryption.ts';
import { issueLocalCertificate, type LocalCertificate } from './runtime/cryptography/local-authority.ts';
import { loadMasterKey } from './runtime/cryptography/master-key.ts';
import { createPasswordHashing } from './runtime/cryptography/password-hashing.ts';
import type { Log } from './runtime/log.ts';
import { createOutbound } from './runtime/network/outbound.ts';
import { TokenBuckets } from './runtime/network/token-buckets.ts';
import type { Random } from './runtime/random.ts';
import type { Settings } from './runtime/settings/settings.ts';
import { openDatabase } from './storage/database.ts';
import { checkMasterKey, hasSecrets } from './storage/master-key-check.ts';
import { sweep } from './storage/sweeper.ts';
import { createUnitOfWork, type SqlUnitOfWork, type Stores } from './storage/unit-of-work.ts';

export interface Surroundings {
  clock: Clock;
  random: Random;
  log: Log;
  /** What sends text messages; without it they wait in the outbox. */
  smsSender?: SmsSender;
  /** The folder with the pages' stylesheets and scripts. */
  assetsFolder: string;
}

export interface Composed {
  tenant: Tenant;
  server: FastifyInstance;
  unitOfWork: UnitOfWork<Stores>;
  /** What https is served with, if it is. */
  tls: Settings['tls'] | LocalCertificate;
  /** Where the first administrator is made; undefined where there is one. */
  setUpUrl: string | undefined;
  /** Sends what is to be sent by now. */
  deliverDue(): Promise<void>;
  /** Deletes what has expired. */
  sweep(): Promise<number>;
  /** Lets the requests that came and the deliveries that run finish, then closes the database. */
  close(): Promise<void>;
}

/** Throws SettingsError, ConfigurationError, MasterKeyError, SecretFileError, WrongMasterKey or DatabaseRefused, with what to do. */
export async function compose(settings: Settings, surroundings: Surroundings): Promise<Composed> {
  const { clock, log } = surroundings;
  const database = await openDatabase(databaseUrl(settings), { log });
  try {
    const masterKey = loadMasterKey({
      fromEnvironment: settings.masterKey,
      dataDirectory: settings.dataDirectory,
      mayCreate: !(await hasSecrets(database)),
    });
    const encryption = createEncryption(masterKey);
    await checkMasterKey(database, encryption);
    const { random } = surroundings;
    const unitOfWork = createUnitOfWork(database, { encryption, clock, random });
    const tenant = await composeTenant(settings, surroundings, unitOfWork, encryption, () => database.ping());
    const { trustedProxies, localHttps, dataDirectory, issuer } = settings;
    const tls = localHttps ? issueLocalCertificate({ dataDirectory, issuer, clock, random }) : settings.tls;
    const server = await createServer(tenant, { trustedProxies, tls });
    const kinds = [
      backchannelLogoutKind(tenant),
      passwordChangeKind(tenant),
      connectionDeletionKind({ unitOfWork, ...surroundings }),
      usersImportKind(tenant),
      ...(await messageKindsOf(settings, surroundings, () => tenant.settings, unitOfWork)),
    ];
    const deliveries = createDeliveryRunner({ unitOfWork, clock, log, kinds });
    return {
      tenant,
      server,
      unitOfWork,
      tls,
      setUpUrl: await setUpUrlOf(tenant),
      async deliverDue() {
        await tenant.refreshSettings();
        await deliveries.deliverDue();
      },
      async sweep() {
        await tenant.refreshSettings();
        return sweep(database, clock.now(), tenant.settings);
      },
      async close() {
        await Promise.all([server.close(), deliveries.close()]);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function composeTenant(
  settings: Settings,
  { clock, random, log, assetsFolder }: Surroundings,
  unitOfWork: SqlUnitOfWork,
  encryption: Encryption,
  ping: () => Promise<void>,
): Promise<Tenant> {
  const { issuer } = settings;
  const passwordHashing = createPasswordHashing({ random });
  const outbound = createOutbound({ insecureAllowPrivate: settings.insecureAllowPrivateOutbound });
  const [keys, { tryClientId }] = await Promise.all([
    createKeys({ unitOfWork, clock, random, issuer }),
    bootstrap(settings, { unitOfWork, clock, random, passwordHashing, log }),
  ]);
  const live = unitOfWork.settings;
  await live.refresh();
  const codeKey = encryption.subkey('one-time passwords');
  const links = createOpaqueTokens(encryption.subkey('passwordless links'), random);
  const messageLimits = createMessageLimits(encryption.subkey('message limits'), issuer);
  const bruteForceProtection = bruteForceProtectionOf(() => live.current, encryption);
  const ipThrottling = createIpThrottling(() => live.current.suspicious_ip_throttling, { clock, issuer });
  return {
    issuer,
    get settings() {
      return live.current;
    },
    refreshSettings: () => live.refresh(),
    unitOfWork,
    clock,
    random,
    keys,
    signingSecrets: signingSecretsOf(unitOfWork),
    opaqueTokens: createOpaqueTokens(encryption.subkey('opaque access tokens'), random),
    dpopNonces: createDpopNonces(encryption.subkey('dpop nonces'), clock),
    passwordHashing,
    bruteForceProtection,
    messageLimits,
    codeKey,
    links,
    exportLinks: createOpaqueTokens(encryption.subkey('links to exports'), random),
    checkpoints: createOpaqueTokens(encryption.subkey('checkpoints of lists'), random),
    ipThrottling,
    embeddedLogins: createEmbeddedLogins({
      unitOfWork,
      clock,
      random,
      passwordHashing,
      bruteForceProtection,
      ipThrottling,
      messageLimits,
      codeKey,
      links,
      issuer,
    }),
    takesCertificates: settings.trustedProxies.length > 0,
    formKey: encryption.subkey('forms'),
    administratorLinkKey: encryption.subkey('administrator links'),
    assets: readAssets(assetsFolder),
    log,
    outbound,
    keySets: createKeySets({ outbound, clock }),
    oncePerMinute: new TokenBuckets({ size: 1, interval: 60_000 }, clock),
    tryClientId,
    dashboardClientId,
    dashboardTryClientId,
    dashboardFiles: findDashboardFiles(join(assetsFolder, 'dashboard')),
    judgeClient: judgeRegisteredClient,
    confirmsCallback: (client, redirect_uri) => mustBeConfirmed(redirect_uri, client, live.current, issuer),
    ping,
  };
}

async function setUpUrlOf(tenant: Tenant): Promise<string | undefined> {
  const link = tenant.dashboardFiles && (await openAdministratorLink(tenant));
  return link && `${tenant.issuer.slice(0, -1)}${setUpPath}#${link}`;
}

/** What nobody is there to send has no kind: it stays where it waits, the outbox. */
async function messageKindsOf(
  { smtp }: Settings,
  { smsSender, clock, log }: Surroundings,
  tenant: () => TenantSettings,
  { read }: UnitOfWork<Stores>,
): Promise<DeliveryKind[]> {
  const kinds: DeliveryKind[] = [];
  // Loaded only where something is sent: a start without it is faster and smaller.
  if (smtp !== undefined) {
    const [{ createMessageKind }, { createSmtpTransport }, { createMailWriter }] = await Promise.all([
      import('./messages/message-kind.ts'),
      import('./messages/smtp.ts'),
      import('./messages/write-mail.ts'),
    ]);
    const [sender, write] = [createSmtpTransport(smtp), createMailWriter(tenant)];
    kinds.push(createMessageKind({ channel: 'mail', sender, write, clock, log }));
  }
  if (smsSender !== undefined) {
    const [{ createMessageKind }, { createTextWriter }] = await Promise.all([
      import('./messages/message-kind.ts'),
      import('./messages/sms.ts'),
    ]);
    const write = createTextWriter(tenant);
    kinds.push(createMessageKind({ channel: 'sms', sender: smsSender, write, clock, log }));
  } else if ((await read.connections.list()).some(({ strategy }) => strategy === 'sms')) {
    log.warn('text messages wait, for nothing is there to send them: `freehold outbox` shows them');
  }
  return kinds;
}

/** Of those alone whose tokens are signed by them: any other secret verifies nothing. */
function signingSecretsOf({ read }: UnitOfWork<Stores>): SigningSecrets {
  return {
    async ofClient(client_id) {
      const client = await read.clients.find(client_id);
      return client?.jwt_configuration.alg === 'HS256' ? read.clients.findSecret(client_id) : undefined;
    },
    async ofResourceServer(identifier) {
      const resourceServer = await read.resourceServers.find(identifier);
      return resourceServer?.signing_alg === 'HS256'
        ? read.resourceServers.findSigningSecret(identifier)
        : undefined;
    },
  };
}

/** `freehold unblock` has to find the keys under which the servers count. */
export function bruteForceProtectionOf(settings: () => TenantSettings, encryption: Encryption) {
  const key = encryption.subkey('failed logins');
  return createBruteForceProtection(() => settings().brute_force_protection, key);
}

export function databaseUrl({ database }: Settings): string {
  return database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url;
}
