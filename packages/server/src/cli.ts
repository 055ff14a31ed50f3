// The `freehold` command. main.ts passes in what it may see of the process.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createAdministrator, parseAdminFlags } from './cli-admin.ts';
import { bruteForceProtectionOf, databaseUrl } from './compose.ts';
import { keyAlgorithms } from './model/client.ts';
import { channelOf, channels, messageSchema } from './model/message.ts';
import { tenantSettingsSchema } from './model/tenant.ts';
import { createKeys } from './oauth/issue/keys.ts';
import { systemClock } from './runtime/clock.ts';
import { createEncryption, type Encryption } from './runtime/cryptography/encryption.ts';
import { loadMasterKey, parseMasterKey, replaceKeyFile } from './runtime/cryptography/master-key.ts';
import { systemRandom } from './runtime/random.ts';
import { parseSettings, type Settings, SettingsError } from './runtime/settings/settings.ts';
import { type Database, openDatabase } from './storage/database.ts';
import { checkMasterKey, rewrap } from './storage/master-key-check.ts';
import { createUnitOfWork } from './storage/unit-of-work.ts';

export interface Invocation {
  arguments: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  workingDirectory: string;
  print(text: string): void;
  /** Undefined where there is nobody to ask, or who was asked gave up. */
  askSecret?: (question: string) => Promise<string | undefined>;
  /** Runs the server; returns once it has stopped. */
  serve(settings: Settings): Promise<void>;
}

const usage = `freehold: an identity server you own

  freehold start [--tenant FILE] [--users FILE] [--port N] [--https]
                 [--insecure-allow-http] [--insecure-allow-private-outbound]
      starts the server. With --https a local certification authority is made once, and
      the server says how to trust it.

  freehold login --issuer URL --client-id ID [--audience A] [--scope S] [--no-browser]
      logs somebody in by the browser, at any server, and prints the tokens

  freehold admin create --email ADDRESS [--generate-password]
      makes an owner of the tenant, who may do everything in the dashboard. The password is
      asked for, or generated and shown. The servers may run.

  freehold unblock EMAIL
      lets somebody log in again who was blocked after too many failures, from every
      address. EMAIL is what is typed at the login: a username or a telephone number, where
      that is used.

  freehold restored
      after a backup was restored, before the servers start: revokes every refresh token,
      for those that were spent since the backup would be good again

  freehold outbox
      shows the mail and the text messages that wait, the newest last: all of them, where
      nothing is set that sends them

  freehold keys list
      shows the keys that tokens are signed with

  freehold keys rotate [ALGORITHM]
      signs with the next key from now on (RS256 unless another is named); what the keys
      before have signed stays good. The servers may run.

  freehold keys revoke KID
      takes a key out of the published ones: what it has signed is refused from now on

  freehold keys rewrap --to FILE
      seals every secret in the database with another master key: 32 bytes in base64,
      as \`openssl rand -base64 32 > FILE\` makes them. Stop the servers first.

  freehold help
      shows this

Settings come from the environment: docs/settings.md lists them.`;

/** Throws what it cannot do, with the words for the person who asked. */
export async function run(invocation: Invocation): Promise<void> {
  const [command = 'help', ...rest] = invocation.arguments;
  if (command === 'start') return invocation.serve(settingsOf(rest, invocation));
  if (command === 'admin') return administer(rest, invocation);
  if (command === 'unblock') return unblock(rest, invocation);
  if (command === 'restored') return revokeRefreshTokens(rest, invocation);
  if (command === 'outbox') return showOutbox(rest, invocation);
  if (command === 'keys' && rest[0] === 'rewrap') return rewrapSecrets(rest.slice(1), invocation);
  if (command === 'keys') return changeSigningKeys(rest, invocation);
  if (command === 'help' || command === '--help' || command === '-h') return invocation.print(usage);
  throw new SettingsError([`There is no command ${command}. Run \`freehold help\` to see them.`]);
}

function settingsOf(flags: readonly string[], { environment, workingDirectory }: Invocation): Settings {
  return parseSettings({ environment, arguments: flags, workingDirectory });
}

async function administer(flags: readonly string[], invocation: Invocation): Promise<void> {
  const asked = parseAdminFlags(flags);
  const settings = settingsOf([], invocation);
  const { issuer } = settings;
  await withDatabase(settings, async (database, encryption) => {
    const unitOfWork = createUnitOfWork(database, { encryption, clock: systemClock, random: systemRandom });
    const { print, askSecret = async () => undefined } = invocation;
    await createAdministrator(asked, unitOfWork, { issuer, print, askSecret });
  });
}

/** AP-3 */
async function unblock(identifiers: readonly string[], invocation: Invocation): Promise<void> {
  const [identifier] = identifiers;
  if (identifier === undefined || identifiers.length > 1) {
    throw new SettingsError([
      'freehold unblock takes one identifier: the e-mail address, username or telephone number',
    ]);
  }
  const settings = settingsOf([], invocation);
  await withDatabase(settings, async (database, encryption) => {
    const unitOfWork = createUnitOfWork(database, { encryption, clock: systemClock, random: systemRandom });
    const cleared = await unitOfWork.transaction(async ({ tenant, connections, failedLogins }) => {
      const stored = (await tenant.get()) ?? tenantSettingsSchema.parse({});
      const protection = bruteForceProtectionOf(() => stored, encryption);
      let total = 0;
      for (const { id } of await connections.list()) {
        total += await protection.unblock({ identifier, connection_id: id }, failedLogins);
      }
      return total;
    });
    invocation.print(
      cleared === 0
        ? `No failed logins are counted for ${identifier}.`
        : `The failed logins of ${identifier} are forgotten.`,
    );
  });
}

/** A backup knows nothing of what was spent, superseded and revoked after it was made. */
async function revokeRefreshTokens(flags: readonly string[], invocation: Invocation): Promise<void> {
  if (flags.length > 0) throw new SettingsError(['freehold restored takes no flags']);
  await withDatabase(settingsOf([], invocation), async (database, encryption) => {
    const unitOfWork = createUnitOfWork(database, { encryption, clock: systemClock, random: systemRandom });
    const now = systemClock.now();
    const revoked = await unitOfWork.transaction(({ refreshTokens }) => refreshTokens.revokeAll(now));
    invocation.print(`Refresh tokens that are revoked now: ${revoked}`);
  });
}

/** Messages that are shown at most. */
const mostShown = 20;

async function showOutbox(flags: readonly string[], invocation: Invocation): Promise<void> {
  if (flags.length > 0) throw new SettingsError(['freehold outbox takes no flags']);
  await withDatabase(settingsOf([], invocation), async (database, encryption) => {
    const { read } = createUnitOfWork(database, { encryption, clock: systemClock, random: systemRandom });
    const [{ createMailWriter }, { createTextWriter }] = await Promise.all([
      import('./messages/write-mail.ts'),
      import('./messages/sms.ts'),
    ]);
    const tenant = (await read.tenant.get()) ?? tenantSettingsSchema.parse({});
    const [writeMail, writeText] = [createMailWriter(() => tenant), createTextWriter(() => tenant)];
    const lists = await Promise.all(channels.map((channel) => read.deliveries.list(channel, mostShown)));
    const waiting = lists.flat().sort((one, other) => one.created_at - other.created_at);
    if (waiting.length === 0) return invocation.print('No message waits.');
    for (const { content, created_at } of waiting.slice(-mostShown)) {
      const message = messageSchema.parse(content);
      const date = new Date(created_at * 1000).toISOString();
      const said = channelOf(message) === 'sms' ? writeText(message) : writeMail(message);
      const subject = 'subject' in said ? `\nSubject: ${said.subject}` : '';
      invocation.print(`Date: ${date}\nTo: ${said.to}${subject}\n\n${said.text}\n${'-'.repeat(72)}`);
    }
  });
}

/** SG-5, SG-6: running servers read the keys anew within a second. */
async function changeSigningKeys(
  [action, name, ...more]: readonly string[],
  invocation: Invocation,
): Promise<void> {
  const alg = keyAlgorithms.find((known) => known === (name ?? 'RS256'));
  const isRight = { list: name === undefined, rotate: alg !== undefined, revoke: name !== undefined };
  if (more.length > 0 || !Object.entries(isRight).some(([known, right]) => known === action && right)) {
    throw new SettingsError([
      `freehold keys takes list, rotate [${keyAlgorithms.join('|')}], revoke KID or rewrap --to FILE`,
    ]);
  }
  const settings = settingsOf([], invocation);
  await withDatabase(settings, async (database, encryption) => {
    const ports = { clock: systemClock, random: systemRandom };
    const unitOfWork = createUnitOfWork(database, { encryption, ...ports });
    const keys = await createKeys({ unitOfWork, ...ports, issuer: settings.issuer });
    if (action === 'rotate' && alg !== undefined) await keys.rotate(alg);
    const listed = await unitOfWork.read.signingKeys.list();
    const revoked = action === 'revoke' ? listed.find(({ kid }) => kid === name) : undefined;
    if (action === 'revoke' && (revoked === undefined || revoked.status === 'next')) {
      throw new SettingsError([`${name} is no key that has signed: \`freehold keys list\` shows them`]);
    }
    if (revoked !== undefined) await keys.revoke(revoked.kid);
    for (const { kid, alg, status } of await unitOfWork.read.signingKeys.list()) {
      invocation.print(`${kid}  ${alg}  ${status}`);
    }
  });
}

/** The database with the master key that seals it. */
async function withDatabase(
  settings: Settings,
  work: (database: Database, encryption: Encryption) => Promise<void>,
): Promise<void> {
  const { masterKey: fromEnvironment, dataDirectory } = settings;
  const encryption = createEncryption(loadMasterKey({ fromEnvironment, dataDirectory, mayCreate: false }));
  const database = await openDatabase(databaseUrl(settings));
  try {
    await checkMasterKey(database, encryption);
    await work(database, encryption);
  } finally {
    await database.close();
  }
}

/** KY-1 */
async function rewrapSecrets(flags: readonly string[], invocation: Invocation): Promise<void> {
  const [flag, file] = flags;
  if (flag !== '--to' || file === undefined || flags.length > 2) {
    throw new SettingsError([
      'freehold keys rewrap takes one flag, --to FILE: the file with the new master key',
    ]);
  }
  const settings = settingsOf([], invocation);
  const text = (await readFile(resolve(invocation.workingDirectory, file), 'utf8')).trim();
  const newKey = parseMasterKey(text);
  if (newKey === undefined) {
    throw new SettingsError([`${file} must hold 32 bytes in base64: openssl rand -base64 32 > ${file}`]);
  }
  const { masterKey: fromEnvironment, dataDirectory } = settings;
  await withDatabase(settings, async (database, current) => {
    const secrets = await rewrap(database, current, createEncryption(newKey));
    if (fromEnvironment === undefined) replaceKeyFile(dataDirectory, newKey);
    invocation.print(`${secrets} secrets are sealed with the new master key.`);
    if (fromEnvironment !== undefined)
      invocation.print('Set FREEHOLD_MASTER_KEY to it before the next start.');
  });
}
