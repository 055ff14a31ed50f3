// One resource server (API), as a tenant file or the Management API tells it: what may be written, and what comes of
// what is left out (RS-1).
import { z } from 'zod';
import { signingAlgorithms } from '../model/client.ts';
import { type ResourceServer, resourceServerSchema } from '../model/resource-server.ts';
import { type Findings, type Path, refuseRepeated } from './findings.ts';
import { judgeHmacSecret, supportedAlgorithm } from './signing.ts';
import { unsupportedSigningAlgorithms } from './unsupported-keys.ts';
import { noEffect, unusedOf } from './unused.ts';

/** RFC 6749 §3.3: scope-token. */
export const scopeToken = z
  .string()
  .max(280)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be visible ASCII without spaces, " and \\');

const { shape } = resourceServerSchema;

const tokenEncryption = z.strictObject({
  format: z.literal('compact-nested-jwe'),
  encryption_key: z.strictObject({
    name: z.string().min(1).max(128).optional(),
    alg: z.enum(['RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512']),
    kid: z.string().min(1).max(128).optional(),
    pem: z.string().min(1).max(4096),
  }),
});

/** More than any API has; each token request looks through them. */
export const mostScopes = 5000;

const members = {
  name: shape.name.min(1).optional(),
  scopes: z
    .array(z.strictObject({ value: scopeToken, description: z.string().max(500).nullable().optional() }))
    .max(mostScopes)
    .optional(),
  signing_alg: z.enum([...signingAlgorithms, ...unsupportedSigningAlgorithms]).optional(),
  signing_secret: z.string().max(1024).optional(),
  token_lifetime: shape.token_lifetime.optional(),
  token_lifetime_for_web: shape.token_lifetime_for_web.optional(),
  token_dialect: shape.token_dialect.optional(),
  enforce_policies: shape.enforce_policies.optional(),
  skip_consent_for_verifiable_first_party_clients:
    shape.skip_consent_for_verifiable_first_party_clients.optional(),
  allow_offline_access: shape.allow_offline_access.optional(),
  allow_online_access: shape.allow_online_access.optional(),
  subject_type_authorization: shape.subject_type_authorization.optional(),
  proof_of_possession: shape.proof_of_possession
    .unwrap()
    .extend({ required_for: z.enum(['public_clients', 'all_clients']).default('all_clients') })
    .nullable()
    .optional(),
  allow_online_access_with_ephemeral_sessions: noEffect(z.boolean().nullable()),
  token_encryption: noEffect(tokenEncryption.nullable()),
  consent_policy: noEffect(z.literal('transactional-authorization-with-mfa').nullable()),
  authorization_details: noEffect(z.array(z.unknown()).max(100).nullable()),
  authorization_policy: noEffect(
    z.strictObject({ policy_id: z.string().min(1).max(1024) }).nullable(),
  ).optional(),
};

/** Whoever changes one does not change its identifier. */
export const resourceServerChangeSchema = z.strictObject(members);
export const resourceServerEntrySchema = z.strictObject({ ...members, identifier: shape.identifier });
export type ResourceServerEntry = z.infer<typeof resourceServerEntrySchema>;

export type ResourceServerSettings = Omit<ResourceServer, 'id' | 'is_system' | 'created_at' | 'updated_at'>;

/** What a resource server is given that says nothing of it; in seconds. */
export interface ResourceServerDefaults {
  token_lifetime_for_web: number;
}

export function resolveResourceServer(
  entry: ResourceServerEntry,
  path: Path,
  findings: Findings,
  defaults: ResourceServerDefaults,
): ResourceServerSettings {
  const token_lifetime = entry.token_lifetime ?? 86_400;
  const token_lifetime_for_web =
    entry.token_lifetime_for_web ?? Math.min(defaults.token_lifetime_for_web, token_lifetime);
  if (token_lifetime_for_web > token_lifetime) {
    findings.problem(
      [...path, 'token_lifetime_for_web'],
      `must not be longer than token_lifetime (${token_lifetime})`,
    );
  }
  const scopes = (entry.scopes ?? []).map(({ value, description }) => ({
    value,
    description: description ?? '',
  }));
  judgeSigningSecret(entry, path, findings);
  refuseRepeated(
    scopes.map(({ value }, index) => [value, [...path, 'scopes', index, 'value']]),
    findings,
  );
  return {
    identifier: entry.identifier,
    name: entry.name ?? entry.identifier.replace(/[<>]/g, '').slice(0, 200),
    scopes,
    signing_alg: supportedAlgorithm(entry.signing_alg, [...path, 'signing_alg'], findings),
    token_lifetime,
    token_lifetime_for_web,
    token_dialect: entry.token_dialect ?? null,
    enforce_policies: entry.enforce_policies ?? null,
    skip_consent_for_verifiable_first_party_clients:
      entry.skip_consent_for_verifiable_first_party_clients ?? false,
    allow_offline_access: entry.allow_offline_access ?? false,
    allow_online_access: entry.allow_online_access ?? false,
    subject_type_authorization: entry.subject_type_authorization ?? null,
    proof_of_possession: entry.proof_of_possession ?? null,
    unused: unusedOf(resourceServerEntrySchema, entry),
  };
}

function judgeSigningSecret(
  { signing_alg, signing_secret }: ResourceServerEntry,
  path: Path,
  findings: Findings,
): void {
  const at = [...path, 'signing_secret'];
  if (signing_alg === 'HS256') {
    if (signing_secret !== undefined) judgeHmacSecret(signing_secret, at, findings);
  } else if (signing_secret !== undefined)
    findings.warn(at, 'has no effect: the signing_alg of this API is not HS256');
}

/** What is stored, as it would be written: a change replaces members of this. */
export function resourceServerEntry({
  id: _id,
  is_system: _isSystem,
  created_at: _createdAt,
  updated_at: _updatedAt,
  unused,
  ...settings
}: ResourceServer): ResourceServerEntry {
  return { ...settings, ...unused };
}
