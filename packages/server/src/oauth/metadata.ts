// The discovery document (OpenID Connect Discovery §3, RFC 8414; contract WK-*), derived from the registries: what is
// advertised is what answers.

import { signingAlgorithms } from '../model/client.ts';
import { assertionAlgorithms } from '../model/client-credential.ts';
import type { TenantSettings } from '../model/tenant.ts';
import { responseModes } from './authorize/response-target.ts';
import { responseTypes } from './authorize/response-type.ts';
import { dialectOf } from './dialect.ts';
import { claimsSupported } from './issue/claims.ts';
import { claimsOfScope } from './issue/scopes.ts';
import { codeChallengeMethods } from './pkce.ts';
import { dpopAlgorithms } from './proof/dpop.ts';
import { authenticationMethods, certificateMethods } from './token/client-authentication.ts';
import { grants } from './token/grants/index.ts';

/** Scopes whose claims no user of this server can have yet. */
const scopesWithoutValues = ['address'];

export function discoveryDocument(
  issuer: string,
  settings: TenantSettings,
  { takesCertificates }: { takesCertificates: boolean },
): Record<string, unknown> {
  const dialect = dialectOf(settings);
  const methods = [...authenticationMethods, ...(takesCertificates ? certificateMethods : [])];
  const scopes = [...claimsOfScope.keys(), 'offline_access'];
  return {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    device_authorization_endpoint: `${issuer}oauth/device/code`,
    userinfo_endpoint: `${issuer}userinfo`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
    revocation_endpoint: `${issuer}oauth/revoke`,
    introspection_endpoint: `${issuer}oauth/introspect`,
    ...(settings.flags.enable_dynamic_client_registration
      ? { registration_endpoint: `${issuer}oidc/register` }
      : {}),
    ...(settings.oidc_logout.rp_logout_end_session_endpoint_discovery
      ? { end_session_endpoint: `${issuer}oidc/logout` }
      : {}),
    // WK-8
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    scopes_supported: scopes.filter(
      (scope) => dialect.listsScopesWithoutValues || !scopesWithoutValues.includes(scope),
    ),
    response_types_supported: [...responseTypes],
    // WK-3: web_message answers, and is not advertised.
    response_modes_supported: responseModes.filter((mode) => mode !== 'web_message'),
    // RFC 8414 §2: the implicit grant is one that the authorization endpoint answers.
    grant_types_supported: [...grants.keys(), 'implicit'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...signingAlgorithms],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    // RFC 7662 §2.1: "the endpoint MUST also require some form of authorization"
    introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
    introspection_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    token_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    revocation_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    // RFC 8705 §3.3
    ...(takesCertificates ? { tls_client_certificate_bound_access_tokens: true } : {}),
    dpop_signing_alg_values_supported: [...dpopAlgorithms],
    claims_supported: [...claimsSupported],
    code_challenge_methods_supported: [...codeChallengeMethods],
    // RFC 9126 §5
    ...(settings.pushed_authorization_requests_supported
      ? {
          pushed_authorization_request_endpoint: `${issuer}oauth/par`,
          require_pushed_authorization_requests: settings.flags.require_pushed_authorization_requests,
        }
      : {}),
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: [...assertionAlgorithms],
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
    authorization_response_iss_parameter_supported:
      settings.authorization_response_iss_parameter_supported ?? dialect.issInAuthorizationResponse,
    ...(settings.acr_values_supported.length > 0
      ? { acr_values_supported: settings.acr_values_supported }
      : {}),
  };
}
