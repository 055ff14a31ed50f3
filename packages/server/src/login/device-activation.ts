// The person's side of a device authorization (RFC 8628 §3.3; contract DV-9): a user code is typed, shown once more to
// be compared, and confirmed; from there on it is a login like any other. Guesses are counted by network.
import type { Client } from '../model/client.ts';
import { aboutClient, type Requester } from '../model/events.ts';
import { typedUserCode } from '../model/user-code.ts';
import type { DeviceActivation } from '../oauth/authorize/login-request.ts';
import type { DeviceCode } from '../oauth/device-codes.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import { networkOf } from '../runtime/network/ip-address.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores } from './ports.ts';
import { beginTransaction } from './transaction.ts';

export interface ActivationPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  clock: Clock;
  random: Random;
}

export interface Device {
  code: DeviceCode;
  client: Client;
}

export type FoundDevice = { outcome: 'found'; device: Device } | { outcome: 'wrong_code' | 'too_many_codes' };

/** Wrong codes from one network; forgotten so many seconds after the last of them. */
const mostWrongCodes = 10;
const wrongCodesRememberedFor = 900;

/**
 * The device that shows the code and waits. RFC 8628 §5.1: "a sufficiently strong user code, along with rate limiting"
 * so that nobody finds a stranger's device by guessing. Counted before it is looked up: a burst of guesses, in however
 * many processes, does not overtake its own failures.
 */
export async function findDevice(
  typed: string,
  requester: Requester,
  { unitOfWork, clock }: ActivationPorts,
): Promise<FoundDevice> {
  const now = clock.now();
  const key = sha256(`user code ${networkOf(requester.ip)}`);
  const since = now - wrongCodesRememberedFor;
  return unitOfWork.transaction(async (stores) => {
    const { failedLogins, log } = stores;
    if (!(await failedLogins.take({ key, identifier: key, ip: null }, mostWrongCodes, since, now))) {
      await log.write({ type: 'fdeac', description: 'Too many wrong user codes' }, requester);
      return { outcome: 'too_many_codes' };
    }
    const device = await findUndecided(typed, now, stores);
    if (device !== undefined) {
      await failedLogins.giveBack(key);
      return { outcome: 'found', device };
    }
    await log.write({ type: 'fdeac', description: 'Wrong or expired user code' }, requester);
    return { outcome: 'wrong_code' };
  });
}

/** What was shown to be compared, if it still waits. */
export function findWaiting(
  typed: string,
  { unitOfWork, clock }: ActivationPorts,
): Promise<Device | undefined> {
  return findUndecided(typed, clock.now(), unitOfWork.read);
}

async function findUndecided(
  typed: string,
  now: number,
  { deviceCodes, clients }: Pick<LoginStores, 'deviceCodes' | 'clients'>,
): Promise<Device | undefined> {
  const code = await deviceCodes.findUndecided(sha256(typedUserCode(typed)), now);
  const client = code && (await clients.find(code.client_id));
  return client && { code, client };
}

/** The person says that the device is theirs. Returns the handle of the login transaction in clear. */
export async function confirmDevice(
  { code }: Device,
  browser: string,
  { unitOfWork, clock, random }: ActivationPorts,
): Promise<string> {
  const request: DeviceActivation = {
    device_code: code.hash,
    client_id: code.client_id,
    scope: code.scope,
    audience: code.audience,
    prompt: [],
    max_age: null,
    login_hint: null,
    screen_hint: null,
    hinted_user_id: null,
    ui_locales: [],
    acr_values: [],
    connection: null,
    extensions: {},
    correlation_id: null,
  };
  return unitOfWork.transaction(({ loginTransactions }) =>
    beginTransaction(request, browser, loginTransactions, { now: clock.now(), random }),
  );
}

/** DV-8 */
export async function refuseDevice(
  { code, client }: Device,
  requester: Requester,
  { unitOfWork, clock }: ActivationPorts,
): Promise<void> {
  const description = 'User cancelled the confirmation prompt.';
  await unitOfWork.transaction(async ({ deviceCodes, log }) => {
    if (!(await deviceCodes.deny(code.hash, clock.now()))) return;
    await log.write({ type: 'fdecc', description, ...aboutClient(client) }, requester);
  });
}
