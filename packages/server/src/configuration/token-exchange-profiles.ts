// What the tenant file says of token exchange profiles (contract TX-2). `subject_token` is an extension of ours; a
// profile that names an Action alone can judge no token yet.
import { z } from 'zod';
import {
  type SubjectTokenRules,
  subjectTokenRulesSchema,
  type TokenExchangeProfile,
  tokenExchangeProfileSchema,
} from '../model/token-exchange-profile.ts';
import { fitsAlgorithm, parsePublicJwk } from '../runtime/cryptography/signature.ts';
import type { Findings, Path } from './findings.ts';
import { webUrl } from './formats.ts';
import { noEffect } from './unused.ts';

const profile = tokenExchangeProfileSchema.shape;
const rules = subjectTokenRulesSchema.shape;

/** TX-2: namespaces that are nobody's to use. */
const reserved = [
  'http://auth0.com',
  'https://auth0.com',
  'http://okta.com',
  'https://okta.com',
  'urn:ietf',
  'urn:auth0',
  'urn:okta',
];

const usualAlgorithms: SubjectTokenRules['algorithms'] = ['RS256', 'PS256', 'ES256'];

const subjectTokenEntrySchema = z.strictObject({
  issuer: rules.issuer,
  audience: rules.audience,
  jwks_uri: webUrl.optional(),
  jwks: rules.jwks.unwrap().optional(),
  algorithms: rules.algorithms.optional(),
  connection: z.string().min(1),
  match: rules.match.optional(),
  user_claim: rules.user_claim.optional(),
});

export const tokenExchangeProfileEntrySchema = z.strictObject({
  name: profile.name,
  subject_token_type: profile.subject_token_type
    .refine(isNamespaced, 'must be a URI of your own: https://… or urn:…')
    .refine(isOwn, `must not begin with a reserved namespace: ${reserved.join(', ')}`),
  type: profile.type.optional(),
  action: noEffect(z.string()),
  action_id: noEffect(z.string()),
  subject_token: subjectTokenEntrySchema.optional(),
});
type TokenExchangeProfileEntry = z.infer<typeof tokenExchangeProfileEntrySchema>;
type SubjectTokenEntry = z.infer<typeof subjectTokenEntrySchema>;

export type TokenExchangeProfileSettings = Pick<
  TokenExchangeProfile,
  'name' | 'subject_token_type' | 'type' | 'subject_token'
>;

/** Undefined where nothing is left to apply: of an Action's alone, or with a problem among the findings. */
export function resolveTokenExchangeProfile(
  { name, subject_token_type, type = 'custom_authentication', ...entry }: TokenExchangeProfileEntry,
  path: Path,
  findings: Findings,
): { settings: TokenExchangeProfileSettings; connection: string } | undefined {
  const at = [...path, 'subject_token'];
  if (entry.subject_token === undefined) {
    if (entry.action === undefined && entry.action_id === undefined)
      findings.problem(at, 'is missing: say whose tokens are exchanged');
    else findings.warn(path, 'is not applied: Actions come later, and it has no subject_token');
    return undefined;
  }
  judgeKeys(entry.subject_token, at, findings);
  const { connection, jwks_uri, jwks, match = 'user_id', ...others } = entry.subject_token;
  const subject_token = {
    ...others,
    ...(jwks_uri !== undefined && { jwks_uri }),
    ...(jwks !== undefined && { jwks }),
    algorithms: others.algorithms ?? usualAlgorithms,
    match,
    user_claim: others.user_claim ?? (match === 'email' ? 'email' : 'sub'),
  };
  return { settings: { name, subject_token_type, type, subject_token }, connection };
}

function judgeKeys(
  { jwks_uri, jwks, algorithms = usualAlgorithms }: SubjectTokenEntry,
  path: Path,
  findings: Findings,
): void {
  if ((jwks_uri === undefined) === (jwks === undefined))
    findings.problem([...path, 'jwks_uri'], 'is missing: give it, or jwks, and not both');
  jwks?.keys.forEach((jwk, index) => {
    const fits = algorithms.some((alg) => {
      const parsed = parsePublicJwk(jwk, alg);
      return parsed?.alg === alg && fitsAlgorithm(parsed.key, alg);
    });
    const wanted = `a public key for ${algorithms.join(', ')}: RSA of 2,048 bits or more, or P-256`;
    if (!fits) findings.problem([...path, 'jwks', 'keys', index], `must be ${wanted}`);
  });
}

function isNamespaced(type: string): boolean {
  return /^(?:https?:\/\/|urn:)[^\s]+$/i.test(type) && URL.canParse(type);
}

function isOwn(type: string): boolean {
  return !reserved.some((namespace) => type.toLowerCase().startsWith(namespace));
}
