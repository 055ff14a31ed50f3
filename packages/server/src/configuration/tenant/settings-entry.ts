// What may be said of a tenant, in the file's `tenant` and to the Management API: Auth0's tenant settings with our own
// beside them. `null` is as good as nothing.
import { z } from 'zod';
import { filled } from '../../model/members.ts';
import { tenantSettingsSchema } from '../../model/tenant.ts';
import { emailOrEmpty, urlOrEmpty, webUrlOrEmpty } from '../formats.ts';
import { tokenQuota } from '../token-quota.ts';
import { noEffect } from '../unused.ts';
import { flagsEntrySchema } from './flags.ts';
import { locales } from './locales.ts';
import { securityHeadersSchema } from './security-headers.ts';

const { shape } = tenantSettingsSchema;

const hours = shape.session_lifetime.unwrap().nullish();
const minutes = z.int().min(1).max(525_600).nullish();
const page = z.strictObject({ enabled: z.boolean().optional(), html: z.string().optional() });

export const settingsEntrySchema = z.strictObject({
  acr_values_supported: shape.acr_values_supported.unwrap().nullish(),
  allowed_logout_urls: shape.allowed_logout_urls.unwrap().nullish(),
  authorization_response_iss_parameter_supported: z.boolean().nullish(),
  default_audience: z.string().max(600).nullish(),
  default_directory: z.string().max(128).nullish(),
  default_redirection_uri: webUrlOrEmpty.nullish(),
  device_flow: shape.device_flow.unwrap().strict().nullish(),
  dynamic_client_registration_security_mode: z.enum(['strict', 'permissive']).nullish(),
  enabled_locales: z.array(z.enum(locales)).min(1).nullish(),
  error_page: z
    .strictObject({
      url: webUrlOrEmpty.nullish(),
      html: noEffect(z.string()),
      show_log_link: noEffect(z.boolean()),
    })
    .nullish(),
  flags: flagsEntrySchema.optional(),
  friendly_name: shape.friendly_name.unwrap().nullish(),
  idle_session_lifetime: hours,
  idle_session_lifetime_in_minutes: minutes,
  oidc_logout: shape.oidc_logout.unwrap().strict().nullish(),
  picture_url: urlOrEmpty.nullish(),
  pushed_authorization_requests_supported: z.boolean().nullish(),
  resource_parameter_profile: z.enum(['audience', 'compatibility']).nullish(),
  session_cookie: shape.session_cookie.unwrap().strict().nullish(),
  session_lifetime: hours,
  session_lifetime_in_minutes: minutes,
  sessions: shape.sessions.unwrap().strict().nullish(),
  skip_non_verifiable_callback_uri_confirmation_prompt: z.boolean().nullish(),
  support_email: emailOrEmpty.nullish(),
  support_url: urlOrEmpty.nullish(),

  // Extensions.
  authorization_code_lifetime: shape.authorization_code_lifetime.unwrap().nullish(),
  dialect: shape.dialect.unwrap().nullish(),
  log_retention_days: shape.log_retention_days.unwrap().nullish(),
  rate_limits: shape.rate_limits.unwrap().strict().nullish(),
  refresh_token: shape.refresh_token.unwrap().strict().nullish(),

  allow_organization_name_in_authentication_api: noEffect(z.boolean().nullable()),
  change_password: noEffect(page.nullable()),
  client_id_metadata_document_supported: noEffect(z.boolean()),
  country_codes: noEffect(
    z
      .strictObject({
        list: z.array(z.string().regex(/^[A-Z]{2}$/)).optional(),
        mode: z.enum(['allow', 'deny']).optional(),
      })
      .nullable(),
  ),
  customize_mfa_in_postlogin_action: noEffect(z.boolean().nullable()),
  default_token_quota: noEffect(
    filled(z.strictObject({ clients: tokenQuota, organizations: tokenQuota }).partial()).nullable(),
  ),
  enable_ai_guide: noEffect(z.boolean()),
  ephemeral_session_lifetime: noEffect(hours),
  ephemeral_session_lifetime_in_minutes: noEffect(minutes),
  guardian_mfa_page: noEffect(page.nullable()),
  idle_ephemeral_session_lifetime: noEffect(hours),
  idle_ephemeral_session_lifetime_in_minutes: noEffect(minutes),
  include_session_metadata_in_tenant_logs: noEffect(z.boolean()),
  legacy_sandbox_version: noEffect(z.string().max(8)),
  mtls: noEffect(z.strictObject({ enable_endpoint_aliases: z.boolean().optional() }).nullable()),
  phone_consolidated_experience: noEffect(z.boolean()),
  sandbox_version: noEffect(z.string().max(8)),
  sandbox_versions_available: noEffect(z.array(z.string().max(8))),
  security_headers: noEffect(securityHeadersSchema.nullable()),
  universal_login: noEffect(z.looseObject({})),
});
export type SettingsEntry = z.infer<typeof settingsEntrySchema>;
