// Which key signs which token: one of the tenant's, or the secret that one client or one resource server shares with
// us (contract SG-1, SG-2, ID-16). A token signed with a shared secret is believed of its owner alone.
import { type Client, type SigningAlgorithm, shortestHmacSecret } from '../../model/client.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import { isUnstorable } from '../parameters.ts';
import { isSignedWithSecret, type Jws, parseJws, signWithSecret } from '../proof/jws.ts';
import type { Keys } from './keys.ts';

/** The secrets of those whose tokens are signed by HS256; undefined for everybody else. */
export interface SigningSecrets {
  ofClient(client_id: string): Promise<string | undefined>;
  ofResourceServer(identifier: string): Promise<string | undefined>;
}

export interface SigningPorts {
  keys: Keys;
  signingSecrets: SigningSecrets;
}

type Claims = Record<string, unknown>;

export function signIdToken(
  claims: Claims,
  { client_id, jwt_configuration: { alg } }: Pick<Client, 'client_id' | 'jwt_configuration'>,
  { keys, signingSecrets }: SigningPorts,
): Promise<string> {
  return sign(claims, alg, 'JWT', keys, () => signingSecrets.ofClient(client_id));
}

export function signAccessToken(
  claims: Claims,
  typ: 'JWT' | 'at+jwt',
  { identifier, signing_alg }: Pick<ResourceServer, 'identifier' | 'signing_alg'>,
  { keys, signingSecrets }: SigningPorts,
): Promise<string> {
  return sign(claims, signing_alg, typ, keys, () => signingSecrets.ofResourceServer(identifier));
}

async function sign(
  claims: Claims,
  alg: SigningAlgorithm,
  typ: string,
  keys: Keys,
  findSecret: () => Promise<string | undefined>,
): Promise<string> {
  if (alg !== 'HS256') return keys.sign(claims, alg, typ);
  const secret = await findSecret();
  // AT-16
  if (secret === undefined || Buffer.byteLength(secret) < shortestHmacSecret) {
    throw new Error(`HS256 needs a secret of at least ${shortestHmacSecret} bytes`);
  }
  return signWithSecret(claims, typ, secret);
}

/** The JWS, iff a key of ours signed it, or the secret of the one client that it names as its audience. */
export async function verifyIdToken(
  token: string,
  { keys, signingSecrets }: SigningPorts,
): Promise<Pick<Jws, 'header' | 'claims'> | undefined> {
  const jws = parseJws(token);
  if (jws?.header.alg !== 'HS256') return keys.verify(token);
  const { aud } = jws.claims;
  const secret =
    typeof aud === 'string' && !isUnstorable(aud) ? await signingSecrets.ofClient(aud) : undefined;
  return secret !== undefined && isSignedWithSecret(jws, secret) ? jws : undefined;
}
