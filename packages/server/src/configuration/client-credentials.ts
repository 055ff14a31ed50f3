// The credentials of a client in the tenant file: public keys in PEM, as Auth0's Management API takes them.
import { type KeyObject, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import {
  type ClientAuthenticationMethods,
  mostCredentials,
  type PublicKeyCredential,
  publicKeyCredentialSchema,
  type SignedRequestObject,
} from '../model/client-credential.ts';
import { sha256 } from '../runtime/hash.ts';
import { fitsAlgorithm, jwkThumbprint, parsePublicKey } from '../runtime/signature.ts';
import type { Findings, Path } from './findings.ts';

const { alg, kid, name, pem, credential_type } = publicKeyCredentialSchema.shape;

const publicKeyEntrySchema = z.strictObject({
  /** An export names keys by it alone, which says nothing of them. */
  id: z.string().optional(),
  name: name.optional(),
  credential_type: credential_type.optional(),
  kid: kid.optional(),
  alg: alg.optional(),
  pem: pem.optional(),
  expires_at: z.iso.datetime({ error: 'must be a time such as 2030-01-31T00:00:00.000Z' }).optional(),
  parse_expiry_from_cert: z.boolean().optional(),
});
type PublicKeyEntry = z.infer<typeof publicKeyEntrySchema>;

export const clientAuthenticationMethodsEntrySchema = z.strictObject({
  private_key_jwt: z.strictObject({
    credentials: z.array(publicKeyEntrySchema).min(1).max(mostCredentials),
  }),
});
export type ClientAuthenticationMethodsEntry = z.infer<typeof clientAuthenticationMethodsEntrySchema>;

export function resolveClientAuthenticationMethods(
  entry: ClientAuthenticationMethodsEntry | null | undefined,
  path: Path,
  findings: Findings,
): ClientAuthenticationMethods | null {
  if (entry == null) return null;
  const at = [...path, 'private_key_jwt', 'credentials'];
  return {
    private_key_jwt: { credentials: resolvePublicKeys(entry.private_key_jwt.credentials, at, findings) },
  };
}

export const signedRequestObjectEntrySchema = z.strictObject({
  required: z.boolean().optional(),
  credentials: z.array(publicKeyEntrySchema).max(mostCredentials).optional(),
});

/** PA-9: without a key nobody could ever ask. */
export function resolveSignedRequestObject(
  entry: z.infer<typeof signedRequestObjectEntrySchema> | null | undefined,
  path: Path,
  findings: Findings,
): SignedRequestObject | null {
  if (entry == null) return null;
  const required = entry.required ?? false;
  const credentials = resolvePublicKeys(entry.credentials ?? [], [...path, 'credentials'], findings);
  if (required && (entry.credentials ?? []).length === 0) {
    findings.problem(
      [...path, 'credentials'],
      'must hold a public key, because request objects are required',
    );
  }
  return { required, credentials };
}

function resolvePublicKeys(entries: PublicKeyEntry[], path: Path, findings: Findings): PublicKeyCredential[] {
  return entries.flatMap((entry, index) => resolvePublicKey(entry, [...path, index], findings) ?? []);
}

function resolvePublicKey(
  entry: PublicKeyEntry,
  path: Path,
  findings: Findings,
): PublicKeyCredential | undefined {
  const at = [...path, 'pem'];
  if (entry.pem === undefined) {
    findings.problem(at, 'is missing: an export leaves keys out, so give the public key in PEM');
    return undefined;
  }
  const key = parsePublicKey(entry.pem);
  const alg = entry.alg ?? 'RS256';
  if (key === undefined) {
    findings.problem(
      at,
      'must be a public key or a certificate in PEM; the private key stays with the client',
    );
    return undefined;
  }
  if (!fitsAlgorithm(key, alg)) {
    findings.problem(
      at,
      `must be a key for ${alg}: ${alg === 'ES256' ? 'P-256' : 'RSA of 2,048 bits or more'}`,
    );
  }
  return {
    id: credentialId(key, alg),
    name: entry.name ?? '',
    credential_type: 'public_key',
    kid: entry.kid ?? jwkThumbprint(key),
    alg,
    pem: entry.pem.trim(),
    expires_at: expiryOf(entry),
  };
}

/** The same key has the same id at each start. */
function credentialId(key: KeyObject, alg: string): string {
  return `cred_${sha256(JSON.stringify([jwkThumbprint(key), alg]))
    .replace(/[-_]/g, '')
    .slice(0, 22)}`;
}

function expiryOf({ expires_at, parse_expiry_from_cert, pem = '' }: PublicKeyEntry): number | null {
  const isCertificate = pem.includes('BEGIN CERTIFICATE');
  if (expires_at !== undefined) return Math.floor(Date.parse(expires_at) / 1000);
  if (!parse_expiry_from_cert || !isCertificate) return null;
  return Math.floor(new X509Certificate(pem).validToDate.getTime() / 1000);
}
