// What a client registers to prove itself without a secret: contract rows CA-7 and CA-11. The members are those of
// Auth0's credentials; what of them is derived (`id`, `kid`) is derived when they are registered.
import { z } from 'zod';

/** CA-7; ES256 is an extension. */
export const assertionAlgorithms = ['RS256', 'RS384', 'PS256', 'ES256'] as const;

export const publicKeyCredentialSchema = z.strictObject({
  id: z.string(),
  name: z.string().max(128),
  credential_type: z.literal('public_key'),
  kid: z.string().regex(/^[\w-]{10,64}$/, 'must be 10 to 64 letters, digits, - and _'),
  alg: z.enum(assertionAlgorithms),
  /** SPKI, PKCS #1 or a certificate. */
  pem: z.string().max(16_384),
  expires_at: z.int().nullable(),
});
export type PublicKeyCredential = z.infer<typeof publicKeyCredentialSchema>;

/** For `tls_client_auth`: whose certificate, by whatever authority the proxy trusts. */
export const subjectCredentialSchema = z.strictObject({
  id: z.string(),
  name: z.string().max(128),
  credential_type: z.literal('cert_subject_dn'),
  /** An attribute a line: `C=SE\nO=Acme\nCN=client`. */
  subject_dn: z.string().min(1).max(1024),
});
export type SubjectCredential = z.infer<typeof subjectCredentialSchema>;

/** For `self_signed_tls_client_auth`: one certificate and no other. */
export const certificateCredentialSchema = z.strictObject({
  id: z.string(),
  name: z.string().max(128),
  credential_type: z.literal('x509_cert'),
  /** Of its DER, in base64url. */
  thumbprint_sha256: z.string(),
  expires_at: z.int().nullable(),
});
export type CertificateCredential = z.infer<typeof certificateCredentialSchema>;

/** Several, so that a new one is in use before the old one goes. */
export const mostCredentials = 10;

/** PA-7, PA-9: whose signature a request object must carry, and whether every request must be one. */
export const signedRequestObjectSchema = z.strictObject({
  required: z.boolean(),
  credentials: z.array(publicKeyCredentialSchema).max(mostCredentials),
});
export type SignedRequestObject = z.infer<typeof signedRequestObjectSchema>;

const credentials = <Schema extends z.ZodType>(schema: Schema) =>
  z.strictObject({ credentials: z.array(schema).min(1).max(mostCredentials) }).optional();

export const credentialMethods = [
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;

/** Exactly one of them. */
export const clientAuthenticationMethodsSchema = z.strictObject({
  private_key_jwt: credentials(publicKeyCredentialSchema),
  tls_client_auth: credentials(subjectCredentialSchema),
  self_signed_tls_client_auth: credentials(certificateCredentialSchema),
});
export type ClientAuthenticationMethods = z.infer<typeof clientAuthenticationMethodsSchema>;
