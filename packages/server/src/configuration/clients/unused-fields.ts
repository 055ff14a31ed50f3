// What Auth0 knows of a client and this server has no use for: Auth0's names, kinds and limits.
import { z } from 'zod';
import { filled } from '../../model/members.ts';
import { addressRanges } from '../../model/tenant.ts';
import { urlOrEmpty } from '../formats.ts';
import { tokenQuota } from '../token-quota.ts';
import { noEffect } from '../unused.ts';
import { addonsSchema } from './addons.ts';
import { newPublicKeySchema, publicKeyEntrySchema } from './credential-entries.ts';

const text = z.string();
const words = z.array(text.min(1));
const members = z.record(z.string(), z.unknown());
const clientId = text.min(1);

const sessionTransfer = z
  .strictObject({
    can_create_session_transfer_token: z.boolean(),
    enforce_cascade_revocation: z.boolean(),
    allowed_authentication_methods: z.array(z.enum(['cookie', 'query'])).nullable(),
    enforce_device_binding: z.enum(['ip', 'asn', 'none']),
    allow_refresh_token: z.boolean(),
    enforce_online_refresh_tokens: z.boolean(),
    delegation: z
      .strictObject({ allow_delegated_access: z.boolean(), enforce_device_binding: z.enum(['ip', 'asn']) })
      .partial()
      .nullable(),
  })
  .partial();

const mobile = z
  .object({
    android: z.object({
      app_package_name: text.optional(),
      sha256_cert_fingerprints: z.array(text.min(1)).min(1).optional(),
    }),
    ios: z.object({ team_id: text, app_bundle_identifier: text }).partial(),
  })
  .partial();

const enabled = filled(z.strictObject({ enabled: z.boolean() }).partial());
const enabledByFedcm = filled(z.strictObject({ is_enabled: z.boolean() }).partial());

function nativeSocialLogin<Provider extends z.ZodType>(of: Provider) {
  return filled(z.strictObject({ apple: of, facebook: of, google: of }).partial());
}

function fedcmLogin<Provider extends z.ZodType>(google: Provider) {
  return filled(z.strictObject({ google }).partial());
}

const expressConfiguration = z.strictObject({
  initiate_login_uri_template: text,
  user_attribute_profile_id: text,
  connection_profile_id: text,
  enable_client: z.boolean(),
  enable_organization: z.boolean(),
  linked_clients: z.array(z.strictObject({ client_id: clientId })).optional(),
  okta_oin_client_id: clientId,
  admin_login_domain: text.min(1),
  oin_submission_id: text.min(1).max(200).optional(),
});

const myOrganizationConfiguration = z.strictObject({
  connection_profile_id: text.optional(),
  user_attribute_profile_id: text.optional(),
  allowed_strategies: z.array(
    z.enum(['pingfederate', 'adfs', 'waad', 'google-apps', 'okta', 'oidc', 'samlp']),
  ),
  connection_deletion_behavior: z.enum(['allow', 'allow_if_empty']),
  invitation_landing_client_id: clientId.optional(),
});

function tokenVaultAccess<Schema extends z.ZodType>(credential: Schema) {
  return z.strictObject({ credentials: z.array(credential), ip_allowlist: addressRanges.optional() });
}

export const unusedClientFields = {
  addons: noEffect(addonsSchema),
  allowed_clients: noEffect(words),
  async_approval_notification_channels: noEffect(
    z
      .array(z.enum(['guardian-push', 'email']))
      .min(1)
      .nullable(),
  ),
  client_aliases: noEffect(words),
  cross_origin_authentication: noEffect(z.boolean()),
  cross_origin_loc: noEffect(urlOrEmpty.nullable()),
  custom_login_page: noEffect(text),
  custom_login_page_on: noEffect(z.boolean()),
  custom_login_page_preview: noEffect(text),
  default_organization: noEffect(
    z
      .strictObject({ organization_id: text.min(1), flows: z.array(z.literal('client_credentials')) })
      .nullable(),
  ),
  encryption_key: noEffect(z.looseObject({ pub: text, cert: text, subject: text }).partial().nullable()),
  express_configuration: noEffect(expressConfiguration.nullable()),
  fedcm_login: noEffect(fedcmLogin(enabledByFedcm.nullable()).nullable()),
  form_template: noEffect(text),
  mobile: noEffect(mobile),
  my_organization_configuration: noEffect(myOrganizationConfiguration.nullable()),
  native_social_login: noEffect(nativeSocialLogin(enabled.nullable()).nullable()),
  organization_discovery_methods: noEffect(
    z
      .array(z.enum(['email', 'organization_name']))
      .min(1)
      .nullable(),
  ),
  session_transfer: noEffect(sessionTransfer.nullable()),
  sso: noEffect(z.boolean()),
  sso_disabled: noEffect(z.boolean()),
  third_party_security_mode: noEffect(z.enum(['strict', 'permissive'])),
  token_quota: noEffect(tokenQuota.nullable()),
  token_vault_privileged_access: noEffect(tokenVaultAccess(publicKeyEntrySchema)),
};

/** Of a client that the Management API makes: there is nothing yet that `null` could take away, or an id could name. */
export const newClientFields = {
  fedcm_login: noEffect(fedcmLogin(enabledByFedcm)),
  native_social_login: noEffect(nativeSocialLogin(enabled)),
  token_vault_privileged_access: noEffect(tokenVaultAccess(newPublicKeySchema)),
};

/** Of `jwt_configuration`. */
export const unusedJwtFields = { secret_encoded: noEffect(z.boolean()), scopes: noEffect(members) };

/** Of `oidc_logout`. */
export const unusedLogoutFields = {
  backchannel_logout_session_metadata: noEffect(
    z.strictObject({ include: z.boolean() }).partial().nullable(),
  ),
};
