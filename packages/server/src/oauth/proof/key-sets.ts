// The public keys by which applications and other issuers sign, as JSON Web Keys (RFC 7517): those that are registered,
// and those behind a `jwks_uri`, which their owners may change at any time.
import type { Clock } from '../../runtime/clock.ts';
import { parsePublicJwk } from '../../runtime/cryptography/signature.ts';
import { type Outbound, OutboundFailed, OutboundRefused } from '../../runtime/network/outbound.ts';
import { parseJsonObject } from '../json-object.ts';
import type { VerificationKey } from './jws.ts';

export interface KeySets {
  /**
   * None where nothing that is a key set answers. `kid`: the one that is looked for; `alg`: what a key that names no
   * algorithm is for.
   */
  find(
    jwks_uri: string,
    wanted: { kid: unknown; alg: VerificationKey['alg'] | undefined },
  ): Promise<VerificationKey[]>;
}

/** Seconds after which a key set is asked for anew; and where it lacks the key that is looked for. */
const keptFor = 600;
const keptAtLeastFor = 5;
const mostKeySets = 1000;
const mostKeys = 20;
/** Bytes: whoever registers many addresses fills no memory with what is behind them. */
const largestKeySet = 32 * 1024;

type Jwk = Record<string, unknown>;

interface KeySet {
  fetchedAt: number;
  keys: Promise<Jwk[]>;
}

export function createKeySets({ outbound, clock }: { outbound: Outbound; clock: Clock }): KeySets {
  const keySets = new Map<string, KeySet>();

  function fetchAnew(jwks_uri: string, known: KeySet | undefined): Promise<Jwk[]> {
    const keys = fetchKeySet(jwks_uri, outbound).then(async (fetched) =>
      // A receiver that is away for a moment keeps the keys that it had.
      fetched.length > 0 ? fetched : ((await known?.keys) ?? []),
    );
    keySets.delete(jwks_uri);
    keySets.set(jwks_uri, { fetchedAt: clock.now(), keys });
    keys.catch(() => keySets.delete(jwks_uri));
    const [oldest] = keySets.keys();
    if (keySets.size > mostKeySets && oldest !== undefined) keySets.delete(oldest);
    return keys;
  }

  async function keysAt(jwks_uri: string, kid: unknown): Promise<Jwk[]> {
    const known = keySets.get(jwks_uri);
    const age = known === undefined ? keptFor : clock.now() - known.fetchedAt;
    if (known === undefined || age >= keptFor) return fetchAnew(jwks_uri, known);
    const keys = await known.keys;
    // Whoever sends an unknown `kid` makes us ask, but not at every request.
    const isComplete = keys.some((jwk) => jwk.kid === kid) || age < keptAtLeastFor;
    return isComplete ? keys : fetchAnew(jwks_uri, known);
  }

  return {
    async find(jwks_uri, { kid, alg }) {
      const keys = await keysAt(jwks_uri, kid);
      return keys.flatMap((jwk) => verificationKeyOf(jwk, alg) ?? []);
    },
  };
}

async function fetchKeySet(url: string, outbound: Outbound): Promise<Jwk[]> {
  try {
    const { status, body } = await outbound.send({ url, headers: { accept: 'application/json' } });
    const keySet =
      status === 200 && body.length <= largestKeySet ? parseJsonObject(body.toString()) : undefined;
    const keys: unknown[] = Array.isArray(keySet?.keys) ? keySet.keys : [];
    return keys.slice(0, mostKeys).filter(isObject);
  } catch (error) {
    if (error instanceof OutboundRefused || error instanceof OutboundFailed) return [];
    throw error;
  }
}

function isObject(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null;
}

/** Undefined for what is no public key for signatures. */
export function verificationKeyOf(
  jwk: Jwk,
  signingAlg: VerificationKey['alg'] | undefined,
): VerificationKey | undefined {
  const parsed = parsePublicJwk(jwk, signingAlg);
  if (parsed === undefined) return undefined;
  const { kid, alg, key } = parsed;
  return { kid, alg, pem: key.export({ format: 'pem', type: 'spki' }).toString(), expires_at: null };
}
