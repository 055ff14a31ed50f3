// The credentials of a client, judged: what is derived of them, and what stays of those that an id names.
import { hash, X509Certificate } from 'node:crypto';
import type { z } from 'zod';
import type {
  CertificateCredential,
  ClientAuthenticationMethods,
  PublicKeyCredential,
  SignedRequestObject,
  SubjectCredential,
} from '../../model/client-credential.ts';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import { fitsAlgorithm, jwkThumbprint, parsePublicKey } from '../../runtime/cryptography/signature.ts';
import type { Findings, Path } from '../findings.ts';
import type {
  ClientAuthenticationMethodsEntry,
  certificateEntrySchema,
  PublicKeyEntry,
  signedRequestObjectEntrySchema,
  subjectEntrySchema,
} from './credential-entries.ts';

/** `stored`: the client's present ones, which an entry may name by their ids. */
export function resolveClientAuthenticationMethods(
  entry: ClientAuthenticationMethodsEntry | null | undefined,
  stored: ClientAuthenticationMethods | null | undefined,
  path: Path,
  findings: Findings,
): ClientAuthenticationMethods | null {
  if (entry == null) return null;
  const {
    private_key_jwt: keys,
    tls_client_auth: subjects,
    self_signed_tls_client_auth: certificates,
  } = entry;
  const at = (method: keyof ClientAuthenticationMethods) => [...path, method, 'credentials'];
  // No member that is undefined: what is stored has none, and a client that is not changed is not written.
  return {
    ...(keys && {
      private_key_jwt: resolveAll(
        keys,
        resolvePublicKey,
        stored?.private_key_jwt,
        at('private_key_jwt'),
        findings,
      ),
    }),
    ...(subjects && {
      tls_client_auth: resolveAll(
        subjects,
        resolveSubject,
        stored?.tls_client_auth,
        at('tls_client_auth'),
        findings,
      ),
    }),
    ...(certificates && {
      self_signed_tls_client_auth: resolveAll(
        certificates,
        resolveCertificate,
        stored?.self_signed_tls_client_auth,
        at('self_signed_tls_client_auth'),
        findings,
      ),
    }),
  };
}

function resolveSubject(
  entry: z.infer<typeof subjectEntrySchema>,
  path: Path,
  findings: Findings,
): SubjectCredential | undefined {
  const subject_dn = entry.subject_dn ?? parseCertificate(entry.pem)?.subject;
  if (subject_dn === undefined) {
    findings.problem(path, 'must give the subject_dn, or a certificate in PEM that has it');
    return undefined;
  }
  const id = credentialId('cert_subject_dn', subject_dn);
  return { id, name: entry.name ?? '', credential_type: 'cert_subject_dn', subject_dn };
}

function resolveCertificate(
  entry: z.infer<typeof certificateEntrySchema>,
  path: Path,
  findings: Findings,
): CertificateCredential | undefined {
  const certificate = parseCertificate(entry.pem);
  if (certificate === undefined) {
    findings.problem([...path, 'pem'], 'must be a certificate in PEM');
    return undefined;
  }
  const thumbprint_sha256 = hash('sha256', certificate.raw, 'base64url');
  return {
    id: credentialId('x509_cert', thumbprint_sha256),
    name: entry.name ?? '',
    credential_type: 'x509_cert',
    thumbprint_sha256,
    expires_at: expiryOf(entry),
  };
}

function parseCertificate(pem: string | undefined): X509Certificate | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** PA-9: without a key nobody could ever ask. `stored` as above. */
export function resolveSignedRequestObject(
  entry: z.infer<typeof signedRequestObjectEntrySchema> | null | undefined,
  stored: SignedRequestObject | null | undefined,
  path: Path,
  findings: Findings,
): SignedRequestObject | null {
  if (entry == null) return null;
  const required = entry.required ?? false;
  const given = { credentials: entry.credentials ?? [] };
  const { credentials } = resolveAll(given, resolvePublicKey, stored, [...path, 'credentials'], findings);
  if (required && given.credentials.length === 0) {
    findings.problem(
      [...path, 'credentials'],
      'must hold a public key, because request objects are required',
    );
  }
  return { required, credentials };
}

interface Credentials<Credential> {
  credentials: Credential[];
}

function resolveAll<
  Entry extends { id?: string | undefined; pem?: string | undefined },
  Credential extends { id: string },
>(
  { credentials }: Credentials<Entry>,
  one: (entry: Entry, path: Path, findings: Findings) => Credential | undefined,
  stored: Credentials<Credential> | null | undefined,
  path: Path,
  findings: Findings,
): Credentials<Credential> {
  return {
    credentials: credentials.flatMap((entry, index) => {
      const known = stored?.credentials.find(({ id }) => id === entry.id);
      if (known !== undefined && entry.pem === undefined) return known;
      return one(entry, [...path, index], findings) ?? [];
    }),
  };
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
    id: credentialId(jwkThumbprint(key), alg),
    name: entry.name ?? '',
    credential_type: 'public_key',
    kid: entry.kid ?? jwkThumbprint(key),
    alg,
    pem: entry.pem.trim(),
    expires_at: expiryOf(entry),
  };
}

/** The same credential has the same id at each start. */
function credentialId(...parts: string[]): string {
  return `cred_${sha256(JSON.stringify(parts)).replace(/[-_]/g, '').slice(0, 22)}`;
}

type Expiring = Pick<PublicKeyEntry, 'expires_at' | 'parse_expiry_from_cert' | 'pem'>;

function expiryOf({ expires_at, parse_expiry_from_cert, pem }: Expiring): number | null {
  if (expires_at !== undefined) return Math.floor(Date.parse(expires_at) / 1000);
  const certificate = parse_expiry_from_cert ? parseCertificate(pem) : undefined;
  return certificate === undefined ? null : Math.floor(certificate.validToDate.getTime() / 1000);
}
