// The tenant's signing keys: made at first start, published, rotated and revoked at run time (contract SG-3 to SG-6),
// and the only place that signs or verifies a JWS of ours. Knows nothing of what the tokens say.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyAlgorithm } from '../../model/client.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import { certificateThumbprint } from '../../runtime/cryptography/certificate.ts';
import { signBytes } from '../../runtime/cryptography/signature.ts';
import type { SigningKeyStore, UnitOfWork } from '../ports.ts';
import { encoded, isSignedBy, type Jws, parseJws } from '../proof/jws.ts';
import { type KeyMaking, makeKey, rotateKeys } from './key-rotation.ts';

export interface Keys {
  /** A JWS in compact form by the current key of `alg`, with `alg`, `typ` and `kid` in its header. */
  sign(claims: Record<string, unknown>, alg: KeyAlgorithm, typ: string): Promise<string>;
  /** The JWS, iff one of our keys that is not revoked signed it with its own algorithm (RFC 8725 §3.1). */
  verify(jws: string): Promise<Pick<Jws, 'header' | 'claims'> | undefined>;
  /** RFC 7517 §5: the public keys: previous, current and next of every algorithm. */
  publish(): Promise<Record<string, unknown>[]>;
  /** SG-7: the certificate of the key that signs now, base64 of its DER. */
  currentCertificate(alg: KeyAlgorithm): Promise<string>;
  /** One to be the next after a rotation (key-rotation.ts): there is a current one and a next one by then. */
  makeNext(alg: KeyAlgorithm): Promise<SigningKey>;
  /** SG-6: current becomes previous, next becomes current, a new next is made. */
  rotate(alg: KeyAlgorithm): Promise<void>;
  /** SG-6: what the key has signed is refused from now on. The current key is rotated away first. */
  revoke(kid: string): Promise<void>;
}

interface LoadedKey extends SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  headers: Map<string, string>;
}

export interface KeyPorts extends KeyMaking {
  unitOfWork: UnitOfWork<{ signingKeys: SigningKeyStore }>;
}

/** Made at the first start; those of another algorithm when something is to be signed by it, for RSA takes its time. */
const firstAlgorithms: readonly KeyAlgorithm[] = ['RS256', 'ES256'];

/** Makes what keys are missing, and loads them. */
export async function createKeys(ports: KeyPorts): Promise<Keys> {
  const { unitOfWork, clock } = ports;
  await makeMissingKeys(firstAlgorithms, ports);
  let loaded = new Map<string, LoadedKey>();
  let read: readonly SigningKey[] | undefined;

  /** The store keeps what it read for a second, or until this process changes it: any other list is another one. */
  async function keys(): Promise<LoadedKey[]> {
    const stored = await unitOfWork.read.signingKeys.list();
    if (stored !== read) {
      loaded = new Map(stored.map((key) => [key.kid, withKeyObjects(key, loaded.get(key.kid))]));
      read = stored;
    }
    return [...loaded.values()];
  }

  async function findCurrent(alg: KeyAlgorithm): Promise<LoadedKey | undefined> {
    return (await keys()).find((key) => key.alg === alg && key.status === 'current');
  }

  async function currentKey(alg: KeyAlgorithm): Promise<LoadedKey> {
    const current = (await findCurrent(alg)) ?? (await makeFirst(alg));
    if (current === undefined) throw new Error(`There is no current signing key for ${alg}`);
    return current;
  }

  async function makeFirst(alg: KeyAlgorithm): Promise<LoadedKey | undefined> {
    await makeMissingKeys([alg], ports);
    return findCurrent(alg);
  }

  async function makeNext(alg: KeyAlgorithm): Promise<SigningKey> {
    await currentKey(alg);
    return makeKey(alg, 'next', ports);
  }

  async function rotate(alg: KeyAlgorithm): Promise<void> {
    const fresh = await makeNext(alg);
    await unitOfWork.transaction(({ signingKeys }) => rotateKeys(fresh, signingKeys, clock.now()));
  }

  await keys();
  return {
    async sign(claims, alg, typ) {
      const key = await currentKey(alg);
      const signed = `${jwsHeader(key, typ)}.${encoded(claims)}`;
      return `${signed}.${(await signBytes(Buffer.from(signed), key.privateKey, key.alg)).toString('base64url')}`;
    },
    async verify(jws) {
      const parsed = parseJws(jws);
      if (parsed === undefined) return undefined;
      await keys();
      const key = loaded.get(String(parsed.header.kid));
      if (key === undefined || key.status === 'revoked') return undefined;
      return isSignedBy(parsed, key.publicKey, key.alg) ? parsed : undefined;
    },
    async publish() {
      return (await keys()).filter(({ status }) => status !== 'revoked').map(publicJwk);
    },
    currentCertificate: async (alg) => (await currentKey(alg)).certificate,
    makeNext,
    rotate,
    async revoke(kid) {
      const key = (await keys()).find((candidate) => candidate.kid === kid);
      if (key === undefined) throw new Error(`There is no signing key ${kid}`);
      if (key.status === 'next') throw new Error('The next signing key has signed nothing: rotate instead');
      if (key.status === 'current') await rotate(key.alg);
      await unitOfWork.transaction(async ({ signingKeys }) => {
        await signingKeys.lock();
        await signingKeys.setStatus(kid, 'revoked', clock.now());
      });
    },
  };
}

async function makeMissingKeys(algorithms: readonly KeyAlgorithm[], ports: KeyPorts): Promise<void> {
  const present = await ports.unitOfWork.read.signingKeys.list();
  const missing = algorithms.filter((alg) => !present.some((key) => key.alg === alg));
  if (missing.length === 0) return;
  const made = await Promise.all(
    missing.flatMap((alg) => [makeKey(alg, 'current', ports), makeKey(alg, 'next', ports)]),
  );
  await ports.unitOfWork.transaction(async ({ signingKeys }) => {
    await signingKeys.lock();
    const now = await signingKeys.list();
    for (const key of made) if (!now.some(({ alg }) => alg === key.alg)) await signingKeys.insert(key);
  });
}

function withKeyObjects(key: SigningKey, before: LoadedKey | undefined): LoadedKey {
  if (before !== undefined) return { ...before, ...key };
  const privateKey = createPrivateKey(key.private_key);
  return { ...key, privateKey, publicKey: createPublicKey(privateKey), headers: new Map() };
}

/** SG-4 */
function publicJwk(key: SigningKey): Record<string, unknown> {
  const x5t = certificateThumbprint(key.certificate);
  return { ...key.public_jwk, use: 'sig', alg: key.alg, kid: key.kid, x5t, x5c: [key.certificate] };
}

function jwsHeader(key: LoadedKey, typ: string): string {
  let header = key.headers.get(typ);
  if (header === undefined) {
    header = encoded({ alg: key.alg, typ, kid: key.kid });
    key.headers.set(typ, header);
  }
  return header;
}
