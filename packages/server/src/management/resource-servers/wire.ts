// A resource server as it stands on the wire (contract §3.3).
import { z } from 'zod';
import {
  mostScopes,
  resourceServerChangeSchema,
  resourceServerEntrySchema,
} from '../../configuration/resource-servers.ts';
import { signingAlgorithms } from '../../model/client.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import { present, secret, withoutNull } from '../wire.ts';

const { shape } = resourceServerEntrySchema;

const scope = shape.scopes.unwrap().element;

/**
 * Narrower than a tenant file: what nobody has set is left out, not null, and an algorithm that this server does not
 * sign with is refused where a file is warned of it.
 */
const ownMembers = {
  scopes: z
    .array(scope.extend(withoutNull(scope.shape, ['description'])))
    .max(mostScopes)
    .optional(),
  signing_alg: z.enum(signingAlgorithms).optional(),
  signing_secret: secret(z.string().min(16).max(1024)).optional(),
  token_dialect: shape.token_dialect.unwrap().unwrap().optional(),
  enforce_policies: z.boolean().optional(),
  subject_type_authorization: shape.subject_type_authorization.unwrap().unwrap().optional(),
  allow_online_access_with_ephemeral_sessions: z.boolean().optional(),
};
export const newResourceServerBody = z.strictObject({ ...resourceServerEntrySchema.shape, ...ownMembers });
export const changedResourceServerBody = z.strictObject({
  ...resourceServerChangeSchema.shape,
  ...ownMembers,
});

export const resourceServerAnswer = z.object({
  id: z.string(),
  name: z.string(),
  is_system: z.boolean().optional(),
  identifier: z.string(),
  scopes: z.array(z.object({ value: z.string(), description: z.string().optional() })),
  signing_alg: z.enum(signingAlgorithms),
  signing_secret: secret(z.string()).optional(),
  allow_offline_access: z.boolean(),
  allow_online_access: z.boolean().optional(),
  allow_online_access_with_ephemeral_sessions: z.boolean().optional(),
  skip_consent_for_verifiable_first_party_clients: z.boolean(),
  token_lifetime: z.int(),
  token_lifetime_for_web: z.int(),
  enforce_policies: z.boolean().optional(),
  token_dialect: z.string().optional(),
  token_encryption: shape.token_encryption,
  consent_policy: shape.consent_policy,
  authorization_details: shape.authorization_details,
  proof_of_possession: z
    .object({ mechanism: z.string(), required: z.boolean(), required_for: z.string() })
    .optional(),
  subject_type_authorization: shape.subject_type_authorization,
  authorization_policy: shape.authorization_policy,
});
export type ToldResourceServer = z.input<typeof resourceServerAnswer>;

/** `signing_secret`: undefined for who is not told it. */
export function tellResourceServer(
  resourceServer: ResourceServer,
  signing_secret: string | undefined,
): ToldResourceServer {
  const { unused, scopes, is_system, allow_online_access, ...others } = resourceServer;
  const { token_dialect, enforce_policies, subject_type_authorization, proof_of_possession, ...told } =
    others;
  return {
    ...told,
    ...unused,
    ...present({ token_dialect, enforce_policies, subject_type_authorization, proof_of_possession }),
    scopes: scopes.map(({ value, description }) => (description === '' ? { value } : { value, description })),
    ...(is_system ? { is_system } : {}),
    ...(allow_online_access ? { allow_online_access } : {}),
    ...(signing_secret === undefined ? {} : { signing_secret }),
  };
}
