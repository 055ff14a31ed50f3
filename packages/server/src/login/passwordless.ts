// Login without a password: a code goes to the user's e-mail address or telephone number, and whoever types it in time
// has that (contract PL-*, PS-*). Nothing tells a stranger whether it is a user's; a user is made at the first login.
import { type Client, nameInMails } from '../model/client.ts';
import { isBruteForceProtected, type PasswordlessConnection, totpOf } from '../model/connection.ts';
import { aboutClient, aboutConnection, type LogType, type Requester } from '../model/events.ts';
import { type MessageTemplate, newMessage } from '../model/message.ts';
import { newUser } from '../model/new-user.ts';
import { normalizedEmail, type User } from '../model/user.ts';
import type { OpaqueTokens } from '../oauth/issue/opaque-token.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { LoginVerdict } from '../oauth/token/grants/embedded-login.ts';
import type { Clock } from '../runtime/clock.ts';
import { equalInConstantTime, hmacSha256 } from '../runtime/cryptography/hash.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores } from './ports.ts';
import type { BruteForceProtection } from './protection/attack-protection.ts';
import type { MessageLimits } from './protection/message-limits.ts';

export interface PasswordlessPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  clock: Clock;
  random: Random;
  bruteForceProtection: BruteForceProtection;
  messageLimits: MessageLimits;
  /** Codes are hashed under it. */
  codeKey: Buffer;
  /** Links are sealed with it. */
  links: OpaqueTokens;
  issuer: string;
}

export interface PasswordlessClaim {
  connection: PasswordlessConnection;
  client: Pick<Client, 'client_id' | 'name' | 'registration'>;
  /** An e-mail address or a telephone number, by the strategy of the connection. */
  identifier: string;
  requester: Requester;
}

/** PS-4: where a link leads, on this server. */
export const passwordlessLinkPath = '/passwordless/verify_redirect';

/** What is sent, and the type by which the tenant log says so (LG-4). */
const sentBy: Record<PasswordlessConnection['strategy'], { template: MessageTemplate; type: LogType }> = {
  email: { template: 'passwordless_email', type: 'cls' },
  sms: { template: 'passwordless_sms', type: 'cs' },
};

/** PL-3. */
const triesPerCode = 3;

/**
 * Sends a code, or a link with what the application asks for behind it. False, and nothing is sent, if the address or
 * number was sent too many already.
 */
export async function sendCode(
  claim: PasswordlessClaim & { authParams?: Record<string, string> | undefined },
  ports: PasswordlessPorts,
): Promise<boolean> {
  const { connection, client, identifier, requester } = claim;
  const { random, codeKey, messageLimits } = ports;
  const { length, time_step } = totpOf(connection.options);
  const { template, type } = sentBy[connection.strategy];
  const now = ports.clock.now();
  const code = random.characters('0123456789', length);
  return ports.unitOfWork.transaction(async (stores) => {
    if (!(await messageLimits.count(identifier, requester.ip, now, stores.messageCounts))) {
      const description = 'Too many messages to this address';
      await stores.log.write({ type: 'f', ...eventOf(claim), description }, requester);
      return false;
    }
    const key = keyOf(claim, codeKey);
    const hashed = hashedCode(code, key, codeKey);
    await stores.oneTimePasswords.put({
      key,
      code: hashed,
      tries_left: triesPerCode,
      expires_at: now + time_step,
    });
    const user = (await stores.users.findByIdentifier(connection.id, identifier))?.user;
    // SU-5: whoever is no user and may not become one is sent nothing, and not told.
    if (user === undefined && connection.options.disable_signup) {
      const description = 'The user does not exist, and sign-up is disabled';
      await stores.log.write({ type: 'f', ...eventOf(claim), description }, requester);
      return true;
    }
    const message = newMessage(
      {
        template,
        to: identifier,
        ...(claim.authParams === undefined
          ? { code }
          : { url: linkWith(code, { ...claim, authParams: claim.authParams }, ports) }),
        lifetime: time_step,
        ...aboutClient(client),
        client_name: nameInMails(client),
        connection: connection.name,
        connection_id: connection.id,
        ...(user === undefined ? {} : { user_id: user.user_id }),
      },
      requester,
      { now, random },
    );
    await stores.deliveries.add(message);
    await stores.log.write({ type, ...eventOf(claim), user_id: user?.user_id }, requester);
    return true;
  });
}

function linkWith(
  code: string,
  { client, connection, identifier, authParams }: PasswordlessClaim & { authParams: Record<string, string> },
  { links, issuer }: PasswordlessPorts,
): string {
  const { client_id } = client;
  const link = links.seal({ client_id, connection_id: connection.id, identifier, code, authParams });
  return `${issuer.slice(0, -1)}${passwordlessLinkPath}?link=${link}`;
}

/** Judges a code in the caller's transaction, and counts what it judged. */
export async function proveCode(
  claim: PasswordlessClaim & { code: string },
  stores: LoginStores,
  ports: PasswordlessPorts,
): Promise<LoginVerdict> {
  const { connection, identifier, requester } = claim;
  const { bruteForceProtection: protection, codeKey } = ports;
  const now = ports.clock.now();
  const attempt = { identifier, connection_id: connection.id, ip: requester.ip, now };
  const counts = isBruteForceProtected(connection);
  if (counts && (await protection.isBlocked(attempt, stores.failedLogins))) {
    return { outcome: 'refused', reason: 'too_many_attempts', user_id: undefined };
  }
  const key = keyOf(claim, codeKey);
  const held = await stores.oneTimePasswords.takeTry(key, now);
  const matches = held !== undefined && equalInConstantTime(held.code, hashedCode(claim.code, key, codeKey));
  const user =
    matches && (await stores.oneTimePasswords.remove(held)) && (await findOrMake(claim, stores, ports));
  if (!user) {
    await protection.recordFailure(attempt, stores.failedLogins);
    const known = await stores.users.findByIdentifier(connection.id, identifier);
    return { outcome: 'refused', reason: 'wrong_credentials', user_id: known?.user.user_id };
  }
  await protection.recordSuccess(attempt, stores.failedLogins);
  return { outcome: 'proved', user };
}

/** Undefined where there is no such user and sign-up is disabled. */
async function findOrMake(
  claim: PasswordlessClaim,
  { users, log }: LoginStores,
  { clock, random }: PasswordlessPorts,
): Promise<User | undefined> {
  const { connection, identifier, requester } = claim;
  const known = await users.findByIdentifier(connection.id, identifier);
  if (known !== undefined || connection.options.disable_signup) return known?.user;
  // Whoever read the message has the address or the number.
  const profile =
    connection.strategy === 'sms'
      ? { phone_number: identifier, phone_verified: true }
      : { email: identifier, email_verified: true };
  const { user, identity } = newUser(profile, connection, clock.now(), random);
  if (!(await users.insert(user, identity, null))) return undefined;
  await log.write({ type: 'ss', ...eventOf(claim), user_id: user.user_id }, requester);
  return user;
}

/** Typed by its purpose: what is sent for one client, connection, address or number is good for no other. */
function keyOf({ client, connection, identifier }: PasswordlessClaim, codeKey: Buffer): string {
  const parts = ['passwordless', client.client_id, connection.id, normalizedEmail(identifier)];
  return hmacSha256(codeKey, JSON.stringify(parts));
}

function hashedCode(code: string, key: string, codeKey: Buffer): string {
  return hmacSha256(codeKey, JSON.stringify([key, code]));
}

function eventOf({ client, connection, identifier }: PasswordlessClaim) {
  return { ...aboutClient(client), ...aboutConnection(connection), user_name: identifier };
}
