// This folder says what things are, in Auth0's shape and under the names they have on the wire: their members, what
// these may hold, and nothing of storage, of HTTP or of what is done with them.
// Here: a client, the registered application (contract rows CL-1 to CL-6). How it proves itself is oauth's.
import { z } from 'zod';
import { oidcLogoutSchema } from './backchannel-logout.ts';
import {
  clientAuthenticationMethodsSchema,
  credentialMethods,
  signedRequestObjectSchema,
} from './client-credential.ts';
import { metadataOf } from './members.ts';
import { registrationSchema } from './registration.ts';

const appTypes = ['native', 'spa', 'regular_web', 'non_interactive', 'resource_server'] as const;
/** Auth0's further ones: kept and told again; nothing is particular to such a client. */
export const otherAppTypes = [
  'express_configuration',
  'sso_integration',
  'rms',
  'box',
  'cloudbees',
  'concur',
  'dropbox',
  'mscrm',
  'echosign',
  'egnyte',
  'newrelic',
  'office365',
  'salesforce',
  'sentry',
  'sharepoint',
  'slack',
  'springcm',
  'zendesk',
  'zoom',
  'oag',
] as const;
const tokenEndpointAuthMethods = ['none', 'client_secret_post', 'client_secret_basic'] as const;
/** SG-1, those of the tenant's own keys: RS256 is Auth0's default; ES256 is an extension. */
export const keyAlgorithms = ['RS256', 'PS256', 'ES256'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];
/** By HS256 with a secret that a client or a resource server shares with us. */
export const signingAlgorithms = [...keyAlgorithms, 'HS256'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];
/** AT-16, in bytes. */
export const shortestHmacSecret = 32;

/** The longest lifetime of a refresh token, in seconds: five years (RT-11, as the Management API has it since). */
const longestRefreshTokenLifetime = 157_788_000;
const refreshTokenLifetime = z.int().min(1).max(longestRefreshTokenLifetime);

/** RR-8, in seconds. */
export const longestRetryWindow = 600;

export const refreshTokenSchema = z.strictObject({
  rotation_type: z.enum(['rotating', 'non-rotating']),
  expiration_type: z.enum(['expiring', 'non-expiring']),
  leeway: z.int().min(0).max(longestRetryWindow),
  token_lifetime: refreshTokenLifetime,
  infinite_token_lifetime: z.boolean(),
  idle_token_lifetime: refreshTokenLifetime,
  infinite_idle_token_lifetime: z.boolean(),
  /** Extensions, as in the tenant's settings; `null` leaves them to those. */
  retry_safe: z.boolean().nullable(),
  retry_window: z.int().min(0).max(longestRetryWindow).nullable(),
  /** RT-18: other APIs that a refresh token of the client is good for, each with the scopes that it adds. */
  policies: z
    .array(
      z.strictObject({ audience: z.string().min(1).max(600), scope: z.array(z.string().min(1).max(280)) }),
    )
    .min(1)
    .nullable(),
});
export type RefreshTokenConfiguration = z.infer<typeof refreshTokenSchema>;

/** CL-3: what Auth0's API sets when `refresh_token` is left out. */
export const defaultRefreshToken: RefreshTokenConfiguration = {
  rotation_type: 'non-rotating',
  expiration_type: 'non-expiring',
  leeway: 0,
  token_lifetime: 2_592_000,
  infinite_token_lifetime: true,
  idle_token_lifetime: 1_296_000,
  infinite_idle_token_lifetime: true,
  retry_safe: null,
  retry_window: null,
  policies: null,
};

/** DIS-24: an SPA that says nothing gets rotating, expiring refresh tokens. */
export const defaultSpaRefreshToken: RefreshTokenConfiguration = {
  ...defaultRefreshToken,
  rotation_type: 'rotating',
  expiration_type: 'expiring',
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
};

/** AZ-65: whether errors go to the callback. */
const redirectionPolicies = ['allow_always', 'open_redirect_protection'] as const;

const complianceLevels = [
  'none',
  'fapi1_adv_pkj_par',
  'fapi1_adv_mtls_par',
  'fapi2_sp_pkj_mtls',
  'fapi2_sp_mtls_mtls',
] as const;
const tokenExchangeTypes = ['custom_authentication', 'on_behalf_of_token_exchange'] as const;

export const clientSchema = z.strictObject({
  client_id: z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters'),
  name: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^<>]*$/, 'must not contain < or >'),
  description: z.string().max(140).nullable(),
  /** `null`: nobody has said. */
  app_type: z.enum([...appTypes, ...otherAppTypes]).nullable(),
  logo_uri: z.string().nullable(),
  callbacks: z.array(z.string()),
  allowed_logout_urls: z.array(z.string()),
  web_origins: z.array(z.string()).max(100),
  allowed_origins: z.array(z.string()),
  initiate_login_uri: z.string().nullable(),
  is_first_party: z.boolean(),
  oidc_conformant: z.boolean(),
  grant_types: z.array(z.string().min(1)),
  /** `null` is Auth0's "Unspecified": post or Basic (CA-3). */
  token_endpoint_auth_method: z.enum(tokenEndpointAuthMethods).nullable(),
  /** With it `token_endpoint_auth_method` is `null`: one of the two says how the client proves itself. */
  client_authentication_methods: clientAuthenticationMethodsSchema.nullable(),
  require_pushed_authorization_requests: z.boolean(),
  /** PA-3: seconds; `null` is 30. */
  par_request_expiry: z.int().min(10).max(600).nullable(),
  signed_request_object: signedRequestObjectSchema.nullable(),
  jwt_configuration: z.strictObject({
    alg: z.enum(signingAlgorithms),
    lifetime_in_seconds: z.int().min(1).max(2_592_000),
  }),
  refresh_token: refreshTokenSchema,
  /** DP-8: no token but one that is bound to a key. */
  require_proof_of_possession: z.boolean(),
  /** Anything but `none`: the rules of FAPI 2.0's Security Profile. */
  compliance_level: z.enum(complianceLevels),
  client_metadata: metadataOf(10),
  /** AZ-65: `null` protects strict third-party clients. */
  redirection_policy: z.enum(redirectionPolicies).nullable(),
  /** BC-1. */
  oidc_logout: oidcLogoutSchema.nullable(),
  /** CB-13: `null` leaves the decision to the tenant. */
  skip_non_verifiable_callback_uri_confirmation_prompt: z.boolean().nullable(),
  /** GL-7. */
  is_token_endpoint_ip_header_trusted: z.boolean(),
  /** Of an `app_type` `resource_server`: the API that the client is. */
  resource_server_identifier: z.string().min(1).max(600).nullable(),
  /** DR-1: what the client said when it registered itself; `null` for one that somebody configured. */
  registration: registrationSchema.nullable(),
  /** TX-2, TX-4: which token exchanges the client may ask for. */
  token_exchange: z
    .strictObject({ allow_any_profile_of_type: z.array(z.enum(tokenExchangeTypes)) })
    .nullable(),
  /** `null` is `deny`; kept for the logins of organizations. */
  organization_usage: z.enum(['deny', 'allow', 'require']).nullable(),
  /** `null` is `no_prompt`. */
  organization_require_behavior: z.enum(['no_prompt', 'pre_login_prompt', 'post_login_prompt']).nullable(),
  /** Members that Auth0 knows and this server has no use for, as they were given. */
  unused: z.record(z.string(), z.unknown()),
  /** "All Applications": there is one, and nobody logs in by it. */
  global: z.boolean(),
  /** Made by the server itself: stands in no list and no export. */
  is_system: z.boolean(),
  created_at: z.int(),
  updated_at: z.int(),
});
export type Client = z.infer<typeof clientSchema>;

/** Characters, CL-2: of those that this server makes. */
export const clientIdLength = 32;
export const clientSecretLength = 64;

/** The client that stands for all. */
export const globalClientName = 'All Applications';

export type AuthenticationMethod =
  | (typeof tokenEndpointAuthMethods)[number]
  | (typeof credentialMethods)[number];

/** CA-13: the only method accepted of the client; `null` is post or Basic. */
export function authenticationMethodOf({
  client_authentication_methods: registered,
  token_endpoint_auth_method,
  registration,
}: Pick<
  Client,
  'token_endpoint_auth_method' | 'client_authentication_methods' | 'registration'
>): AuthenticationMethod | null {
  if (registration?.jwks_uri !== undefined) return 'private_key_jwt';
  if (registered === null) return token_endpoint_auth_method;
  return credentialMethods.find((method) => registered[method] !== undefined) ?? null;
}

/** Whether the client proves itself by a secret that both know. */
export function hasSecret(client: Parameters<typeof authenticationMethodOf>[0]): boolean {
  const method = authenticationMethodOf(client);
  return method === null || method === 'client_secret_post' || method === 'client_secret_basic';
}

/** Begins the client_id of every strict third-party client, and of no other. */
export const strictThirdPartyPrefix = 'tpc_';

/**
 * A third-party client that anybody may have registered, under Auth0's enhanced security controls: PKCE always, few
 * parameters, no ID token, no /userinfo (AZ-15, AZ-41, ID-18, UI-11). It is told by its client_id, so that whoever
 * holds a token needs nothing else.
 */
export function isStrictThirdParty({ client_id }: Pick<Client, 'client_id'>): boolean {
  return client_id.startsWith(strictThirdPartyPrefix);
}

/** AZ-65 */
export function redirectsErrors(client: Pick<Client, 'client_id' | 'redirection_policy'>): boolean {
  const { redirection_policy } = client;
  return redirection_policy === null ? !isStrictThirdParty(client) : redirection_policy === 'allow_always';
}

/** Undefined: what a client calls itself that nobody has looked at is said by no mail of ours. */
export function nameInMails({
  name,
  registration,
}: Pick<Client, 'name' | 'registration'>): string | undefined {
  return registration === null ? name : undefined;
}

/**
 * AZ-66, UL-6: where its login begins. RFC 9700 §4.11.2: of a client that registered itself nobody knows where that is,
 * so no link of ours leads there.
 */
export function loginRouteOf(
  client: Pick<Client, 'client_id' | 'redirection_policy' | 'registration' | 'initiate_login_uri'>,
): string | null {
  return client.registration === null && redirectsErrors(client) ? client.initiate_login_uri : null;
}

/**
 * FAPI 2.0 Security Profile §5.3.2: PAR, PKCE, PS256 or ES256, bound tokens, codes of a minute, an assertion for the
 * issuer alone.
 */
export function isFapi({ compliance_level }: Pick<Client, 'compliance_level'>): boolean {
  return compliance_level !== 'none';
}

/** RFC 6749 §2.1: a public client cannot keep a secret. */
export function isPublicClient(client: Pick<Client, 'token_endpoint_auth_method'>): boolean {
  return client.token_endpoint_auth_method === 'none';
}
