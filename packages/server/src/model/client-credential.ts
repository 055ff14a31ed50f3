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

/** Several, so that a new one is in use before the old one goes. */
export const mostCredentials = 10;

/** PA-7, PA-9: whose signature a request object must carry, and whether every request must be one. */
export const signedRequestObjectSchema = z.strictObject({
  required: z.boolean(),
  credentials: z.array(publicKeyCredentialSchema).max(mostCredentials),
});
export type SignedRequestObject = z.infer<typeof signedRequestObjectSchema>;

export const clientAuthenticationMethodsSchema = z.strictObject({
  private_key_jwt: z.strictObject({
    credentials: z.array(publicKeyCredentialSchema).min(1).max(mostCredentials),
  }),
});
export type ClientAuthenticationMethods = z.infer<typeof clientAuthenticationMethodsSchema>;
