// What a tenant's settings are: contract row TN-1, with the extension `dialect` (DIS-*), and beside them how it is
// protected and how its pages look. One value, so that a request works by one state of all of them. What is read of a
// database that a newer version has written is read without what is not known here.
import { z } from 'zod';
import { isAddressRange } from '../runtime/network/address-range.ts';
import { brandingSchema, promptsSchema } from './branding.ts';
import { longestRetryWindow } from './client.ts';
import { shortestUserCode, userCodeLength } from './user-code.ts';

export const dialects = ['auth0', 'oidc'] as const;
export type DialectName = (typeof dialects)[number];

/** AP-5: attempts at once, and the milliseconds in which one more is allowed. */
function throttle(max_attempts: number, rate: number) {
  return z
    .object({
      max_attempts: z.int().min(1).max(1_000_000).default(max_attempts),
      rate: z.int().min(1).max(2_592_000_000).default(rate),
    })
    .prefault({});
}

export const addressRanges = z.array(
  z.string().refine(isAddressRange, 'must be an IP address or a CIDR range'),
);

export const tenantSettingsSchema = z.object({
  friendly_name: z.string().max(200).default('Freehold'),
  picture_url: z.string().nullable().default(null),
  support_email: z.string().nullable().default(null),
  support_url: z.string().nullable().default(null),
  dialect: z.enum(dialects).default('auth0'),
  default_audience: z.string().default(''),
  default_directory: z.string().default(''),
  allowed_logout_urls: z.array(z.string()).default([]),
  default_redirection_uri: z.string().nullable().default(null),
  error_page: z.object({ url: z.string() }).nullable().default(null),
  /** SE-2: hours, as in Auth0's API. */
  session_lifetime: z.number().min(0.01).max(8760).default(168),
  idle_session_lifetime: z.number().min(0.01).max(8760).default(72),
  session_cookie: z
    .object({ mode: z.enum(['persistent', 'non-persistent']) })
    .default({ mode: 'persistent' }),
  acr_values_supported: z.array(z.string()).default([]),
  enabled_locales: z.array(z.string()).default(['en']),
  /** AZ-70: `null` leaves the decision to the dialect. */
  authorization_response_iss_parameter_supported: z.boolean().nullable().default(null),
  device_flow: z
    .object({
      charset: z.enum(['base20', 'digits']).default('base20'),
      /** `*` stands for a character; hyphens and spaces are for reading. */
      mask: z
        .string()
        .regex(/^[*\- ]{1,20}$/, 'must be at most 20 of *, hyphen and space')
        .default('****-****'),
    })
    .refine(({ charset, mask }) => userCodeLength(mask) >= shortestUserCode[charset], {
      path: ['mask'],
      message: 'must have at least 8 * for base20, and 9 for digits',
    })
    .prefault({}),
  /** PA-5 */
  pushed_authorization_requests_supported: z.boolean().default(false),
  resource_parameter_profile: z.enum(['audience', 'compatibility']).default('audience'),
  /** CB-13, DIS-20: `null` skips the prompt only while the issuer itself is loopback. */
  skip_non_verifiable_callback_uri_confirmation_prompt: z.boolean().nullable().default(null),
  oidc_logout: z
    .object({
      rp_logout_end_session_endpoint_discovery: z.boolean().default(true),
    })
    .prefault({}),
  /** LO-11: "RP-Initiated Logout End-User Confirmation". */
  sessions: z.object({ oidc_logout_prompt_enabled: z.boolean().default(true) }).prefault({}),
  /** DR-2: what applications that register themselves are: third-party clients, under strict controls unless told. */
  dynamic_client_registration_security_mode: z.enum(['strict', 'permissive']).default('strict'),
  flags: z
    .object({
      /** Whether a new client has every connection that there is. */
      enable_client_connections: z.boolean().default(true),
      /** DR-1: whether anybody may register an application. */
      enable_dynamic_client_registration: z.boolean().default(false),
      remove_alg_from_jwks: z.boolean().default(false),
      /** PA-5: of every client of the tenant. */
      require_pushed_authorization_requests: z.boolean().default(false),
      revoke_refresh_token_grant: z.boolean().default(false),
      use_scope_descriptions_for_consent: z.boolean().default(false),
      enable_public_signup_user_exists_error: z.boolean().default(false),
      enforce_client_authentication_on_passwordless_start: z.boolean().default(false),
    })
    .prefault({}),
  /** Extension: how long an authorization code lives, in seconds (AC-13). */
  authorization_code_lifetime: z.int().min(1).max(600).default(60),
  /** Extension: whether a client may present a spent refresh token again, and how long it gets the same answer (RR-8). */
  refresh_token: z
    .object({
      retry_safe: z.boolean().default(true),
      retry_window: z.int().min(0).max(longestRetryWindow).default(60),
    })
    .prefault({}),
  /** Extension: how long entries stay in the tenant log. */
  log_retention_days: z.int().min(1).max(3650).default(30),
  /** Extension (§16): the requests of one address, or of one IPv6 /64, in a token bucket. Each process counts its own. */
  rate_limits: z
    .object({
      enabled: z.boolean().default(true),
      /** How many at once; left out, what http/rate-limits.ts thinks right for the issuer. */
      burst: z.int().min(1).max(1_000_000).exactOptional(),
      /** How many for good; as `burst`. */
      per_second: z.number().min(0.001).max(1_000_000).exactOptional(),
      allowlist: addressRanges.default([]),
    })
    .prefault({}),
  /** AP-5: failed logins (100 a day) and sign-ups (50 a minute) of one address. Each process counts its own. */
  suspicious_ip_throttling: z
    .object({
      enabled: z.boolean().default(true),
      shields: z.array(z.enum(['block', 'admin_notification'])).default(['block', 'admin_notification']),
      allowlist: addressRanges.max(100).default([]),
      stage: z
        .strictObject({
          'pre-login': throttle(100, 864_000),
          'pre-user-registration': throttle(50, 1200),
          /** TX-3 */
          'pre-custom-token-exchange': throttle(10, 600_000),
        })
        .prefault({}),
    })
    .prefault({}),
  /** AP-1 to AP-4. */
  brute_force_protection: z
    .object({
      enabled: z.boolean().default(true),
      /** Without `block` nobody is blocked; `user_notification` is kept and told. */
      shields: z.array(z.enum(['block', 'user_notification'])).default(['block', 'user_notification']),
      max_attempts: z.int().min(1).max(100).default(10),
      mode: z
        .enum(['count_per_identifier_and_ip', 'count_per_identifier'])
        .default('count_per_identifier_and_ip'),
      allowlist: addressRanges.default([]),
    })
    .prefault({}),
  branding: brandingSchema,
  prompts: promptsSchema,
  /** What Auth0 knows of a tenant and this server has no use for, as it was given. */
  unused: z.record(z.string(), z.unknown()).default({}),
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;
