// What may be said of a client's credentials: public keys in PEM, as Auth0's Management API takes them.
import { z } from 'zod';
import {
  certificateCredentialSchema,
  mostCredentials,
  publicKeyCredentialSchema,
  subjectCredentialSchema,
} from '../../model/client-credential.ts';

const { alg, kid, name, credential_type } = publicKeyCredentialSchema.shape;
/** Public, unless somebody sends the private key by mistake: no log shows it. */
const pem = publicKeyCredentialSchema.shape.pem.meta({ secret: true });
const subject = subjectCredentialSchema.shape;

export const publicKeyEntrySchema = z.strictObject({
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
export type PublicKeyEntry = z.infer<typeof publicKeyEntrySchema>;

export const subjectEntrySchema = z.strictObject({
  id: z.string().optional(),
  name: name.optional(),
  credential_type: subject.credential_type.optional(),
  subject_dn: subject.subject_dn.optional(),
  /** Instead of the subject: a certificate that has it. */
  pem: pem.optional(),
});

export const certificateEntrySchema = z.strictObject({
  id: z.string().optional(),
  name: name.optional(),
  credential_type: certificateCredentialSchema.shape.credential_type.optional(),
  pem: pem.optional(),
  expires_at: publicKeyEntrySchema.shape.expires_at,
  parse_expiry_from_cert: z.boolean().optional(),
});

function credentialsOf<Schema extends z.ZodType>(schema: Schema) {
  return z.strictObject({ credentials: z.array(schema).min(1).max(mostCredentials) }).optional();
}

function oneOf<Methods extends z.ZodRawShape>(methods: Methods) {
  return z.strictObject(methods).refine((named) => Object.keys(named).length === 1, 'must name one method');
}

export const clientAuthenticationMethodsEntrySchema = oneOf({
  private_key_jwt: credentialsOf(publicKeyEntrySchema),
  tls_client_auth: credentialsOf(subjectEntrySchema),
  self_signed_tls_client_auth: credentialsOf(certificateEntrySchema),
});
export type ClientAuthenticationMethodsEntry = z.infer<typeof clientAuthenticationMethodsEntrySchema>;

export const signedRequestObjectEntrySchema = z.strictObject({
  required: z.boolean().optional(),
  credentials: z.array(publicKeyEntrySchema).max(mostCredentials).optional(),
});

// What follows is of a client that the Management API makes, with Auth0's bounds: it has no credential yet that an id
// could name.

const shortPem = pem.min(1).max(4096).meta({ secret: true });

export const newPublicKeySchema = publicKeyEntrySchema.omit({ id: true }).extend({ credential_type, pem });
const newSubjectSchema = subjectEntrySchema.omit({ id: true }).extend({
  credential_type: subject.credential_type,
  subject_dn: subject.subject_dn.max(256).optional(),
  pem: shortPem.optional(),
});
const newCertificateSchema = z.strictObject({
  name: name.optional(),
  credential_type: certificateCredentialSchema.shape.credential_type,
  pem: shortPem,
});

export const newClientAuthenticationMethodsSchema = oneOf({
  private_key_jwt: credentialsOf(newPublicKeySchema),
  tls_client_auth: credentialsOf(newSubjectSchema),
  self_signed_tls_client_auth: credentialsOf(newCertificateSchema),
});

export const newSignedRequestObjectSchema = z.strictObject({
  required: z.boolean().optional(),
  credentials: z.array(newPublicKeySchema).max(mostCredentials).optional(),
});
