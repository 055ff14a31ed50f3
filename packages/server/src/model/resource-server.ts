// What a resource server (API) is: contract row RS-1.
import { z } from 'zod';
import { signingAlgorithms } from './client.ts';

const tokenDialects = [
  'access_token',
  'access_token_authz',
  'rfc9068_profile',
  'rfc9068_profile_authz',
] as const;

/** AT-9, in seconds: what an authorization gave may live so long after its end. */
export const longestAccessTokenLifetime = 2_592_000;
const tokenLifetime = z.int().min(0).max(longestAccessTokenLifetime);

const userPolicies = ['allow_all', 'deny_all', 'require_client_grant'] as const;

export const resourceServerSchema = z.strictObject({
  id: z.string(),
  identifier: z.string().min(1).max(600),
  name: z
    .string()
    .max(200)
    .regex(/^[^<>]*$/, 'must not contain < or >'),
  scopes: z.array(z.strictObject({ value: z.string().min(1).max(280), description: z.string().max(500) })),
  signing_alg: z.enum(signingAlgorithms),
  token_lifetime: tokenLifetime,
  token_lifetime_for_web: tokenLifetime,
  /** Null until somebody sets it: `access_token`. */
  token_dialect: z.enum(tokenDialects).nullable(),
  /** Null until somebody sets it: they are not. */
  enforce_policies: z.boolean().nullable(),
  skip_consent_for_verifiable_first_party_clients: z.boolean(),
  allow_offline_access: z.boolean(),
  /** RT-20. */
  allow_online_access: z.boolean(),
  /** What it leaves out is `permissionPolicy`'s to say. */
  subject_type_authorization: z
    .strictObject({
      user: z.strictObject({ policy: z.enum(userPolicies).exactOptional() }).exactOptional(),
      client: z
        .strictObject({ policy: z.enum(['deny_all', 'require_client_grant']).exactOptional() })
        .exactOptional(),
    })
    .nullable(),
  /** DP-8: `null` for an API that knows no bound tokens. */
  proof_of_possession: z
    .strictObject({
      mechanism: z.enum(['dpop', 'mtls']),
      required: z.boolean(),
      required_for: z.enum(['public_clients', 'all_clients']),
    })
    .nullable(),
  /** What Auth0 knows of a resource server and this server has no use for: kept, and told again. */
  unused: z.record(z.string(), z.unknown()),
  is_system: z.boolean(),
  created_at: z.int(),
  updated_at: z.int(),
});
export type ResourceServer = z.infer<typeof resourceServerSchema>;

/** RS-1: who may ask for its scopes. */
export function permissionPolicy(
  { subject_type_authorization }: Pick<ResourceServer, 'subject_type_authorization'>,
  subject_type: 'user' | 'client',
): (typeof userPolicies)[number] {
  const usual = subject_type === 'user' ? 'allow_all' : 'require_client_grant';
  return subject_type_authorization?.[subject_type]?.policy ?? usual;
}

export const clientGrantSchema = z.strictObject({
  id: z.string(),
  client_id: z.string(),
  audience: z.string(),
  scope: z.array(z.string()),
  subject_type: z.enum(['client', 'user']),
  allow_all_scopes: z.boolean(),
  /** CC-7: `null` is `deny`; kept for the logins of organizations. */
  organization_usage: z.enum(['deny', 'allow', 'require']).nullable(),
  /** `null` is false. */
  allow_any_organization: z.boolean().nullable(),
  /** Members that Auth0 knows and this server has no use for, as they were given. */
  unused: z.record(z.string(), z.unknown()),
});
export type ClientGrant = z.infer<typeof clientGrantSchema>;

/** What every third-party client may have, where no client grant of its own says otherwise. */
export const defaultClientGrantSchema = clientGrantSchema
  .omit({ client_id: true })
  .extend({ default_for: z.literal('third_party_clients') });
export type DefaultClientGrant = z.infer<typeof defaultClientGrantSchema>;

/** The system API, Auth0's Management API v2: made by the server itself. */
export const systemApiName = 'Auth0 Management API';

/** Its identifier, which tokens for it have as audience. */
export function systemAudience(issuer: string): string {
  return `${issuer}api/v2/`;
}

/** AT-10: what concerns nobody but the user whom the token is for. */
export function isCurrentUserScope(scope: string): boolean {
  return /^[a-z]+:current_user(?:_|$)/.test(scope);
}
