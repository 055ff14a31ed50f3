// What every part of applying is given, and the one question that all of them ask.
import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../../runtime/random.ts';
import type { Findings } from '../findings.ts';
import type { ConfigurationStores } from '../ports.ts';

export interface Applying {
  stores: ConfigurationStores;
  /** What stops this transaction: thrown before it commits. */
  findings: Findings;
  now: number;
  random: Random;
}

interface Times {
  created_at: number;
  updated_at: number;
}

/** `wanted` with its times, to be stored; undefined if that is how it is stored already. */
export function changed<T extends object>(
  stored: (T & Times) | undefined,
  wanted: T,
  now: number,
): (T & Times) | undefined {
  if (stored === undefined) return { ...wanted, created_at: now, updated_at: now };
  const { created_at, updated_at } = stored;
  if (isDeepStrictEqual(stored, { ...wanted, created_at, updated_at })) return undefined;
  return { ...wanted, created_at, updated_at: now };
}
