// One client of the tenant file: what it leaves out is resolved, and what its members say together is judged.
import {
  authenticationMethodOf,
  type Client,
  hasSecret,
  isStrictThirdParty,
  strictThirdPartyPrefix,
} from '../../model/client.ts';
import {
  callbackProblem,
  hasPlaceholder,
  logoutUrlProblem,
  originProblem,
  webUrlProblem,
} from '../../model/registered-url.ts';
import { type Findings, type Path, suggestion } from '../findings.ts';
import { judgeIdTokenAlgorithm, supportedAlgorithm } from '../signing.ts';
import type { ClientEntry } from '../tenant-schema.ts';
import { supportedGrantTypes, unsupportedAppTypes, unsupportedGrantTypes } from '../unsupported-keys.ts';
import { judgeApiClient } from './api-clients.ts';
import { resolveClientAuthenticationMethods, resolveSignedRequestObject } from './client-credentials.ts';
import { judgeCompliance } from './compliance.ts';
import { judgeRefreshToken, resolveRefreshToken } from './refresh-tokens.ts';

type AppType = Client['app_type'];

/** A client as the file has it; what only the database knows is added when it is applied. */
export interface ConfiguredClient {
  path: Path;
  client_id: string | undefined;
  client_secret: string | undefined;
  /** Everything else, resolved. */
  settings: Omit<Client, 'client_id' | 'is_system' | 'created_at' | 'updated_at'>;
}

/** Undefined for a client of a type that is not supported yet: it is left out, with a warning. */
export function resolveClient(
  entry: ClientEntry,
  path: Path,
  findings: Findings,
): ConfiguredClient | undefined {
  const app_type = entry.app_type ?? 'regular_web';
  if (!isSupported(app_type)) {
    findings.warn([...path, 'app_type'], `${app_type} is not supported yet: the client is left out`);
    return undefined;
  }
  const isCompliant = (entry.compliance_level ?? 'none') !== 'none';
  const settings: ConfiguredClient['settings'] = {
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
    // CL-5: there is one pipeline here, and it conforms.
    oidc_conformant: entry.oidc_conformant ?? true,
    grant_types: entry.grant_types ?? defaultGrantTypes(app_type),
    ...resolveAuthentication(entry, app_type, path, findings),
    require_pushed_authorization_requests: entry.require_pushed_authorization_requests ?? isCompliant,
    par_request_expiry: entry.par_request_expiry ?? null,
    signed_request_object: resolveSignedRequestObject(
      entry.signed_request_object,
      [...path, 'signed_request_object'],
      findings,
    ),
    jwt_configuration: {
      alg: supportedAlgorithm(entry.jwt_configuration?.alg, [...path, 'jwt_configuration', 'alg'], findings),
      lifetime_in_seconds: entry.jwt_configuration?.lifetime_in_seconds ?? 36_000,
    },
    refresh_token: resolveRefreshToken(entry.refresh_token ?? {}, app_type, entry.oidc_conformant ?? true),
    require_proof_of_possession: entry.require_proof_of_possession ?? isCompliant,
    compliance_level: entry.compliance_level ?? 'none',
    client_metadata: entry.client_metadata ?? {},
    redirection_policy: entry.redirection_policy ?? null,
    registration: null,
    oidc_logout: entry.oidc_logout ?? null,
    skip_non_verifiable_callback_uri_confirmation_prompt:
      entry.skip_non_verifiable_callback_uri_confirmation_prompt ?? null,
    is_token_endpoint_ip_header_trusted: entry.is_token_endpoint_ip_header_trusted ?? false,
    resource_server_identifier: entry.resource_server_identifier ?? null,
    token_exchange: entry.token_exchange ?? null,
  };
  if (isStrictThirdParty({ client_id: entry.client_id ?? '' }) && settings.is_first_party) {
    findings.problem(
      [...path, 'client_id'],
      `begins with ${strictThirdPartyPrefix}, as those of strict third-party clients do: set is_first_party: false`,
    );
  }
  judgeUrls(settings, path, findings);
  judgeGrantTypes(entry.grant_types ?? [], path, findings);
  judgeRefreshToken(settings, path, findings);
  judgeSecret(entry, settings, path, findings);
  judgeApiClient(settings, path, findings);
  judgeIdTokenAlgorithm(entry.client_secret, settings, path, findings);
  judgeCompliance(settings, path, findings);
  return { path, client_id: entry.client_id, client_secret: entry.client_secret, settings };
}

function isSupported(app_type: NonNullable<ClientEntry['app_type']>): app_type is AppType {
  return !unsupportedAppTypes.some((unsupported) => unsupported === app_type);
}

function resolveAuthentication(entry: ClientEntry, app_type: AppType, path: Path, findings: Findings) {
  const at = [...path, 'client_authentication_methods'];
  const methods = resolveClientAuthenticationMethods(entry.client_authentication_methods, at, findings);
  const method = entry.token_endpoint_auth_method;
  if (methods !== null && method != null) {
    findings.problem(
      [...path, 'token_endpoint_auth_method'],
      'must be left out: client_authentication_methods says how the client proves itself',
    );
  }
  return {
    token_endpoint_auth_method:
      method === undefined && methods === null ? defaultAuthMethod(app_type) : (method ?? null),
    client_authentication_methods: methods,
  };
}

function defaultAuthMethod(app_type: AppType): Client['token_endpoint_auth_method'] {
  return app_type === 'spa' || app_type === 'native' ? 'none' : 'client_secret_post';
}

/** TK-13 */
function defaultGrantTypes(app_type: AppType): string[] {
  if (app_type === 'resource_server') return [];
  const grantTypes = ['authorization_code', 'implicit', 'refresh_token'];
  return app_type === 'spa' || app_type === 'native' ? grantTypes : [...grantTypes, 'client_credentials'];
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

function judgeUrls(settings: ConfiguredClient['settings'], path: Path, findings: Findings): void {
  const rules = { exact_only: !settings.is_first_party };
  judgeList(settings.callbacks, (url) => callbackProblem(url, rules), [...path, 'callbacks'], findings);
  judgeList(
    settings.allowed_logout_urls,
    (url) => logoutUrlProblem(url, rules),
    [...path, 'allowed_logout_urls'],
    findings,
  );
  judgeList(settings.web_origins, originProblem, [...path, 'web_origins'], findings);
  judgeList(settings.allowed_origins, originProblem, [...path, 'allowed_origins'], findings);
  const { backchannel_logout_urls = [] } = settings.oidc_logout ?? {};
  judgeList(
    backchannel_logout_urls,
    webUrlProblem,
    [...path, 'oidc_logout', 'backchannel_logout_urls'],
    findings,
  );
  for (const key of ['initiate_login_uri', 'logo_uri'] as const) {
    const url = settings[key];
    const problem = url === null ? undefined : webUrlProblem(url);
    if (problem !== undefined) findings.problem([...path, key], problem);
  }
}

export function judgeList(
  urls: string[],
  problemOf: (url: string) => string | undefined,
  path: Path,
  findings: Findings,
): void {
  urls.forEach((url, index) => {
    const problem = problemOf(url);
    if (problem !== undefined) findings.problem([...path, index], problem);
    else if (hasPlaceholder(url)) {
      findings.warn(
        [...path, index],
        'holds a {placeholder}, which is not supported yet: nothing matches it',
      );
    }
  });
}

/** Characters. */
const shortestSafeSecret = 32;

function judgeSecret(
  entry: ClientEntry,
  settings: ConfiguredClient['settings'],
  path: Path,
  findings: Findings,
) {
  const { client_secret } = entry;
  if (!hasSecret(settings)) {
    if (client_secret === undefined) return;
    findings.warn(
      [...path, 'client_secret'],
      `has no effect: this client authenticates by ${authenticationMethodOf(settings)}`,
    );
  } else if (client_secret === undefined) {
    findings.warn(
      path,
      'is given a random client_secret that cannot be read yet: give one to use the client',
    );
  } else if (client_secret.length < shortestSafeSecret) {
    findings.warn(
      [...path, 'client_secret'],
      `has fewer than ${shortestSafeSecret} characters and may be guessed: use a long random one`,
    );
  }
}
