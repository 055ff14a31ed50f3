// The options that Auth0 describes for every strategy, whichever of them it is that heeds them. They are checked the same
// for all; whether one has an effect here, the strategy says (options.ts).
import { z } from 'zod';
import { databaseOptionsSchema } from '../../model/database-options.ts';

const flag = z.boolean().optional();
const script = z.string().min(1).max(100_000).optional();
const method = z.strictObject({ enabled: flag }).optional();

const authenticationMethods = z.strictObject({
  password: z
    .strictObject({
      enabled: flag,
      api_behavior: z.enum(['required', 'optional']).optional(),
      signup_behavior: z.enum(['allow', 'block']).optional(),
    })
    .optional(),
  passkey: method,
  email_otp: method,
  phone_otp: method,
});

const passkeyOptions = z.strictObject({
  challenge_ui: z.enum(['both', 'autofill', 'button']).optional(),
  progressive_enrollment_enabled: flag,
  local_enrollment_enabled: flag,
});

const customScripts = z.looseObject({
  login: script,
  get_user: script,
  delete: script,
  change_password: script,
  verify: script,
  create: script,
  change_username: script,
  change_email: script,
  change_phone_number: script,
});

const upstreamParameter = z.union([
  z.strictObject({
    alias: z
      .enum([
        'acr_values',
        'audience',
        'client_id',
        'display',
        'id_token_hint',
        'login_hint',
        'max_age',
        'prompt',
        'resource',
        'response_mode',
        'response_type',
        'ui_locales',
      ])
      .optional(),
  }),
  z.strictObject({ value: z.string().max(10_000).optional() }),
]);

const gatewayAuthentication = z.looseObject({
  method: z.string().max(255),
  subject: z.string().max(2048).optional(),
  audience: z.string().max(2048),
  secret: z.string().max(10_000),
  secret_base64_encoded: flag,
});

const signatureAlgorithms = ['ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'RS384', 'RS512'] as const;

/** Those that have an effect on databases are the model's. */
export const sharedOptions = {
  ...databaseOptionsSchema.pick({
    validation: true,
    attributes: true,
    passwordPolicy: true,
    password_complexity_options: true,
    password_history: true,
    password_no_personal_info: true,
    password_dictionary: true,
    password_options: true,
    disable_self_service_change_password: true,
  }).shape,
  non_persistent_attrs: z.array(z.string().max(255)).max(96).nullable().optional(),
  precedence: z
    .array(z.enum(['email', 'phone_number', 'username']))
    .length(3)
    .optional(),
  enable_script_context: flag,
  enabledDatabaseCustomization: flag,
  import_mode: flag,
  configuration: z.record(z.string(), z.string().nullable()).nullable().optional(),
  customScripts: customScripts.optional(),
  authentication_methods: authenticationMethods.nullable().optional(),
  passkey_options: passkeyOptions.nullable().optional(),
  api_enable_users: flag,
  api_enable_groups: flag,
  basic_profile: flag,
  ext_admin: flag,
  ext_is_suspended: flag,
  ext_agreed_terms: flag,
  ext_groups: flag,
  ext_assigned_plans: flag,
  ext_profile: flag,
  upstream_params: z.record(z.string(), upstreamParameter).nullable().optional(),
  set_user_root_attributes: z.enum(['on_each_login', 'on_first_login', 'never_on_login']).optional(),
  gateway_authentication: gatewayAuthentication.nullable().optional(),
  federated_connections_access_tokens: z.strictObject({ active: flag }).nullable().optional(),
  assertion_decryption_settings: z
    .strictObject({
      algorithm_profile: z.literal('v2026-1'),
      algorithm_exceptions: z.array(z.string().min(1).max(100)).max(100).optional(),
    })
    .optional(),
  id_token_signed_response_algs: z.array(z.enum(signatureAlgorithms)).nullable().optional(),
  dpop_signing_alg: z.enum(['ES256', 'ES384', 'ES512', 'Ed25519']).optional(),
  token_endpoint_auth_method: z.enum(['client_secret_post', 'private_key_jwt']).optional(),
  token_endpoint_auth_signing_alg: z.enum(signatureAlgorithms).optional(),
  token_endpoint_jwtca_aud_format: z.enum(['issuer', 'token_endpoint']).optional(),
  id_token_session_expiry_supported: flag,
};
