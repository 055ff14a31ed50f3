// Members of an authorization request that need nothing but their own value to be judged (OpenID Connect Core §3.1.2.1,
// RFC 9449 §10; contract AZ-30, AZ-31, AZ-35 to AZ-39).
import type { TenantSettings } from '../../model/tenant.ts';
import type { Dialect } from '../dialect.ts';
import { InvalidRequest } from '../errors.ts';
import { type Parameters, parseSpaceDelimited } from '../parameters.ts';

const prompts = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof prompts)[number];

export function parsePrompt(parameters: Parameters): Prompt[] {
  const asked = parseSpaceDelimited(parameters.get('prompt'));
  const known = prompts.filter((prompt) => asked.includes(prompt));
  if (known.length !== asked.length) throw new InvalidRequest('Unsupported prompt');
  // OpenID Connect Core §3.1.2.1: "If this parameter contains none with any other value, an error is returned."
  if (known.includes('none') && known.length > 1) {
    throw new InvalidRequest('prompt none must not be combined with other values');
  }
  return known;
}

export function parseMaxAge(parameters: Parameters): number | null {
  const max_age = parameters.get('max_age');
  if (max_age === undefined) return null;
  if (!/^\d{1,10}$/.test(max_age)) throw new InvalidRequest('max_age must be a whole number of seconds');
  return Number(max_age);
}

export function parseAcrValues(
  parameters: Parameters,
  { settings, dialect }: { settings: TenantSettings; dialect: Dialect },
): string[] {
  const asked = parseSpaceDelimited(parameters.get('acr_values'));
  const supported = settings.acr_values_supported;
  if (supported.length === 0 || asked.every((acr) => supported.includes(acr))) return asked;
  if (dialect.unsupportedAcrIsError) throw new InvalidRequest('acr_values has a value that is not supported');
  return asked.filter((acr) => supported.includes(acr));
}

/** AZ-36, RFC 9449 §10: "The value of the dpop_jkt authorization request parameter is the JWK Thumbprint" */
export function parseDpopJkt(parameters: Parameters): string | null {
  const dpop_jkt = parameters.get('dpop_jkt');
  if (dpop_jkt === undefined) return null;
  // SHA-256 in base64url
  if (!/^[\w-]{43}$/.test(dpop_jkt)) throw new InvalidRequest('dpop_jkt must be a SHA-256 JWK thumbprint');
  return dpop_jkt;
}

/** PA-2 */
const mostExtensions = 10;

/** AZ-38: custom parameters, kept for whoever shapes the login. */
export function parseExtensions(parameters: Parameters): Record<string, string> {
  const kept = parameters.pairs.filter(([name, value]) => name.startsWith('ext-') && value !== '');
  return Object.fromEntries(kept.slice(0, mostExtensions));
}

/** AZ-39: the application's own name for this login in the tenant log; one that is malformed is nobody's. */
export function parseCorrelationId(parameters: Parameters): string | null {
  const correlation_id = parameters.get('correlation_id');
  return correlation_id !== undefined && /^[-\w.*~@+/:]{1,64}$/.test(correlation_id) ? correlation_id : null;
}
