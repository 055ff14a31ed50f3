// What an application says of itself when it registers (RFC 7591 §2, OpenID Connect Dynamic Client Registration §2;
// contract DR-1): the members that this server has a use for. The others are ignored, as RFC 7591 asks.
import { z } from 'zod';
import { signingAlgorithms } from './client.ts';
import { mostCredentials } from './client-credential.ts';
import { registrationSchema } from './registration.ts';

const url = z.string().max(2048);
const urls = z.array(url).max(100);

export const clientMetadataSchema = z.object({
  ...registrationSchema.shape,
  redirect_uris: urls.min(1),
  client_name: z.string().min(1).max(256).optional(),
  token_endpoint_auth_method: z
    .enum(['none', 'client_secret_post', 'client_secret_basic', 'private_key_jwt'])
    .optional(),
  grant_types: z.array(z.string().max(200)).max(20).optional(),
  response_types: z.array(z.string().max(200)).max(20).optional(),
  logo_uri: url.optional(),
  initiate_login_uri: url.optional(),
  post_logout_redirect_uris: urls.optional(),
  backchannel_logout_uri: url.optional(),
  id_token_signed_response_alg: z.enum(signingAlgorithms).optional(),
  /** Everybody is told the same `sub` of a user. */
  subject_type: z.literal('public').optional(),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(mostCredentials) }).optional(),
});
export type ClientMetadata = z.infer<typeof clientMetadataSchema>;

/** RFC 7591 §3.2.1, RFC 7592 §3: what the application is told. */
export type ClientInformation = Readonly<Record<string, unknown>> & { client_id: string };
