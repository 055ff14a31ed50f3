// Parameters that wait on the server until the browser comes back with a GET (contract LT-3), or until a person has
// confirmed. The handle is typed by its purpose: what was parked for one is never found by another.
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores } from './ports.ts';

export type ParkingPurpose = 'authorize' | 'logout' | 'confirm-logout';

export interface ParkingPorts {
  unitOfWork: UnitOfWork<Pick<LoginStores, 'parkedRequests'>>;
  clock: Clock;
  random: Random;
}

export type ParameterPairs = readonly [name: string, value: string][];

/** Seconds. */
const parkedLifetime = 600;

/** Returns the handle in clear. */
export async function park(
  purpose: ParkingPurpose,
  parameters: ParameterPairs,
  ports: ParkingPorts,
): Promise<string> {
  const handle = ports.random.token();
  const parked = {
    handle: hashOf(purpose, handle),
    parameters: [...parameters],
    expires_at: ports.clock.now() + parkedLifetime,
  };
  await ports.unitOfWork.transaction(({ parkedRequests }) => parkedRequests.insert(parked));
  return handle;
}

export async function findParked(
  purpose: ParkingPurpose,
  handle: string | undefined,
  { unitOfWork, clock }: ParkingPorts,
): Promise<ParameterPairs | undefined> {
  if (handle === undefined) return undefined;
  return unitOfWork.read.parkedRequests.find(hashOf(purpose, handle), clock.now());
}

function hashOf(purpose: ParkingPurpose, handle: string): string {
  return sha256(`${purpose} ${handle}`);
}
