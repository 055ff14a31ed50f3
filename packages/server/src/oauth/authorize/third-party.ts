// What an authorization request of a strict third-party client may say: nobody at the tenant knows who wrote it.
import { type Client, isStrictThirdParty } from '../../model/client.ts';
import { InvalidRequest, reflected } from '../errors.ts';
import type { Parameters } from '../parameters.ts';

/** AZ-41 */
const allowed = new Set([
  'acr_values',
  'audience',
  'authorization_details',
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'connection',
  'correlation_id',
  'display',
  'dpop_jkt',
  'login_hint',
  'max_age',
  'nonce',
  'prompt',
  'redirect_uri',
  'resource',
  'response_type',
  'scope',
  'state',
  'ui_locales',
]);

/** Auth0's SDKs send these with every request, whatever they were told: they change nothing that is granted. */
const sentByEverySdk = new Set(['auth0Client', 'response_mode']);

/** Throws InvalidRequest. */
export function assertAllowedToThirdParty(parameters: Parameters, client: Client): void {
  if (!isStrictThirdParty(client)) return;
  const foreign = parameters.pairs.find(([name, value]) => value !== '' && !isAllowed(name));
  if (foreign !== undefined) {
    throw new InvalidRequest(`Parameter '${reflected(foreign[0])}' is not allowed for third-party clients`);
  }
  // ID-18: the only answer is a code; it is for an API.
  if (parameters.get('response_type') !== 'code') {
    throw new InvalidRequest("Third-party clients must ask for the response type 'code'");
  }
}

function isAllowed(name: string): boolean {
  return allowed.has(name) || sentByEverySdk.has(name) || name.startsWith('ext-');
}
