// Every environment variable and flag: how its text is parsed, and what docs/settings.md says of it. One place a
// setting; what two settings must have in common stands in settings.ts.

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import * as z from 'zod';
import { parseMasterKey } from '../cryptography/master-key.ts';
import { mostPasswordBytes } from '../cryptography/password-hashing.ts';
import { isAddressRange } from '../network/address-range.ts';
import { parseIssuer } from './issuer.ts';
import { isSender, isSmtpUrl } from './smtp-settings.ts';

export interface SettingDescription {
  description: string;
  /** As the table shows it; none means that the setting may be left out. */
  default?: string;
  example: string;
  /** The flag that says the same on the command line, and wins. */
  flag?: string;
  /** Leaves the environment once parsed, and is never repeated in an error. */
  secret?: true;
}

export const descriptions = z.registry<SettingDescription>();

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export type DatabaseLocation =
  | { kind: 'sqlite' /** Absolute, or `:memory:`. */; path: string }
  | { kind: 'postgres'; url: string };

/** The schema of the environment. Relative paths start from `directory`. */
export function environmentSchema(directory: string) {
  const path = z.string().transform((text) => resolve(directory, text));
  const variables = z.object({
    PORT: port.prefault('3000').register(descriptions, {
      description: 'The TCP port.',
      default: '3000',
      example: '8080',
      flag: '--port',
    }),
    HOST: host.prefault('localhost').register(descriptions, {
      description:
        'The address to listen on. `localhost` means 127.0.0.1 and ::1; `0.0.0.0` every IPv4 network.',
      default: 'localhost',
      example: '0.0.0.0',
    }),
    DATABASE_URL: database(directory).optional().register(descriptions, {
      description: 'The database: `sqlite:PATH`, `sqlite::memory:` (gone at exit) or `postgres://…`.',
      default: 'sqlite:{FREEHOLD_DATA_DIR}/freehold.db',
      example: 'postgres://freehold:password@localhost/freehold',
      secret: true,
    }),
    LOG_LEVEL: z
      .enum(logLevels, `must be one of ${logLevels.join(', ')}`)
      .prefault('info')
      .register(descriptions, {
        description: 'The least level that is logged.',
        default: 'info',
        example: 'warn',
      }),
    FREEHOLD_ISSUER: issuer.optional().register(descriptions, {
      description: 'The URL that applications know the tenant by. http only on loopback addresses.',
      default: 'http://localhost:{PORT}/; https with --https or TLS files',
      example: 'https://login.example.com/',
    }),
    FREEHOLD_DATA_DIR: path.prefault('data').register(descriptions, {
      description: 'The folder of the embedded database and the master key.',
      default: './data',
      example: '/var/lib/freehold',
    }),
    FREEHOLD_MASTER_KEY: masterKey.optional().register(descriptions, {
      description:
        'The key that secrets in the database are encrypted with: 32 bytes in base64. ' +
        'Processes on one database need the same.',
      default: 'the file master.key in {FREEHOLD_DATA_DIR}, made at the first start',
      example: '$(openssl rand -base64 32)',
      secret: true,
    }),
    FREEHOLD_TLS_CERT: path.transform(readCertificate).optional().register(descriptions, {
      description: 'A PEM file with the certificate chain. With it and its key, https is served.',
      example: '/etc/freehold/tls.crt',
    }),
    FREEHOLD_TLS_KEY: path.transform(readPrivateKey).optional().register(descriptions, {
      description: 'A PEM file with the private key of FREEHOLD_TLS_CERT, without a passphrase.',
      example: '/etc/freehold/tls.key',
    }),
    FREEHOLD_TRUSTED_PROXIES: trustedProxies.prefault('').register(descriptions, {
      description:
        'The proxies in front, whose X-Forwarded-* and client-certificate headers are believed: addresses or CIDR ranges.',
      example: '10.0.0.0/8, fd00::/8',
    }),
    FREEHOLD_TENANT_FILE: path.transform(assertReadable).optional().register(descriptions, {
      description: 'The tenant file (YAML, as auth0-deploy-cli writes it), applied at every start.',
      example: './tenant.yaml',
      flag: '--tenant',
    }),
    FREEHOLD_USERS_FILE: path.transform(assertReadable).optional().register(descriptions, {
      description: 'The users file (JSON, as Auth0 imports it). Existing users are never overwritten.',
      example: './users.json',
      flag: '--users',
    }),
    FREEHOLD_ADMIN_EMAIL: z.email('must be an e-mail address').optional().register(descriptions, {
      description: 'With FREEHOLD_ADMIN_PASSWORD: the administrator to make if there is none.',
      example: 'admin@example.com',
    }),
    FREEHOLD_ADMIN_PASSWORD: adminPassword.optional().register(descriptions, {
      description: 'The password of that administrator.',
      example: 'a long sentence of your own',
      secret: true,
    }),
    FREEHOLD_SMTP_URL: smtpUrl.optional().register(descriptions, {
      description:
        'The server that takes mail: `smtp://` (encrypted by STARTTLS) or `smtps://`. Without it mail waits in the ' +
        'outbox: `freehold outbox` shows it.',
      example: 'smtp://user:password@smtp.example.com:587',
      secret: true,
    }),
    FREEHOLD_EMAIL_FROM: sender.optional().register(descriptions, {
      description: 'With FREEHOLD_SMTP_URL: whom mail is from.',
      example: 'Acme <login@example.com>',
    }),
  });
  return variables.refine(
    ({ FREEHOLD_TLS_CERT: chain, FREEHOLD_TLS_KEY: own }) =>
      !chain?.certificate || !own?.key || chain.certificate.checkPrivateKey(own.key),
    // Asked also when other settings are wrong, so that every problem is told at once.
    { path: ['FREEHOLD_TLS_KEY'], message: 'must be the key of FREEHOLD_TLS_CERT', when: () => true },
  );
}

export type Environment = z.output<ReturnType<typeof environmentSchema>>;

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a whole number from 1 to 65535')
  .transform(Number)
  .refine((number) => number >= 1 && number <= 65_535, 'must be a whole number from 1 to 65535');

const host = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^(?!.*\.\d+$)[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text),
    'must be localhost, an IP address (IPv6 without brackets) or a host name',
  );

const issuer = z.string().transform((text, context) => {
  const parsed = parseIssuer(text);
  return (
    parsed ??
    refuse(context, 'must be an http or https URL of a host alone: no path, query, fragment or user name')
  );
});

const masterKey = z.string().transform((text, context) => {
  return (
    parseMasterKey(text) ??
    refuse(context, 'must be 32 bytes in base64. Make one with: openssl rand -base64 32')
  );
});

const trustedProxies = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((range) => range.trim())
      .filter((range) => range !== ''),
  )
  .refine(
    (ranges) => ranges.every(isAddressRange),
    'must be IP addresses or CIDR ranges, separated by commas; a range of every address is none',
  );

const adminPassword = z.string().refine(
  (text) => Buffer.byteLength(text) <= mostPasswordBytes,
  // Written out: toLocaleString would read the tables of every language, 5 MB that stay resident.
  'must be at most 1,024 bytes long',
);

const smtpUrl = z
  .string()
  .refine(
    isSmtpUrl,
    'must be smtp://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ before it if needed',
  );

const sender = z.string().refine(isSender, 'must be an e-mail address, or Name <address>');

function database(directory: string) {
  return z.string().transform((text, context): DatabaseLocation => {
    const sqlitePath = /^sqlite:(?!\/\/)(.+)$/.exec(text)?.[1];
    if (sqlitePath === ':memory:') return { kind: 'sqlite', path: sqlitePath };
    if (sqlitePath !== undefined) return { kind: 'sqlite', path: resolve(directory, sqlitePath) };
    if (/^postgres(ql)?:\/\/./.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text };
    return refuse(context, 'must be sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST/DATABASE');
  });
}

type Context = z.core.$RefinementCtx<string>;

function refuse(context: Context, message: string): never {
  context.issues.push({ code: 'custom', message, input: context.value });
  return z.NEVER;
}

export interface Certificate {
  pem: string;
  certificate: X509Certificate;
}

export interface PrivateKey {
  pem: string;
  key: KeyObject;
}

function readCertificate(path: string, context: Context): Certificate {
  try {
    const pem = fs.readFileSync(path, 'utf8');
    return { pem, certificate: new X509Certificate(pem) };
  } catch {
    return refuse(context, 'must be a readable file with a certificate in PEM');
  }
}

function readPrivateKey(path: string, context: Context): PrivateKey {
  try {
    const pem = fs.readFileSync(path, 'utf8');
    return { pem, key: createPrivateKey(pem) };
  } catch {
    return refuse(context, 'must be a readable file with a private key in PEM, without a passphrase');
  }
}

function assertReadable(path: string, context: Context): string {
  try {
    fs.accessSync(path, fs.constants.R_OK);
    if (!fs.statSync(path).isDirectory()) return path;
  } catch {
    // Said below, for both.
  }
  return refuse(context, 'must be a readable file');
}

/** Every variable with its description, in the order of the table. */
export const variables = Object.entries(environmentSchema('.').shape).map(([name, schema]) => {
  const description = descriptions.get(schema);
  if (description === undefined) throw new Error(`The setting ${name} is not described`);
  return { name, ...description };
});
