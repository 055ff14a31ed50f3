// From the metadata of RFC 7591 to the members of a client under Auth0's names, as the tenant file has them: whatever
// may stand there is judged there, by one schema (contract DR-1 to DR-3).
import type { ClientMetadata } from '../../model/client-metadata.ts';
import { webUrlProblem } from '../../model/registered-url.ts';
import { type Registration, registrationSchema } from '../../model/registration.ts';
import { isLoopbackUrl } from '../../runtime/settings/issuer.ts';
import { InvalidClientMetadata, InvalidRedirectUri, reflected } from '../errors.ts';
import type { VerificationKey } from '../proof/jws.ts';
import { verificationKeyOf } from '../proof/key-sets.ts';

/** DR-2: "Grants filtered to authorization_code, refresh_token." */
const grantTypes = ['authorization_code', 'refresh_token'];
const unnamed = 'Unnamed application';

/** Throws InvalidRedirectUri or InvalidClientMetadata. */
export function clientEntryOf(metadata: ClientMetadata): Record<string, unknown> {
  const { token_endpoint_auth_method: method = 'client_secret_post', application_type } = metadata;
  metadata.redirect_uris.forEach(assertNoPlainHttp);
  for (const name of ['client_uri', 'policy_uri', 'tos_uri', 'jwks_uri'] as const) {
    const problem = metadata[name] === undefined ? undefined : webUrlProblem(metadata[name]);
    if (problem !== undefined) throw new InvalidClientMetadata(`${name} ${reflected(problem)}`);
  }
  const { id_token_signed_response_alg: alg, backchannel_logout_uri } = metadata;
  return {
    name: metadata.client_name ?? unnamed,
    is_first_party: false,
    app_type: application_type === 'native' ? 'native' : method === 'none' ? 'spa' : 'regular_web',
    callbacks: metadata.redirect_uris,
    allowed_logout_urls: metadata.post_logout_redirect_uris ?? [],
    logo_uri: metadata.logo_uri ?? null,
    initiate_login_uri: metadata.initiate_login_uri ?? null,
    grant_types: grantTypesOf(metadata),
    ...(method === 'private_key_jwt' ? keysOf(metadata) : { token_endpoint_auth_method: method }),
    ...(alg === undefined ? {} : { jwt_configuration: { alg } }),
    // RFC 9700 §2.2.2: of public clients refresh tokens are rotated; who else asks to be known by nobody, too.
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    ...(backchannel_logout_uri === undefined
      ? {}
      : { oidc_logout: { backchannel_logout_urls: [backchannel_logout_uri] } }),
  };
}

/** What of the metadata no client of the tenant file has. */
export function registrationOf(metadata: ClientMetadata): Registration {
  const { jwks_uri, ...registration } = registrationSchema.parse(metadata);
  const isUsed = metadata.token_endpoint_auth_method === 'private_key_jwt' && jwks_uri !== undefined;
  return isUsed ? { ...registration, jwks_uri } : registration;
}

/** RFC 9700 §2.6: "Authorization responses MUST NOT be transmitted over unencrypted network connections." */
function assertNoPlainHttp(redirect_uri: string): void {
  if (!redirect_uri.toLowerCase().startsWith('http:')) return;
  if (URL.canParse(redirect_uri) && isLoopbackUrl(redirect_uri)) return;
  throw new InvalidRedirectUri('redirect_uris must be https URLs: http is for loopback addresses alone');
}

function grantTypesOf({ grant_types, response_types }: ClientMetadata): string[] {
  // RFC 7591 §2: what is left out means the code.
  if (response_types !== undefined && !response_types.includes('code')) {
    throw new InvalidClientMetadata("response_types must include 'code'");
  }
  const granted = grantTypes.filter((grantType) => (grant_types ?? [grantTypes[0]]).includes(grantType));
  if (!granted.includes('authorization_code')) {
    throw new InvalidClientMetadata("grant_types must include 'authorization_code'");
  }
  return granted;
}

/** RFC 7591 §2: "The "jwks_uri" and "jwks" parameters MUST NOT both be present in the same request or response." */
function keysOf({
  jwks,
  jwks_uri,
  token_endpoint_auth_signing_alg: alg,
}: ClientMetadata): Record<string, unknown> {
  if ((jwks === undefined) === (jwks_uri === undefined)) {
    throw new InvalidClientMetadata('private_key_jwt needs either jwks or jwks_uri');
  }
  // The address is kept with the registration; the keys behind it are asked for when they are needed.
  if (jwks === undefined) return { token_endpoint_auth_method: null };
  const credentials = jwks.keys.filter(({ use }) => use !== 'enc').map((jwk) => credentialOf(jwk, alg));
  return { client_authentication_methods: { private_key_jwt: { credentials } } };
}

function credentialOf(jwk: Record<string, unknown>, signingAlg: VerificationKey['alg'] | undefined) {
  const key = verificationKeyOf(jwk, signingAlg);
  if (key === undefined)
    throw new InvalidClientMetadata('jwks must hold public keys for RS256, PS256 or ES256');
  const { kid, alg, pem } = key;
  // A name that is too short for one of ours is left out: the key is found without it.
  return kid !== undefined && /^[\w-]{10,64}$/.test(kid) ? { kid, alg, pem } : { alg, pem };
}
