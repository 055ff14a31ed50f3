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
/** Seconds for which keys are believed whose owner does not answer: one that was stolen is withdrawn by then. */
const believedFor = 86_400;
const mostKeySets = 1000;
const mostKeys = 20;
/** Bytes: whoever registers many addresses fills no memory with what is behind them. */
const largestKeySet = 32 * 1024;

type Jwk = Record<string, unknown>;

interface Told {
  keys: Jwk[];
  toldAt: number;
}

interface KeySet {
  fetchedAt: number;
  told: Promise<Told>;
}

export function createKeySets({ outbound, clock }: { outbound: Outbound; clock: Clock }): KeySets {
  const keySets = new Map<string, KeySet>();

  function fetchAnew(jwks_uri: string, known: KeySet | undefined): Promise<Told> {
    const now = clock.now();
    const told = fetchKeySet(jwks_uri, outbound).then(async (keys) =>
      keys === undefined ? stillBelieved(await known?.told, now) : { keys, toldAt: now },
    );
    keySets.delete(jwks_uri);
    keySets.set(jwks_uri, { fetchedAt: now, told });
    told.catch(() => keySets.delete(jwks_uri));
    const [oldest] = keySets.keys();
    if (keySets.size > mostKeySets && oldest !== undefined) keySets.delete(oldest);
    return told;
  }

  async function toldAt(jwks_uri: string, kid: unknown): Promise<Told> {
    const known = keySets.get(jwks_uri);
    const age = known === undefined ? keptFor : clock.now() - known.fetchedAt;
    if (known === undefined || age >= keptFor) return fetchAnew(jwks_uri, known);
    const told = await known.told;
    // Whoever sends an unknown `kid` makes us ask, but not at every request.
    const isComplete = told.keys.some((jwk) => jwk.kid === kid) || age < keptAtLeastFor;
    if (isComplete) return told;
    // Of those who waited the first has asked.
    const isLatest = keySets.get(jwks_uri) === known;
    return isLatest ? fetchAnew(jwks_uri, known) : toldAt(jwks_uri, kid);
  }

  return {
    async find(jwks_uri, { kid, alg }) {
      const { keys } = await toldAt(jwks_uri, kid);
      return keys.flatMap((jwk) => verificationKeyOf(jwk, alg) ?? []);
    },
  };
}

/** An owner who is away for a moment keeps the keys that they had. */
function stillBelieved(told: Told | undefined, now: number): Told {
  return told !== undefined && now - told.toldAt < believedFor ? told : { keys: [], toldAt: now };
}

/** Undefined where nothing that is a key set answers. One without keys is one: its owner has withdrawn them. */
async function fetchKeySet(url: string, outbound: Outbound): Promise<Jwk[] | undefined> {
  try {
    const { status, body } = await outbound.send({ url, headers: { accept: 'application/json' } });
    const keySet =
      status === 200 && body.length <= largestKeySet ? parseJsonObject(body.toString()) : undefined;
    const keys: unknown = keySet?.keys;
    return Array.isArray(keys) ? keys.slice(0, mostKeys).filter(isObject) : undefined;
  } catch (error) {
    if (error instanceof OutboundRefused || error instanceof OutboundFailed) return undefined;
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
