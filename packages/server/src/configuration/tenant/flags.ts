// The tenant's flags, each Auth0's: those that this server obeys, and those that it keeps and tells again.
import { z } from 'zod';
import { noEffect } from '../unused.ts';

const obeyed = z.boolean().optional();
const kept = noEffect(z.boolean());

export const flagsEntrySchema = z.strictObject({
  enable_client_connections: obeyed,
  enable_dynamic_client_registration: obeyed,
  enable_public_signup_user_exists_error: obeyed,
  enforce_client_authentication_on_passwordless_start: obeyed,
  remove_alg_from_jwks: obeyed,
  require_pushed_authorization_requests: obeyed,
  revoke_refresh_token_grant: obeyed,
  use_scope_descriptions_for_consent: obeyed,

  allow_changing_enable_sso: kept,
  allow_legacy_delegation_grant_types: kept,
  allow_legacy_ro_grant_types: kept,
  allow_legacy_tokeninfo_endpoint: kept,
  allow_other_legacy_grant_types: kept,
  cannot_change_enforce_client_authentication_on_passwordless_start: kept,
  change_pwd_flow_v1: kept,
  custom_domains_provisioning: kept,
  dashboard_insights_view: kept,
  dashboard_log_streams_next: kept,
  disable_clickjack_protection_headers: kept,
  disable_fields_map_fix: kept,
  disable_impersonation: kept,
  disable_management_api_sms_obfuscation: kept,
  enable_adfs_waad_email_verification: kept,
  enable_apis_section: kept,
  enable_custom_domain_in_emails: kept,
  enable_idtoken_api2: kept,
  enable_legacy_logs_search_v2: kept,
  enable_legacy_profile: kept,
  enable_pipeline2: kept,
  enable_sso: kept,
  genai_trial: kept,
  improved_signup_bot_detection_in_classic: kept,
  mfa_show_factor_list_on_enrollment: kept,
  new_universal_login_experience_enabled: kept,
  no_disclose_enterprise_connections: kept,
  trust_azure_adfs_email_verified_connection_property: kept,
  universal_login: kept,
});

/** What every tenant of Auth0 tells, and holds here as well. */
export const toldOfEveryTenant = {
  allow_changing_enable_sso: false,
  disable_clickjack_protection_headers: false,
  disable_impersonation: true,
  enable_sso: true,
  new_universal_login_experience_enabled: true,
  universal_login: true,
};
