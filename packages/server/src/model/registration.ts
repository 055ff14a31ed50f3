// What a client that registered itself has said, beyond what every client has: kept to be told again.
import { z } from 'zod';
import { assertionAlgorithms } from './client-credential.ts';

const url = z.string().max(2048);

export const registrationSchema = z.object({
  application_type: z.enum(['web', 'native']).optional(),
  contacts: z.array(z.string().max(254)).max(10).optional(),
  client_uri: url.optional(),
  policy_uri: url.optional(),
  tos_uri: url.optional(),
  software_id: z.string().max(255).optional(),
  software_version: z.string().max(255).optional(),
  backchannel_logout_session_required: z.boolean().optional(),
  token_endpoint_auth_signing_alg: z.enum(assertionAlgorithms).optional(),
  /** Where its public keys are; in place of keys that are registered. */
  jwks_uri: url.optional(),
});
export type Registration = z.infer<typeof registrationSchema>;
