// What becomes of signing keys (contract SG-3, SG-5, SG-6): made, rotated and revoked, each change in a transaction that
// holds the store's lock. A key is made before it, for RSA takes its time.
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm } from '../../model/client.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import type { Clock } from '../../runtime/clock.ts';
import { selfSignedCertificate } from '../../runtime/cryptography/certificate.ts';
import type { Random } from '../../runtime/random.ts';
import type { SigningKeyStore } from '../ports.ts';

export interface KeyMaking {
  clock: Clock;
  random: Random;
  issuer: string;
}

const certificateLifetime = 10 * 365 * 86_400;
const generate = promisify(generateKeyPair);

export async function makeKey(
  alg: KeyAlgorithm,
  status: 'current' | 'next',
  { clock, random, issuer }: KeyMaking,
): Promise<SigningKey> {
  const now = clock.now();
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: 2048 });
  const certificate = selfSignedCertificate({
    privateKey,
    publicKey,
    commonName: new URL(issuer).hostname,
    notBefore: now,
    notAfter: now + certificateLifetime,
    serial: random.bytes(16),
  });
  const jwk = publicKey.export({ format: 'jwk' });
  return {
    kid: random.token(16),
    alg,
    status,
    private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    public_jwk: Object.fromEntries(Object.entries(jwk).map(([name, value]) => [name, String(value)])),
    certificate,
    created_at: now,
    current_since: status === 'current' ? now : null,
    revoked_at: null,
  };
}

/** SG-6: current becomes previous, next becomes current, `fresh` is next. */
export async function rotateKeys(fresh: SigningKey, store: SigningKeyStore, now: number): Promise<void> {
  await store.lock();
  for (const key of await store.list()) {
    if (key.alg !== fresh.alg) continue;
    if (key.status === 'current') await store.setStatus(key.kid, 'previous', now);
    if (key.status === 'next') await store.setStatus(key.kid, 'current', now);
  }
  await store.insert(fresh);
}
