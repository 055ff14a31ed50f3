// The public keys by which applications prove themselves, as JSON Web Keys (RFC 7517): those that they register, and
// those behind a `jwks_uri`, which they may change at any time.
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { assertionAlgorithms } from '../../model/client-credential.ts';
import type { Registration } from '../../model/registration.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type Outbound, OutboundFailed, OutboundRefused } from '../../runtime/network/outbound.ts';
import { parseJsonObject } from '../json-object.ts';
import type { VerificationKey } from './jws.ts';

export interface ClientKeys {
  /** None where nothing that is a key set answers. `kid`: the one that is looked for. */
  find(
    registration: Pick<Registration, 'jwks_uri' | 'token_endpoint_auth_signing_alg'>,
    kid: unknown,
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

export function createClientKeys({ outbound, clock }: { outbound: Outbound; clock: Clock }): ClientKeys {
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
    async find({ jwks_uri, token_endpoint_auth_signing_alg: alg }, kid) {
      const keys = jwks_uri === undefined ? [] : await keysAt(jwks_uri, kid);
      return keys.flatMap((jwk) => clientKeyOf(jwk, alg) ?? []);
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

/** RFC 8725 §3.1: a key is for one algorithm. Undefined for what is no public key for signatures. */
export function clientKeyOf(
  jwk: Jwk,
  signingAlg: VerificationKey['alg'] | undefined,
): VerificationKey | undefined {
  const named = assertionAlgorithms.find((alg) => alg === jwk.alg);
  if (jwk.use === 'enc' || (jwk.alg !== undefined && named === undefined)) return undefined;
  // A private or a shared key is nobody's to send.
  if ('d' in jwk || 'k' in jwk) return undefined;
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return {
      kid: typeof jwk.kid === 'string' ? jwk.kid : undefined,
      alg: named ?? signingAlg ?? (jwk.kty === 'EC' ? 'ES256' : 'RS256'),
      pem: key.export({ format: 'pem', type: 'spki' }).toString(),
      expires_at: null,
    };
  } catch {
    return undefined;
  }
}
