// The options of connections. Auth0 knows them by the hundred: those that have an effect here are in the model, those of
// our own strategies that it has no use for are named below, and of the others the kinds that many share.
import { z } from 'zod';
import { passwordlessOptionsSchema } from '../../model/connection.ts';
import { databaseOptionsSchema } from '../../model/database-options.ts';
import { urlOrEmpty } from '../formats.ts';
import { noEffect } from '../unused.ts';
import { sharedOptions } from './shared-options.ts';

const text = (most: number) => noEffect(z.string().max(most).nullable());
const flag = noEffect(z.boolean().nullable());
const members = noEffect(z.record(z.string(), z.unknown()).nullable());

export const databaseOptions = {
  ...databaseOptionsSchema.shape,
  authentication_methods: noEffect(sharedOptions.authentication_methods),
  bareConfiguration: members,
  configuration: noEffect(sharedOptions.configuration),
  custom_password_hash: members,
  customScripts: noEffect(sharedOptions.customScripts),
  enable_script_context: noEffect(sharedOptions.enable_script_context),
  enabledDatabaseCustomization: noEffect(sharedOptions.enabledDatabaseCustomization),
  import_mode: noEffect(sharedOptions.import_mode),
  mfa: members,
  non_persistent_attrs: noEffect(sharedOptions.non_persistent_attrs),
  passkey_options: noEffect(sharedOptions.passkey_options),
  precedence: noEffect(sharedOptions.precedence),
  realm_fallback: flag,
  set_user_root_attributes: noEffect(sharedOptions.set_user_root_attributes),
  strategy_version: noEffect(z.unknown()),
  upstream_params: noEffect(sharedOptions.upstream_params),
};

export const passwordlessOptions = {
  ...passwordlessOptionsSchema.shape,
  authParams: members,
  email: members,
  forward_req_info: noEffect(z.unknown()),
  from: text(255),
  gateway_authentication: noEffect(sharedOptions.gateway_authentication),
  gateway_url: noEffect(urlOrEmpty.nullable()),
  messaging_service_sid: text(255),
  name: text(255),
  non_persistent_attrs: noEffect(sharedOptions.non_persistent_attrs),
  provider: text(64),
  set_user_root_attributes: noEffect(sharedOptions.set_user_root_attributes),
  subject: text(1024),
  syntax: text(64),
  template: text(100_000),
  twilio_sid: text(255),
  twilio_token: text(255),
  upstream_params: noEffect(sharedOptions.upstream_params),
};

const long = z.string().max(2048).nullable().optional();
/** Never a script: a page may lead there. */
const address = urlOrEmpty.nullable().optional();
const name = z.string().max(255).nullable().optional();
const credential = z.string().max(10_000).nullable().optional();
const either = z.boolean().nullable().optional();
const map = z.record(z.string(), z.unknown()).nullable().optional();
const names = (most: number) => z.array(z.string().max(255)).max(most).nullable().optional();

/** Of other identity providers. */
export const upstreamOptions = {
  ...sharedOptions,
  app_id: name,
  app_secret: credential,
  attribute_map: map,
  authorization_endpoint: address,
  authorizationURL: address,
  client_id: long,
  client_secret: credential,
  connection_settings: z
    .looseObject({ pkce: z.enum(['auto', 'S256', 'plain', 'disabled']).optional() })
    .nullable()
    .optional(),
  discovery_url: address,
  domain: name,
  domain_aliases: names(1000),
  fieldsMap: map,
  icon_url: address,
  issuer: long,
  jwks_uri: address,
  oidc_metadata: map,
  pkce_enabled: either,
  scope: z
    .union([z.string().max(2048), z.array(z.string().max(255)).max(200)])
    .nullable()
    .optional(),
  signInEndpoint: address,
  signOutEndpoint: address,
  signSAMLRequest: either,
  tenant_domain: name,
  thumbprints: names(100),
  token_endpoint: address,
  tokenURL: address,
  use_wsfed: either,
  userinfo_endpoint: address,
};

type Options = Readonly<Record<string, unknown>>;

/** What Auth0 gives a connection that is made without them (recorded). */
export function usualOptions(strategy: string, given: Options): Options {
  switch (strategy) {
    case 'auth0':
      return {
        mfa: { active: true, return_enroll_settings: true },
        ...(given.password_options == null ? { passwordPolicy: 'good' } : {}),
        brute_force_protection: true,
        authentication_methods: { password: { enabled: true }, passkey: { enabled: false } },
        passkey_options: {
          challenge_ui: 'both',
          local_enrollment_enabled: true,
          progressive_enrollment_enabled: true,
        },
        strategy_version: 2,
      };
    case 'email':
    case 'sms':
      return { brute_force_protection: true };
    case 'ad':
      return { ips: null, brute_force_protection: true };
    case 'adfs':
      return { thumbprints: [], should_trust_email_verified_connection: 'always_set_emails_as_verified' };
    case 'waad':
      return {
        thumbprints: [],
        identity_api: 'microsoft-identity-platform-v2.0',
        useCommonEndpoint: false,
        should_trust_email_verified_connection: 'never_set_emails_as_verified',
        waad_common_endpoint: false,
        use_wsfed: false,
        waad_protocol: 'openid-connect',
      };
    case 'okta':
      return { type: 'back_channel', ...usualOfOidc, attribute_map: { mapping_mode: 'basic_profile' } };
    case 'oidc':
      return { type: 'front_channel', ...usualOfOidc, attribute_map: { mapping_mode: 'bind_all' } };
    default:
      return {};
  }
}

const usualOfOidc = { schema_version: 'oidc-V4', connection_settings: { pkce: 'auto' } };
