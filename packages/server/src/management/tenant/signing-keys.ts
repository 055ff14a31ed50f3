// /keys/signing (contract §3.7, SG-3 to SG-6). A key of each algorithm signs, where Auth0 has one in all: `alg` says
// which. A rotation takes effect at once, and in other processes within a second; they have published the key before.
import { z } from 'zod';
import { keyAlgorithms } from '../../model/client.ts';
import type { SigningKey } from '../../model/signing-key.ts';
import { rotateKeys } from '../../oauth/issue/key-rotation.ts';
import {
  certificateFingerprint,
  certificatePem,
  certificatePkcs7,
} from '../../runtime/cryptography/certificate.ts';
import { ManagementError } from '../errors.ts';
import { route } from '../route.ts';
import { isoTime, present } from '../wire.ts';

const signingKeySchema = z.object({
  kid: z.string(),
  cert: z.string().meta({ description: 'The certificate around the key, in PEM' }),
  pkcs7: z.string(),
  current: z.boolean(),
  next: z.boolean(),
  previous: z.boolean(),
  current_since: z.string().optional(),
  current_until: z.string().optional(),
  fingerprint: z.string(),
  thumbprint: z.string(),
  revoked: z.boolean(),
  revoked_at: z.string().optional(),
  alg: z.enum(keyAlgorithms).meta({ description: 'What the key signs by (an extension)' }),
});

const kid = z.strictObject({ kid: z.string().max(200) });
const alg = z.enum(keyAlgorithms).default('RS256');

export const signingKeyRoutes = [
  route({
    method: 'GET',
    path: '/keys/signing',
    summary: 'Get all Application Signing Keys',
    scopes: ['read:signing_keys'],
    status: 200,
    response: z.array(signingKeySchema),
    answer: async (_call, { signingKeys }) => told(await signingKeys.list()),
  }),
  route({
    method: 'POST',
    path: '/keys/signing/rotate',
    summary: 'Rotate the Application Signing Key',
    scopes: ['create:signing_keys', 'update:signing_keys'],
    freshLogin: true,
    query: z.strictObject({ alg }),
    status: 201,
    response: signingKeySchema,
    prepare: ({ query }, { keys }) => keys.makeNext(query.alg),
    async answer({ query }, { signingKeys }, { clock }, fresh) {
      await rotateKeys(fresh, signingKeys, clock.now());
      const keys = await signingKeys.list();
      const current = keys.find((key) => key.alg === query.alg && key.status === 'current');
      return toldOne(current, keys);
    },
  }),
  route({
    method: 'GET',
    path: '/keys/signing/{kid}',
    summary: 'Get an Application Signing Key by its key id',
    scopes: ['read:signing_keys'],
    params: kid,
    status: 200,
    response: signingKeySchema,
    async answer({ params }, { signingKeys }) {
      const keys = await signingKeys.list();
      return toldOne(find(params.kid, keys), keys);
    },
  }),
  route({
    method: 'PUT',
    path: '/keys/signing/{kid}/revoke',
    summary: 'Revoke an Application Signing Key by its key id',
    scopes: ['update:signing_keys'],
    freshLogin: true,
    params: kid,
    status: 200,
    response: signingKeySchema,
    async answer({ params }, { signingKeys }, { clock }) {
      await signingKeys.lock();
      const { status } = find(params.kid, await signingKeys.list());
      if (status === 'current' || status === 'next')
        throw new ManagementError(400, `The ${status} signing key cannot be revoked: rotate the keys first.`);
      if (status === 'previous') await signingKeys.setStatus(params.kid, 'revoked', clock.now());
      const keys = await signingKeys.list();
      return toldOne(find(params.kid, keys), keys);
    },
  }),
];

/** Throws ManagementError 404. */
function find(kid: string, keys: readonly SigningKey[]): SigningKey {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined) throw new ManagementError(404, 'Signing key not found.');
  return key;
}

type ToldKey = z.infer<typeof signingKeySchema>;
const order = ['current', 'next', 'previous', 'revoked'];

/** The key that signs now comes first, that of RS256 before the others. */
function told(keys: readonly SigningKey[]): ToldKey[] {
  const rank = ({ status, alg }: SigningKey) =>
    order.indexOf(status) * keyAlgorithms.length + keyAlgorithms.indexOf(alg);
  return keys.toSorted((one, other) => rank(one) - rank(other)).map((key) => toldOne(key, keys));
}

function toldOne(key: SigningKey | undefined, keys: readonly SigningKey[]): ToldKey {
  if (key === undefined) throw new Error('There is no current signing key');
  const { certificate, status, current_since, revoked_at } = key;
  const fingerprint = certificateFingerprint(certificate);
  const until = current_since === null ? undefined : successorSince(key, current_since, keys);
  return {
    kid: key.kid,
    cert: certificatePem(certificate).replaceAll('\n', '\r\n'),
    pkcs7: certificatePkcs7(certificate).replaceAll('\n', '\r\n'),
    current: status === 'current',
    next: status === 'next',
    previous: status === 'previous',
    ...present({
      current_since: current_since === null ? null : isoTime(current_since),
      current_until: until === undefined ? null : isoTime(until),
      revoked_at: revoked_at === null ? null : isoTime(revoked_at),
    }),
    fingerprint,
    thumbprint: fingerprint.replaceAll(':', ''),
    revoked: status === 'revoked',
    alg: key.alg,
  };
}

/** When the key after this one began to sign, which ended its time. */
function successorSince(
  { kid, alg, status }: SigningKey,
  current_since: number,
  keys: readonly SigningKey[],
): number | undefined {
  if (status === 'current') return undefined;
  const later = keys.flatMap((key) =>
    key.kid !== kid && key.alg === alg && key.current_since !== null && key.current_since >= current_since
      ? key.current_since
      : [],
  );
  return later.length === 0 ? undefined : Math.min(...later);
}
