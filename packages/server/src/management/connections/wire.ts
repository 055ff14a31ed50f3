// A connection as it stands on the wire (contract §3.4).
import { z } from 'zod';
import { databaseEntrySchema } from '../../configuration/connections/entries.ts';
import { joinSecrets, type OptionSecrets } from '../../configuration/connections/secrets.ts';
import { sharedOptions } from '../../configuration/connections/shared-options.ts';
import { type Connection, strategies } from '../../model/connection.ts';
import { filled } from '../../model/members.ts';
import { secret } from '../wire.ts';

/** Of these, values may be credentials. */
const confidential = ['configuration', 'customScripts', 'gateway_authentication', 'upstream_params'] as const;

/** What Auth0 describes for every strategy; its own are parsed by it. Of what is not known to be harmless no log tells. */
const options = z
  .object({
    ...sharedOptions,
    ...Object.fromEntries(confidential.map((name) => [name, secret(sharedOptions[name])])),
    disable_signup: z.boolean().optional(),
    requires_username: z.boolean().optional(),
    brute_force_protection: z.boolean().optional(),
  })
  .catchall(secret(z.unknown()));

const members = databaseEntrySchema.shape;
const changeable = {
  display_name: z.string().max(128).optional(),
  options: options.optional(),
  enabled_clients: members.enabled_clients,
  is_domain_connection: members.is_domain_connection,
  show_as_button: z.boolean().optional(),
  realms: members.realms,
  metadata: members.metadata,
  authentication: members.authentication,
  connected_accounts: members.connected_accounts,
  cross_app_access_requesting_app: members.cross_app_access_requesting_app,
};

export const newConnectionBody = z.strictObject({
  name: members.name,
  strategy: z.enum(strategies),
  ...changeable,
});
export const changedConnectionBody = filled(
  z.strictObject({
    ...changeable,
    options: options.nullable().optional(),
    enabled_clients: members.enabled_clients.nullable(),
  }),
);

export const connectionAnswer = z.object({
  id: z.string(),
  options,
  strategy: z.string(),
  name: z.string(),
  is_domain_connection: z.boolean(),
  show_as_button: z.boolean().optional(),
  display_name: z.string().optional(),
  authentication: members.authentication,
  connected_accounts: members.connected_accounts,
  cross_app_access_requesting_app: members.cross_app_access_requesting_app,
  realms: z.array(z.string()),
  metadata: z.record(z.string(), z.string()).optional(),
  enabled_clients: z.array(z.string()),
});
export type ToldConnection = z.input<typeof connectionAnswer>;

const enterprise: readonly string[] = [
  'ad',
  'adfs',
  'custom',
  'google-apps',
  'ip',
  'office365',
  'oidc',
  'okta',
  'pingfederate',
  'samlp',
  'sharepoint',
  'waad',
];

/** `secrets`: empty for who is not told them. */
export function tellConnection(
  connection: Connection,
  enabled_clients: string[],
  secrets: OptionSecrets,
): ToldConnection {
  const { id, name, strategy, display_name, is_domain_connection, realms, metadata } = connection;
  return {
    ...usual(connection),
    ...connection.unused,
    ...(connection.authentication ? { authentication: connection.authentication } : {}),
    ...(display_name === null ? {} : { display_name }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    id,
    name,
    strategy,
    options: joinSecrets(connection.options, secrets),
    is_domain_connection,
    realms,
    enabled_clients,
  };
}

/** What Auth0 tells of a connection that nobody has said it of. */
function usual({ strategy }: Connection): Partial<ToldConnection> {
  if (strategy === 'auth0')
    return { authentication: { active: true }, connected_accounts: { active: false } };
  return enterprise.includes(strategy) ? { show_as_button: false } : {};
}
