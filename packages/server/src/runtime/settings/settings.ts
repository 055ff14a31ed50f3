// The settings: environment variables and flags, parsed once, frozen, and handed to whoever needs one. Whatever is
// wrong stops the start, all of it said at once, each with the name and the way to mend it. main.ts and cli.ts
// alone pass the environment in; nobody else sees it.

import { join } from 'node:path';
import { isLoopbackUrl, parseIssuer } from './issuer.ts';
import { type Flags, nearest, parseFlags } from './settings-names.ts';
import {
  type DatabaseLocation,
  type Environment,
  environmentSchema,
  type logLevels,
  variables,
} from './settings-variables.ts';

import { type SmtpSettings, smtpSettings } from './smtp-settings.ts';

export interface Settings {
  readonly port: number;
  readonly host: string;
  /** What to listen on: both loopback addresses for `localhost`, else the host itself. */
  readonly addresses: readonly string[];
  /** With trailing slash. */
  readonly issuer: string;
  readonly database: Readonly<DatabaseLocation>;
  readonly dataDirectory: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly masterKey: Buffer | undefined;
  /** PEM texts. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly trustedProxies: readonly string[];
  readonly tenantFile: string | undefined;
  readonly usersFile: string | undefined;
  readonly smtp: SmtpSettings | undefined;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  /** Serve https with a certificate of the local authority, instead of `tls`. */
  readonly localHttps: boolean;
  /** Danger: an http issuer that is not loopback was asked for. To be logged at start. */
  readonly insecureAllowHttp: boolean;
  /** Danger: stored addresses may lead to private networks, and over http (OUT-1). To be logged at start. */
  readonly insecureAllowPrivateOutbound: boolean;
}

export interface SettingsSource {
  environment: Readonly<Record<string, string | undefined>>;
  /** Flags alone, without the name of the program or the command. */
  arguments: readonly string[];
  /** Relative paths start here. */
  workingDirectory: string;
}

export class SettingsError extends Error {
  override name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['Freehold cannot start with these settings:', ...problems.map((text) => `  ${text}`)].join('\n'));
    this.problems = problems;
  }
}

/** What main.ts deletes from the environment once it is parsed: child processes and crash reports shall not see it. */
export const secretVariables: readonly string[] = variables
  .filter(({ secret }) => secret)
  .map(({ name }) => name);

/** Throws SettingsError with every problem there is. */
export function parseSettings(source: SettingsSource): Settings {
  const flags = parseFlags(source.arguments);
  const given = givenTexts(source.environment, flags.values);
  const parsed = environmentSchema(source.workingDirectory).safeParse(
    Object.fromEntries([...given].map(([name, { text }]) => [name, text])),
  );
  const problems = [
    ...flags.problems,
    ...unknownVariables(source.environment),
    ...(parsed.error?.issues ?? []).map((issue) => describeIssue(issue, given)),
    ...missingPartners(given),
    ...insecureIssuer(given, flags.switches.has('--insecure-allow-http')),
    ...(flags.switches.has('--https') ? contradictionsToLocalHttps(given) : []),
  ];
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return settingsOf(parsed.data, flags.switches);
}

function settingsOf(environment: Environment, switches: Flags['switches']): Settings {
  const { FREEHOLD_TLS_CERT: chain, FREEHOLD_TLS_KEY: own, FREEHOLD_DATA_DIR: dataDirectory } = environment;
  const {
    FREEHOLD_ADMIN_EMAIL: email,
    FREEHOLD_ADMIN_PASSWORD: password,
    HOST: host,
    PORT: port,
  } = environment;
  const tls = chain && own && Object.freeze({ certificate: chain.pem, key: own.pem });
  const localHttps = switches.has('--https');
  const scheme = tls || localHttps ? 'https' : 'http';
  const database = environment.DATABASE_URL ?? { kind: 'sqlite', path: join(dataDirectory, 'freehold.db') };
  return Object.freeze({
    port,
    host,
    addresses: Object.freeze(host === 'localhost' ? ['127.0.0.1', '::1'] : [host]),
    issuer: environment.FREEHOLD_ISSUER ?? new URL(`${scheme}://localhost:${port}/`).href,
    database: Object.freeze(database),
    dataDirectory,
    logLevel: environment.LOG_LEVEL,
    masterKey: environment.FREEHOLD_MASTER_KEY,
    tls,
    trustedProxies: Object.freeze(environment.FREEHOLD_TRUSTED_PROXIES),
    tenantFile: environment.FREEHOLD_TENANT_FILE,
    usersFile: environment.FREEHOLD_USERS_FILE,
    admin: email !== undefined && password !== undefined ? Object.freeze({ email, password }) : undefined,
    smtp: smtpOf(environment, switches),
    localHttps,
    insecureAllowHttp: switches.has('--insecure-allow-http'),
    insecureAllowPrivateOutbound: switches.has('--insecure-allow-private-outbound'),
  });
}

function smtpOf(environment: Environment, switches: Flags['switches']): SmtpSettings | undefined {
  const { FREEHOLD_SMTP_URL: url, FREEHOLD_EMAIL_FROM: from } = environment;
  if (url === undefined || from === undefined) return undefined;
  return smtpSettings(url, from, switches.has('--insecure-allow-plain-smtp'));
}

/** The text of each setting by its variable, and the name it came in by, which errors use. */
type GivenTexts = Map<string, { text: string; as: string }>;

function givenTexts(environment: SettingsSource['environment'], flags: GivenTexts): GivenTexts {
  const given: GivenTexts = new Map();
  for (const { name } of variables) {
    const text = environment[name];
    // An empty variable is one left out: that is how compose files and shells write it.
    if (text !== undefined && text !== '') given.set(name, { text, as: name });
  }
  return new Map([...given, ...flags]);
}

function describeIssue(
  { path, message }: { path: PropertyKey[]; message: string },
  given: GivenTexts,
): string {
  const name = String(path[0]);
  const { text, as } = given.get(name) ?? { text: '', as: name };
  return secretVariables.includes(name)
    ? `${as} ${message}`
    : `${as} ${message}, but is ${JSON.stringify(text)}`;
}

function missingPartners(given: GivenTexts): string[] {
  const pairs: [string, string][] = [
    ['FREEHOLD_TLS_CERT', 'FREEHOLD_TLS_KEY'],
    ['FREEHOLD_ADMIN_EMAIL', 'FREEHOLD_ADMIN_PASSWORD'],
    ['FREEHOLD_SMTP_URL', 'FREEHOLD_EMAIL_FROM'],
  ];
  return pairs
    .flatMap(([one, other]) => [[one, other] as const, [other, one] as const])
    .filter(([present, absent]) => given.has(present) && !given.has(absent))
    .map(([present, absent]) => `${absent} must be set as well, because ${present} is`);
}

function insecureIssuer(given: GivenTexts, insecureAllowHttp: boolean): string[] {
  const issuer = parseIssuer(given.get('FREEHOLD_ISSUER')?.text ?? '');
  if (issuer === undefined || !issuer.startsWith('http:') || isLoopbackUrl(issuer) || insecureAllowHttp)
    return [];
  return [
    'FREEHOLD_ISSUER must be https, because over http anyone on the way reads passwords and tokens. ' +
      'Use https, or give --insecure-allow-http to accept that',
  ];
}

function contradictionsToLocalHttps(given: GivenTexts): string[] {
  const issuer = parseIssuer(given.get('FREEHOLD_ISSUER')?.text ?? 'https://localhost/');
  return [
    ...(issuer?.startsWith('http:')
      ? ['FREEHOLD_ISSUER must begin with https:// because --https is given']
      : []),
    ...(given.has('FREEHOLD_TLS_CERT')
      ? ['--https makes its own certificate: leave out FREEHOLD_TLS_CERT']
      : []),
  ];
}

function unknownVariables(environment: SettingsSource['environment']): string[] {
  const known = variables.map(({ name }) => name);
  return Object.entries(environment)
    .filter(
      ([name, text]) => name.startsWith('FREEHOLD_') && !known.includes(name) && !isServiceLink(name, text),
    )
    .map(([name]) => `${name} is no setting; did you mean ${nearest(name, known)}?`);
}

/** Kubernetes sets these in every pod of a namespace that has a service named freehold, or freehold-… */
function isServiceLink(name: string, text = ''): boolean {
  return (
    /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(text))
  );
}
