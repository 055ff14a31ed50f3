// Login without a password: a code goes to the user's address, and whoever types it in time has that address (contract
// PL-*, PS-*). Nothing tells a stranger whether the address is a user's; a user is made at the first login.
import { type Client, nameInMails } from '../model/client.ts';
import type { PasswordlessConnection } from '../model/connection.ts';
import { aboutClient, aboutConnection, type Requester } from '../model/events.ts';
import { newMail } from '../model/mail.ts';
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
  email: string;
  requester: Requester;
}

/** PS-4: where a link leads, on this server. */
export const passwordlessLinkPath = '/passwordless/verify_redirect';

/** PL-3. */
const triesPerCode = 3;

/**
 * Sends a code, or a link with what the application asks for behind it. False, and nothing is sent, if the address was
 * sent too many already.
 */
export async function sendCode(
  claim: PasswordlessClaim & { authParams?: Record<string, string> | undefined },
  ports: PasswordlessPorts,
): Promise<boolean> {
  const { connection, client, email, requester } = claim;
  const { random, codeKey, messageLimits } = ports;
  const { length, time_step } = connection.options.totp;
  const now = ports.clock.now();
  const code = random.characters('0123456789', length);
  return ports.unitOfWork.transaction(async (stores) => {
    if (!(await messageLimits.count(email, requester.ip, now, stores.messageCounts))) {
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
    const user = (await stores.users.findByIdentifier(connection.id, email))?.user;
    // SU-5: whoever is no user and may not become one is sent nothing, and not told.
    if (user === undefined && connection.options.disable_signup) {
      const description = 'The user does not exist, and sign-up is disabled';
      await stores.log.write({ type: 'f', ...eventOf(claim), description }, requester);
      return true;
    }
    const mail = newMail(
      {
        template: 'passwordless_email',
        to: email,
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
    await stores.deliveries.add(mail);
    await stores.log.write({ type: 'cls', ...eventOf(claim), user_id: user?.user_id }, requester);
    return true;
  });
}

function linkWith(
  code: string,
  { client, connection, email, authParams }: PasswordlessClaim & { authParams: Record<string, string> },
  { links, issuer }: PasswordlessPorts,
): string {
  const { client_id } = client;
  const link = links.seal({ client_id, connection_id: connection.id, email, code, authParams });
  return `${issuer.slice(0, -1)}${passwordlessLinkPath}?link=${link}`;
}

/** Judges a code in the caller's transaction, and counts what it judged. */
export async function proveCode(
  claim: PasswordlessClaim & { code: string },
  stores: LoginStores,
  ports: PasswordlessPorts,
): Promise<LoginVerdict> {
  const { connection, email, requester } = claim;
  const { bruteForceProtection: protection, codeKey } = ports;
  const now = ports.clock.now();
  const attempt = { identifier: email, connection_id: connection.id, ip: requester.ip, now };
  const counts = connection.options.brute_force_protection;
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
    const known = await stores.users.findByIdentifier(connection.id, email);
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
  const { connection, email, requester } = claim;
  const known = await users.findByIdentifier(connection.id, email);
  if (known !== undefined || connection.options.disable_signup) return known?.user;
  // Whoever read the mail has the address.
  const { user, identity } = newUser({ email, email_verified: true }, connection, clock.now(), random);
  if (!(await users.insert(user, identity, null))) return undefined;
  await log.write({ type: 'ss', ...eventOf(claim), user_id: user.user_id }, requester);
  return user;
}

/** Typed by its purpose: what is sent for one client, connection or address is good for no other. */
function keyOf({ client, connection, email }: PasswordlessClaim, codeKey: Buffer): string {
  const parts = ['passwordless', client.client_id, connection.id, normalizedEmail(email)];
  return hmacSha256(codeKey, JSON.stringify(parts));
}

function hashedCode(code: string, key: string, codeKey: Buffer): string {
  return hmacSha256(codeKey, JSON.stringify([key, code]));
}

function eventOf({ client, connection, email }: PasswordlessClaim) {
  return { ...aboutClient(client), ...aboutConnection(connection), user_name: email };
}
