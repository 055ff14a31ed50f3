// Passwords at rest: Argon2id on the thread pool, behind a bounded queue. bcrypt hashes of imported users are verified
// and said to need hashing anew. It knows no users and no policy; who may try, and how often, is decided before.

import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../random.ts';
import { createPasswordQueue, type PasswordQueueLimits } from './password-queue.ts';

/** Hashing for whoever has come to the head of the queue. */
export interface TurnOfHashing {
  hash(password: string): Promise<string>;
  /** `needsRehash`: the password is right, but its hash is not as strong as those made today. */
  verify(hash: string, password: string): Promise<PasswordVerification>;
  /** What verify() costs where there is no hash: an unknown user takes as long as a known one. */
  verifyAgainstNothing(password: string): Promise<void>;
}

export interface PasswordHashing {
  /** `address` is whose share of the queue is used: an IPv4 address, or the /64 of an IPv6 address. */
  hash(password: string, address: string): Promise<string>;
  verify(hash: string, password: string, address: string): Promise<PasswordVerification>;
  verifyAgainstNothing(password: string, address: string): Promise<void>;
  /** One place in the queue for `task`, which may look again, when its turn comes, whether hashing is still due. */
  inTurn<T>(address: string, task: (turn: TurnOfHashing) => Promise<T>): Promise<T>;
}

export interface PasswordVerification {
  matches: boolean;
  needsRehash: boolean;
}

export interface Argon2idParameters {
  /** KiB. */
  memory: number;
  passes: number;
  parallelism: number;
}

export interface PasswordHashingOptions extends Partial<PasswordQueueLimits> {
  random: Random;
  parameters?: Argon2idParameters;
}

export class PasswordTooLong extends Error {
  override name = 'PasswordTooLong';
}

export class PasswordHashUnsupported extends Error {
  override name = 'PasswordHashUnsupported';
}

// "Use Argon2id with a minimum configuration of 19 MiB of memory, an iteration count of 2, and 1 degree of
// parallelism": OWASP, Password Storage Cheat Sheet.
const owaspMinimum: Argon2idParameters = { memory: 19_456, passes: 2, parallelism: 1 };
/** UP-11. More is refused before any hash, wherever a password comes from. */
export const mostPasswordBytes = 1024;
// "Select the salt length. A length of 128 bits is sufficient for all applications": RFC 9106 §4, as is a 256-bit tag.
const saltBytes = 16;
const tagBytes = 32;

const argon2Async = promisify(argon2);

export function createPasswordHashing({
  random,
  parameters = owaspMinimum,
  ...limits
}: PasswordHashingOptions): PasswordHashing {
  const queue = createPasswordQueue({ concurrency: 2, queueLimit: 256, perAddressLimit: 64, ...limits });
  const nothing: Argon2idHash = { parameters, salt: random.bytes(saltBytes), tag: random.bytes(tagBytes) };

  const turn: TurnOfHashing = {
    async hash(password) {
      assertNotTooLong(password);
      const salt = random.bytes(saltBytes);
      return formatHash({ parameters, salt, tag: await deriveTag(password, parameters, salt, tagBytes) });
    },
    async verify(hash, password) {
      assertNotTooLong(password);
      const stored = parseHash(hash);
      if (stored !== undefined) {
        const matches = await matchesArgon2id(stored, password);
        return { matches, needsRehash: matches && !isOfToday(stored, parameters) };
      }
      if (!isBcrypt(hash)) throw new PasswordHashUnsupported('This hash is neither Argon2id nor bcrypt');
      const matches = await matchesBcrypt(hash, password);
      return { matches, needsRehash: matches };
    },
    async verifyAgainstNothing(password) {
      assertNotTooLong(password);
      await matchesArgon2id(nothing, password);
    },
  };

  /** No place in the queue is taken for a password too long. */
  async function inTurnFor<T>(password: string, address: string, task: () => Promise<T>): Promise<T> {
    assertNotTooLong(password);
    return await queue.run(address, task);
  }

  return {
    hash: (password, address) => inTurnFor(password, address, () => turn.hash(password)),
    verify: (hash, password, address) => inTurnFor(password, address, () => turn.verify(hash, password)),
    verifyAgainstNothing: (password, address) =>
      inTurnFor(password, address, () => turn.verifyAgainstNothing(password)),
    inTurn: (address, task) => queue.run(address, () => task(turn)),
  };
}

function assertNotTooLong(password: string): void {
  if (Buffer.byteLength(password) > mostPasswordBytes) {
    throw new PasswordTooLong(`A password has at most ${mostPasswordBytes} bytes`);
  }
}

interface Argon2idHash {
  parameters: Argon2idParameters;
  salt: Buffer;
  tag: Buffer;
}

function deriveTag(
  password: string,
  parameters: Argon2idParameters,
  salt: Buffer,
  tagLength: number,
): Promise<Buffer> {
  return argon2Async('argon2id', { ...parameters, message: password, nonce: salt, tagLength });
}

async function matchesArgon2id({ parameters, salt, tag }: Argon2idHash, password: string): Promise<boolean> {
  return timingSafeEqual(await deriveTag(password, parameters, salt, tag.length), tag);
}

function isOfToday({ parameters, salt, tag }: Argon2idHash, today: Argon2idParameters): boolean {
  return (
    parameters.memory === today.memory &&
    parameters.passes === today.passes &&
    parameters.parallelism === today.parallelism &&
    salt.length === saltBytes &&
    tag.length === tagBytes
  );
}

/** The PHC string format: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`, base64 without padding. */
function formatHash({ parameters: { memory, passes, parallelism }, salt, tag }: Argon2idHash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

const hashForm =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** Undefined as well for what would take more than 256 MiB or 16 passes: an import shall not stop the server. */
function parseHash(hash: string): Argon2idHash | undefined {
  const [, memoryText, passesText, parallelismText, saltText = '', tagText = ''] = hashForm.exec(hash) ?? [];
  const [memory, passes, parallelism] = [Number(memoryText), Number(passesText), Number(parallelismText)];
  // "Memory size m MUST be an integer number of kibibytes from 8*p to 2^(32)-1": RFC 9106 §3.1.
  const inBounds =
    memory >= 8 * parallelism && memory <= 262_144 && passes >= 1 && passes <= 16 && parallelism >= 1;
  if (!inBounds) return undefined;
  const [salt, tag] = [Buffer.from(saltText, 'base64'), Buffer.from(tagText, 'base64')];
  return { parameters: { memory, passes, parallelism }, salt, tag };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** Costs 4 to 15: bcrypt runs on the main thread here, and each step doubles its time. */
function isBcrypt(hash: string): boolean {
  return /^\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/.test(hash);
}

async function matchesBcrypt(hash: string, password: string): Promise<boolean> {
  // Loaded when first needed: most servers never see a bcrypt hash.
  const { default: bcrypt } = await import('bcryptjs');
  return await bcrypt.compare(password, hash);
}
