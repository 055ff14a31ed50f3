// A client as the tenant file may write it: Management API field names, all but the name optional. What is left out is
// resolved in clients.ts.
import { z } from 'zod';
import { oidcLogoutSchema } from '../../model/backchannel-logout.ts';
import { clientSchema, refreshTokenSchema, signingAlgorithms } from '../../model/client.ts';
import { unsupportedSigningAlgorithms } from '../unsupported-keys.ts';
import {
  clientAuthenticationMethodsEntrySchema,
  signedRequestObjectEntrySchema,
} from './credential-entries.ts';
import { unusedClientFields, unusedJwtFields, unusedLogoutFields } from './unused-fields.ts';

/** RFC 6749 §A.2: VSCHAR. */
const clientSecret = z.string().regex(/^[\x20-\x7e]{1,1024}$/, 'must be 1 to 1,024 visible ASCII characters');

const logout = oidcLogoutSchema.shape;
const oidcLogoutEntrySchema = z.strictObject({
  backchannel_logout_urls: logout.backchannel_logout_urls.optional(),
  backchannel_logout_initiators: logout.backchannel_logout_initiators,
  ...unusedLogoutFields,
});

const { jwt_configuration: jwtConfiguration } = clientSchema.shape;

const tokenExchange = clientSchema.shape.token_exchange.unwrap();

export const clientEntrySchema = z.strictObject({
  ...clientSchema
    .omit({
      global: true,
      registration: true,
      unused: true,
      is_system: true,
      created_at: true,
      updated_at: true,
    })
    .partial().shape,
  name: clientSchema.shape.name,
  client_secret: clientSecret.optional(),
  client_authentication_methods: clientAuthenticationMethodsEntrySchema.nullable().optional(),
  signed_request_object: signedRequestObjectEntrySchema.nullable().optional(),
  jwt_configuration: z
    .strictObject({
      ...jwtConfiguration.shape,
      alg: z.enum([...signingAlgorithms, ...unsupportedSigningAlgorithms]),
      ...unusedJwtFields,
    })
    .partial()
    .optional(),
  token_exchange: tokenExchange
    .extend({
      allow_any_profile_of_type: tokenExchange.shape.allow_any_profile_of_type.default([]),
    })
    .nullable()
    .optional(),
  refresh_token: refreshTokenSchema.partial().nullable().optional(),
  oidc_logout: oidcLogoutEntrySchema.nullable().optional(),
  /** Its older name. */
  oidc_backchannel_logout: oidcLogoutEntrySchema.nullable().optional(),
  ...unusedClientFields,
});
export type ClientEntry = z.infer<typeof clientEntrySchema>;
