// One client of the tenant file: what it leaves out is resolved, and what its members say together is judged.
import {
  authenticationMethodOf,
  type Client,
  hasSecret,
  isStrictThirdParty,
  otherAppTypes,
  strictThirdPartyPrefix,
} from '../../model/client.ts';
import { type Findings, type Path, suggestion } from '../findings.ts';
import { judgeIdTokenAlgorithm, supportedAlgorithm } from '../signing.ts';
import { supportedGrantTypes, unsupportedGrantTypes } from '../unsupported-keys.ts';
import { unusedOf } from '../unused.ts';
import { judgeApiClient } from './api-clients.ts';
import { resolveClientAuthenticationMethods, resolveSignedRequestObject } from './client-credentials.ts';
import { type ClientEntry, clientEntrySchema } from './client-schema.ts';
import { judgeCompliance } from './compliance.ts';
import type { ClientDefaults } from './defaults.ts';
import { judgeRefreshToken, resolveRefreshToken } from './refresh-tokens.ts';
import { judgeUrls } from './urls.ts';

/** A client as the file has it; what only the database knows is added when it is applied. */
export interface ConfiguredClient {
  path: Path;
  client_id: string | undefined;
  client_secret: string | undefined;
  /** Everything else, resolved. */
  settings: ClientSettings;
}

export type ClientSettings = Omit<Client, 'client_id' | 'global' | 'is_system' | 'created_at' | 'updated_at'>;

/**
 * What `entry` says, what it leaves out, and whether it goes together: the one judge of clients, whoever sends them.
 * `stored`: the client as it stands, whose credentials the entry may name by their ids.
 */
export function resolveClient(
  entry: ClientEntry,
  path: Path,
  findings: Findings,
  defaults: ClientDefaults,
  stored?: Client,
): ConfiguredClient {
  const app_type = entry.app_type ?? defaults.app_type;
  const oidc_conformant = entry.oidc_conformant ?? defaults.oidc_conformant;
  const authentication = resolveAuthentication(
    entry,
    defaults.token_endpoint_auth_method(app_type),
    stored?.client_authentication_methods,
    path,
    findings,
  );
  const isCompliant = (entry.compliance_level ?? 'none') !== 'none';
  const settings: ClientSettings = {
    name: entry.name,
    description: entry.description ?? null,
    app_type,
    logo_uri: entry.logo_uri || null,
    callbacks: entry.callbacks ?? [],
    allowed_logout_urls: entry.allowed_logout_urls ?? [],
    web_origins: entry.web_origins ?? [],
    allowed_origins: entry.allowed_origins ?? [],
    initiate_login_uri: entry.initiate_login_uri || null,
    is_first_party: entry.is_first_party ?? true,
    oidc_conformant,
    grant_types:
      entry.grant_types ?? defaults.grant_types(app_type, authentication.token_endpoint_auth_method),
    ...authentication,
    require_pushed_authorization_requests: entry.require_pushed_authorization_requests ?? isCompliant,
    par_request_expiry: entry.par_request_expiry ?? null,
    signed_request_object: resolveSignedRequestObject(
      entry.signed_request_object,
      stored?.signed_request_object,
      [...path, 'signed_request_object'],
      findings,
    ),
    jwt_configuration: {
      alg: supportedAlgorithm(entry.jwt_configuration?.alg, [...path, 'jwt_configuration', 'alg'], findings),
      lifetime_in_seconds: entry.jwt_configuration?.lifetime_in_seconds ?? 36_000,
    },
    refresh_token: resolveRefreshToken(
      entry.refresh_token ?? {},
      defaults.refresh_token(app_type),
      oidc_conformant,
    ),
    require_proof_of_possession: entry.require_proof_of_possession ?? isCompliant,
    compliance_level: entry.compliance_level ?? 'none',
    client_metadata: entry.client_metadata ?? {},
    redirection_policy: entry.redirection_policy ?? null,
    registration: stored?.registration ?? null,
    oidc_logout: resolveLogout(entry.oidc_logout ?? entry.oidc_backchannel_logout),
    skip_non_verifiable_callback_uri_confirmation_prompt:
      entry.skip_non_verifiable_callback_uri_confirmation_prompt ?? null,
    is_token_endpoint_ip_header_trusted: entry.is_token_endpoint_ip_header_trusted ?? false,
    resource_server_identifier: entry.resource_server_identifier ?? null,
    token_exchange: entry.token_exchange ?? null,
    organization_usage: entry.organization_usage ?? null,
    organization_require_behavior: entry.organization_require_behavior ?? null,
    unused: unusedOf(clientEntrySchema, entry),
  };
  if (isStrictThirdParty({ client_id: entry.client_id ?? '' }) && settings.is_first_party) {
    findings.problem(
      [...path, 'client_id'],
      `begins with ${strictThirdPartyPrefix}, as those of strict third-party clients do: set is_first_party: false`,
    );
  }
  judgeDataAlone(settings, path, findings);
  judgeUrls(settings, path, findings);
  judgeGrantTypes(entry.grant_types ?? [], path, findings);
  judgeRefreshToken(settings, path, findings, defaults);
  judgeSecret(entry, settings, path, findings);
  judgeApiClient(settings, path, findings);
  judgeIdTokenAlgorithm(entry.client_secret, settings, path, findings);
  judgeCompliance(settings, path, findings);
  return { path, client_id: entry.client_id, client_secret: entry.client_secret, settings };
}

/** What is kept, and what nothing asks for yet. */
function judgeDataAlone(settings: ClientSettings, path: Path, findings: Findings): void {
  const { app_type, organization_usage, organization_require_behavior } = settings;
  if (otherAppTypes.some((other) => other === app_type)) {
    findings.warn(
      [...path, 'app_type'],
      `${app_type} is not supported yet: the client is as one of the type regular_web`,
    );
  }
  if ((organization_usage ?? 'deny') !== 'deny') findings.warnOfNoEffect([...path, 'organization_usage']);
  if ((organization_require_behavior ?? 'no_prompt') !== 'no_prompt') {
    findings.warnOfNoEffect([...path, 'organization_require_behavior']);
  }
}

function resolveLogout(entry: ClientEntry['oidc_logout']): Client['oidc_logout'] {
  if (entry == null) return null;
  const { backchannel_logout_urls = [], backchannel_logout_initiators } = entry;
  // No member that is undefined: what is stored has none.
  return {
    backchannel_logout_urls,
    ...(backchannel_logout_initiators && { backchannel_logout_initiators }),
  };
}

function resolveAuthentication(
  entry: ClientEntry,
  byDefault: Client['token_endpoint_auth_method'],
  stored: Client['client_authentication_methods'] | undefined,
  path: Path,
  findings: Findings,
) {
  const at = [...path, 'client_authentication_methods'];
  const methods = resolveClientAuthenticationMethods(
    entry.client_authentication_methods,
    stored,
    at,
    findings,
  );
  const method = entry.token_endpoint_auth_method;
  if (methods !== null && method != null) {
    findings.problem(
      [...path, 'token_endpoint_auth_method'],
      'must be left out: client_authentication_methods says how the client proves itself',
    );
  }
  return {
    token_endpoint_auth_method: method === undefined && methods === null ? byDefault : (method ?? null),
    client_authentication_methods: methods,
  };
}

function judgeGrantTypes(grantTypes: string[], path: Path, findings: Findings): void {
  grantTypes.forEach((grantType, index) => {
    const at = [...path, 'grant_types', index];
    if (supportedGrantTypes.some((supported) => supported === grantType)) return;
    if (unsupportedGrantTypes.some((unsupported) => unsupported === grantType)) {
      findings.warn(at, `${grantType} is not supported yet and has no effect`);
      return;
    }
    const known = suggestion(grantType, [...supportedGrantTypes, ...unsupportedGrantTypes]);
    findings.problem(at, `is no known grant type: take it out${known}`);
  });
}

/** Characters. */
const shortestSafeSecret = 32;

function judgeSecret(entry: ClientEntry, settings: ClientSettings, path: Path, findings: Findings) {
  const { client_secret } = entry;
  if (!hasSecret(settings)) {
    if (client_secret === undefined) return;
    findings.warn(
      [...path, 'client_secret'],
      `has no effect: this client authenticates by ${authenticationMethodOf(settings)}`,
    );
  } else if (client_secret === undefined) {
    findings.warn(path, 'is given a random client_secret, which the Management API and the dashboard tell');
  } else if (client_secret.length < shortestSafeSecret) {
    findings.warn(
      [...path, 'client_secret'],
      `has fewer than ${shortestSafeSecret} characters and may be guessed: use a long random one`,
    );
  }
}
