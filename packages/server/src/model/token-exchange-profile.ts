// A token exchange profile (contract TX-2): for tokens of which type it is, whose they must be, and which of our users
// they name. Auth0 lets an Action judge such tokens; `subject_token` says it instead.
import { z } from 'zod';
import { assertionAlgorithms } from './client-credential.ts';

/** What claims name a user by: the provider's own id, or an address that both sides have verified. */
export const subjectMatches = ['user_id', 'email'] as const;

const mostInlineKeys = 20;

export const subjectTokenRulesSchema = z.strictObject({
  issuer: z.string().min(1).max(2048),
  /** What `aud` must hold. */
  audience: z.string().min(1).max(2048),
  /** Where the issuer's keys are, or what they are: one of the two. */
  jwks_uri: z.string().max(2048).exactOptional(),
  jwks: z
    .strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(mostInlineKeys) })
    .exactOptional(),
  algorithms: z.array(z.enum(assertionAlgorithms)).min(1),
  match: z.enum(subjectMatches),
  user_claim: z.string().min(1).max(255),
});
export type SubjectTokenRules = z.infer<typeof subjectTokenRulesSchema>;

export const tokenExchangeProfileSchema = z.strictObject({
  id: z.string(),
  name: z.string().min(3).max(50),
  /** Unique: what a request says chooses the profile. */
  subject_token_type: z.string().min(8).max(100),
  type: z.literal('custom_authentication'),
  subject_token: subjectTokenRulesSchema,
  /** Whose users are meant. */
  connection_id: z.string(),
  created_at: z.int(),
  updated_at: z.int(),
});
export type TokenExchangeProfile = z.infer<typeof tokenExchangeProfileSchema>;
