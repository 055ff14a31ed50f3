// What is sent of a client and what is told of it: the tenant file's entry, under the Management API's rules.
import { z } from 'zod';
import { clientEntrySchema } from '../../configuration/clients/client-schema.ts';
import {
  newClientAuthenticationMethodsSchema,
  newSignedRequestObjectSchema,
} from '../../configuration/clients/credential-entries.ts';
import { newClientFields } from '../../configuration/clients/unused-fields.ts';
import { noEffect } from '../../configuration/unused.ts';
import { refreshTokenSchema, signingAlgorithms } from '../../model/client.ts';
import { filled, metadataEntryOf } from '../../model/members.ts';
import { secret, withoutNull } from '../wire.ts';

const { client_id, resource_server_identifier, ...entry } = clientEntrySchema.shape;

const metadata = metadataEntryOf(10).describe(
  'Metadata associated with the client, in the form of an object with string values (max 255 chars)',
);

/** What a change may say; a new client must have a name. */
const changeable = {
  ...entry,
  ...withoutNull(entry, [
    'app_type',
    'description',
    'initiate_login_uri',
    'logo_uri',
    'oidc_backchannel_logout',
    'oidc_logout',
    'redirection_policy',
    'signed_request_object',
  ]),
  name: entry.name.min(1).describe('The name of the client (min length: 1 character, does not allow < or >)'),
  client_secret: secret(entry.client_secret.describe('The secret used to sign tokens for the client')),
  addons: secret(entry.addons),
  client_metadata: metadata.optional(),
  compliance_level: entry.compliance_level.nullable(),
  refresh_token: refreshTokenSchema
    .partial()
    .extend({
      rotation_type: refreshTokenSchema.shape.rotation_type,
      expiration_type: refreshTokenSchema.shape.expiration_type,
    })
    .nullable()
    .optional(),
  jwt_configuration: entry.jwt_configuration
    .unwrap()
    .extend({ alg: z.enum(signingAlgorithms).optional() })
    .optional(),
};

const page = z.string().min(1);
/** There is nothing yet that `null` could take away. */
export const newClientSchema = z.strictObject({
  ...changeable,
  ...newClientFields,
  client_authentication_methods: newClientAuthenticationMethodsSchema.optional(),
  signed_request_object: newSignedRequestObjectSchema.optional(),
  ...withoutNull(clientEntrySchema.shape, [
    'async_approval_notification_channels',
    'cross_origin_loc',
    'express_configuration',
    'my_organization_configuration',
    'organization_discovery_methods',
    'organization_require_behavior',
    'organization_usage',
    'resource_server_identifier',
    'skip_non_verifiable_callback_uri_confirmation_prompt',
    'token_endpoint_auth_method',
    'token_exchange',
    'token_quota',
  ]),
  custom_login_page: noEffect(page),
  custom_login_page_preview: noEffect(page),
  form_template: noEffect(page),
});
export type NewClient = z.infer<typeof newClientSchema>;

export const clientChangeSchema = filled(z.strictObject({ ...changeable, name: changeable.name.optional() }));
export type ClientChange = z.infer<typeof clientChangeSchema>;

const signingKey = z.object({ cert: z.string(), pkcs7: z.string(), subject: z.string() });

/** A credential is told whole when it is made, and by its id from then on. */
const credentials = z.object({
  credentials: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      kid: z.string().optional(),
      credential_type: z.string().optional(),
      alg: z.string().optional(),
      subject_dn: z.string().optional(),
      thumbprint_sha256: z.string().optional(),
      created_at: z.string().optional(),
      updated_at: z.string().optional(),
      expires_at: z.string().optional(),
    }),
  ),
});

export const toldClientSchema = z.object({
  ...changeable,
  name: z.string().optional(),
  client_id: client_id.optional(),
  tenant: z.string().optional(),
  global: z.boolean().optional(),
  client_secret: secret(z.string().optional()),
  signing_keys: z.array(signingKey).optional(),
  client_authentication_methods: z
    .object({
      private_key_jwt: credentials.optional(),
      tls_client_auth: credentials.optional(),
      self_signed_tls_client_auth: credentials.optional(),
    })
    .optional(),
  signed_request_object: credentials.extend({ required: z.boolean() }).optional(),
  resource_server_identifier,
  jwks_uri: z.string().optional(),
  external_metadata_type: z.literal('dcr').optional(),
});
export type ToldClient = z.input<typeof toldClientSchema>;
