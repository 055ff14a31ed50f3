// What a connection is: contract row CX-1. Its strategy decides what `options` mean. They are kept as they were given,
// for whoever reads them to write them back; what they leave out is told by the functions below.
import { z } from 'zod';
import { type DatabaseOptions, databaseOptionsSchema } from './database-options.ts';

export const defaultDatabaseName = 'Username-Password-Authentication';

/** PL-3: digits, and seconds that a code or a link is good for: as it is, and what it keeps to whatever was written. */
const usualTotp = { length: 6, time_step: 180 };
const shortestCode = 6;
const longestTimeStep = 3600;

export const passwordlessOptionsSchema = z.looseObject({
  disable_signup: z.boolean().exactOptional(),
  brute_force_protection: z.boolean().exactOptional(),
  totp: z
    .strictObject({
      length: z.int().min(4).max(40).exactOptional(),
      time_step: z.int().min(60).max(2_592_000).exactOptional(),
    })
    .nullable()
    .exactOptional(),
});
export type PasswordlessOptions = z.infer<typeof passwordlessOptionsSchema>;

const shape = {
  id: z.string(),
  name: z
    .string()
    .max(128)
    .regex(/^[a-zA-Z0-9](?:-[a-zA-Z0-9]|[a-zA-Z0-9])*$/, 'must be letters, digits and inner hyphens'),
  display_name: z.string().max(128).nullable(),
  is_domain_connection: z.boolean(),
  /** Each leads to this connection and to no other. */
  realms: z.array(z.string()),
  metadata: z.record(z.string(), z.string()),
  /** Whether people log in by it: they do, unless it says otherwise. */
  authentication: z.strictObject({ active: z.boolean() }).nullable(),
  /** What Auth0 knows of a connection and this server has no use for: kept, and told again. */
  unused: z.record(z.string(), z.unknown()),
  created_at: z.int(),
  updated_at: z.int(),
};

const databaseSchema = z.strictObject({
  ...shape,
  strategy: z.literal('auth0'),
  options: databaseOptionsSchema,
});
/** Its users have passwords. */
export type DatabaseConnection = z.infer<typeof databaseSchema>;

export const passwordlessStrategies = ['email', 'sms'] as const;
const passwordlessSchema = z.strictObject({
  ...shape,
  strategy: z.enum(passwordlessStrategies),
  options: passwordlessOptionsSchema,
});
/** Its users are sent a code or a link at each login. */
export type PasswordlessConnection = z.infer<typeof passwordlessSchema>;

/** Other identity providers that Auth0 knows. */
export const upstreamStrategies = [
  'ad',
  'adfs',
  'amazon',
  'apple',
  'auth0-oidc',
  'baidu',
  'bitbucket',
  'bitly',
  'box',
  'custom',
  'daccount',
  'dropbox',
  'dwolla',
  'evernote',
  'evernote-sandbox',
  'exact',
  'facebook',
  'fitbit',
  'github',
  'google-apps',
  'google-oauth2',
  'instagram',
  'ip',
  'line',
  'linkedin',
  'oauth1',
  'oauth2',
  'office365',
  'oidc',
  'okta',
  'paypal',
  'paypal-sandbox',
  'pingfederate',
  'planningcenter',
  'salesforce',
  'salesforce-community',
  'salesforce-sandbox',
  'samlp',
  'sharepoint',
  'shop',
  'shopify',
  'soundcloud',
  'thirtysevensignals',
  'twitter',
  'untappd',
  'vkontakte',
  'waad',
  'weibo',
  'windowslive',
  'wordpress',
  'yahoo',
  'yandex',
] as const;
const upstreamSchema = z.strictObject({
  ...shape,
  strategy: z.enum(upstreamStrategies),
  options: z.record(z.string(), z.unknown()),
});
/** Its users are of another identity provider. It is kept and told again; nobody logs in by it yet. */
export type UpstreamConnection = z.infer<typeof upstreamSchema>;

/** People log in by it here. */
export type LoginConnection = DatabaseConnection | PasswordlessConnection;
export type Connection = LoginConnection | UpstreamConnection;

export const strategies = ['auth0', ...passwordlessStrategies, ...upstreamStrategies] as const;

type Strategic = Pick<Connection, 'strategy'>;

export function isDatabase<Candidate extends Strategic>(
  connection: Candidate,
): connection is Extract<Candidate, { strategy: 'auth0' }> {
  return connection.strategy === 'auth0';
}

export function isPasswordless(connection: Connection): connection is PasswordlessConnection {
  return passwordlessStrategies.some((strategy) => strategy === connection.strategy);
}

/** Whether people log in by it here. */
export function isForLogin(connection: Connection): connection is LoginConnection {
  if (connection.authentication?.active === false) return false;
  return isDatabase(connection) || isPasswordless(connection);
}

/** PL-3 */
export function totpOf({ totp }: PasswordlessOptions): typeof usualTotp {
  const { length, time_step } = { ...usualTotp, ...totp };
  return { length: Math.max(length, shortestCode), time_step: Math.min(time_step, longestTimeStep) };
}

/** AP-1: on, unless the connection says otherwise. */
export function isBruteForceProtected({
  options,
}: {
  options: DatabaseOptions | PasswordlessOptions;
}): boolean {
  return options.brute_force_protection !== false;
}
