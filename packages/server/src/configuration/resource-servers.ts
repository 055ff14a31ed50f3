// One resource server of the tenant file: what it leaves out is resolved (RS-1).
import type { ResourceServer } from '../model/resource-server.ts';
import { type Findings, type Path, refuseRepeated } from './findings.ts';
import { judgeHmacSecret, supportedAlgorithm } from './signing.ts';
import type { ResourceServerEntry } from './tenant-schema.ts';

export type ResourceServerSettings = Omit<ResourceServer, 'id' | 'is_system' | 'created_at' | 'updated_at'>;

export function resolveResourceServer(
  entry: ResourceServerEntry,
  path: Path,
  findings: Findings,
): ResourceServerSettings {
  const token_lifetime = entry.token_lifetime ?? 86_400;
  const token_lifetime_for_web = entry.token_lifetime_for_web ?? Math.min(86_400, token_lifetime);
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
    token_dialect: entry.token_dialect ?? 'access_token',
    enforce_policies: entry.enforce_policies ?? false,
    skip_consent_for_verifiable_first_party_clients:
      entry.skip_consent_for_verifiable_first_party_clients ?? false,
    allow_offline_access: entry.allow_offline_access ?? false,
    allow_online_access: entry.allow_online_access ?? false,
    subject_type_authorization: {
      user: entry.subject_type_authorization?.user ?? { policy: 'allow_all' },
      client: entry.subject_type_authorization?.client ?? { policy: 'require_client_grant' },
    },
    proof_of_possession: entry.proof_of_possession ?? null,
  };
}

function judgeSigningSecret(
  { signing_alg, signing_secret }: ResourceServerEntry,
  path: Path,
  findings: Findings,
): void {
  const at = [...path, 'signing_secret'];
  if (signing_alg !== 'HS256') {
    if (signing_secret !== undefined)
      findings.warn(at, 'has no effect: the signing_alg of this API is not HS256');
  } else if (signing_secret === undefined) {
    findings.warn(path, 'is given a random signing_secret that cannot be read yet: give one to use the API');
  } else judgeHmacSecret(signing_secret, at, findings);
}
