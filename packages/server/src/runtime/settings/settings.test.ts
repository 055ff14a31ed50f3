import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { selfSignedCertificate } from '../cryptography/certificate.ts';
import { SettingsError, secretVariables } from './settings.ts';
import { settingsFrom } from './testing/parsed.ts';

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'freehold-settings-'));
  for (const name of ['one', 'two']) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const lifetime = { notBefore: 1_800_000_000, notAfter: 1_900_000_000, serial: Buffer.from([1]) };
    const der = selfSignedCertificate({ privateKey, publicKey, commonName: 'localhost', ...lifetime });
    fs.writeFileSync(
      join(folder, `${name}.crt`),
      `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    );
    fs.writeFileSync(join(folder, `${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  fs.writeFileSync(join(folder, 'tenant.yaml'), '');
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

const { parse, problems } = settingsFrom(() => folder);

test('with nothing set: localhost:3000 on both loopback addresses, SQLite in ./data', () => {
  expect(parse()).toEqual({
    port: 3000,
    host: 'localhost',
    addresses: ['127.0.0.1', '::1'],
    issuer: 'http://localhost:3000/',
    database: { kind: 'sqlite', path: join(folder, 'data/freehold.db') },
    dataDirectory: join(folder, 'data'),
    logLevel: 'info',
    masterKey: undefined,
    tls: undefined,
    trustedProxies: [],
    tenantFile: undefined,
    usersFile: undefined,
    admin: undefined,
    localHttps: false,
    insecureAllowHttp: false,
    insecureAllowPrivateOutbound: false,
  });
});

test('settings are frozen', () => {
  const settings = parse({ FREEHOLD_ADMIN_EMAIL: 'a@example.com', FREEHOLD_ADMIN_PASSWORD: 'x' });
  const frozen = [settings, settings.addresses, settings.database, settings.trustedProxies, settings.admin];
  expect(frozen.every((value) => Object.isFrozen(value))).toBe(true);
});

test('every environment variable is taken', () => {
  const key = Buffer.alloc(32, 9);
  const settings = parse({
    PORT: '8080',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://freehold:secret@db/freehold',
    LOG_LEVEL: 'warn',
    FREEHOLD_ISSUER: 'https://Login.Example.com:443',
    FREEHOLD_DATA_DIR: 'elsewhere',
    FREEHOLD_MASTER_KEY: key.toString('base64'),
    FREEHOLD_TLS_CERT: 'one.crt',
    FREEHOLD_TLS_KEY: join(folder, 'one.key'),
    FREEHOLD_TRUSTED_PROXIES: '10.0.0.0/8, ::1 ,192.0.2.1',
    FREEHOLD_TENANT_FILE: 'tenant.yaml',
    FREEHOLD_USERS_FILE: 'tenant.yaml',
    FREEHOLD_ADMIN_EMAIL: 'admin@example.com',
    FREEHOLD_ADMIN_PASSWORD: 'correct horse',
  });
  expect(settings).toEqual({
    port: 8080,
    host: '0.0.0.0',
    addresses: ['0.0.0.0'],
    issuer: 'https://login.example.com/',
    database: { kind: 'postgres', url: 'postgres://freehold:secret@db/freehold' },
    dataDirectory: join(folder, 'elsewhere'),
    logLevel: 'warn',
    masterKey: key,
    tls: {
      certificate: fs.readFileSync(join(folder, 'one.crt'), 'utf8'),
      key: fs.readFileSync(join(folder, 'one.key'), 'utf8'),
    },
    trustedProxies: ['10.0.0.0/8', '::1', '192.0.2.1'],
    tenantFile: join(folder, 'tenant.yaml'),
    usersFile: join(folder, 'tenant.yaml'),
    admin: { email: 'admin@example.com', password: 'correct horse' },
    localHttps: false,
    insecureAllowHttp: false,
    insecureAllowPrivateOutbound: false,
  });
});

test('an empty variable is one left out', () => {
  expect(parse({ PORT: '', FREEHOLD_ISSUER: '', FREEHOLD_TLS_CERT: '', DATABASE_URL: '' })).toEqual(parse());
});

test('flags win over the environment, and errors name the flag', () => {
  fs.writeFileSync(join(folder, 'other.yaml'), '');
  const settings = parse(
    { PORT: '1', FREEHOLD_TENANT_FILE: 'absent' },
    '--port',
    '4000',
    '--tenant=other.yaml',
  );
  expect([settings.port, settings.issuer]).toEqual([4000, 'http://localhost:4000/']);
  expect(settings.tenantFile).toBe(join(folder, 'other.yaml'));
  expect(problems({ PORT: '1' }, '--port', 'x')).toEqual([
    '--port must be a whole number from 1 to 65535, but is "x"',
  ]);
});

test.each([
  ['sqlite:./a b.db', (): unknown => ({ kind: 'sqlite', path: join(folder, 'a b.db') })],
  ['sqlite:/var/lib/freehold.db', () => ({ kind: 'sqlite', path: '/var/lib/freehold.db' })],
  ['sqlite::memory:', () => ({ kind: 'sqlite', path: ':memory:' })],
  ['postgresql://db/freehold', () => ({ kind: 'postgres', url: 'postgresql://db/freehold' })],
])('DATABASE_URL %s', (text, expected) => {
  expect(parse({ DATABASE_URL: text }).database).toEqual(expected());
});

test('with TLS files the default issuer is https; a port that is the default of its scheme is left out', () => {
  const tls = { FREEHOLD_TLS_CERT: 'one.crt', FREEHOLD_TLS_KEY: 'one.key' };
  expect(parse(tls).issuer).toBe('https://localhost:3000/');
  expect(parse({ ...tls, PORT: '443' }).issuer).toBe('https://localhost/');
  expect(parse({ PORT: '80' }).issuer).toBe('http://localhost/');
});

test.each([
  ['PORT', '0', '65536', '-1', '3000.5', '1e3', ' 3000', '999999'],
  ['HOST', '[::1]', '1.2.3', 'a b', 'http://localhost', 'host:3000', '-'],
  [
    'DATABASE_URL',
    'mysql://x',
    'sqlite:',
    'sqlite://freehold.db',
    'freehold.db',
    'postgres://',
    'postgres:db',
  ],
  ['LOG_LEVEL', 'verbose', 'INFO', '30'],
  [
    'FREEHOLD_ISSUER',
    'example.com',
    'ftp://example.com',
    'https://example.com/path',
    'https://example.com/?',
    'https://example.com/#',
  ],
  [
    'FREEHOLD_ISSUER',
    'https://user@example.com',
    'https:example.com',
    'https://',
    ' https://example.com',
    'https://example.com\\x',
    'https://a b',
  ],
  ['FREEHOLD_MASTER_KEY', 'x', 'a'.repeat(64), Buffer.alloc(31).toString('base64')],
  [
    'FREEHOLD_TRUSTED_PROXIES',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '10.0.0',
    'proxy.example.com',
    '::1/129',
    '1.1.1.1/8/8',
    '1.1.1.1/',
  ],
  ['FREEHOLD_TENANT_FILE', 'absent.yaml', '.'],
  ['FREEHOLD_USERS_FILE', 'absent.json', '.'],
])('%s: wrong values are refused, by name', (name, ...texts) => {
  for (const text of texts)
    expect(problems({ [name]: text })).toEqual([expect.stringMatching(`^${name} must be `)]);
});

test('the administrator’s e-mail and password are parsed', () => {
  const long = { FREEHOLD_ADMIN_EMAIL: 'a@example.com', FREEHOLD_ADMIN_PASSWORD: 'é'.repeat(513) };
  expect(problems(long)).toEqual(['FREEHOLD_ADMIN_PASSWORD must be at most 1,024 bytes long']);
  expect(problems({ FREEHOLD_ADMIN_EMAIL: 'admin', FREEHOLD_ADMIN_PASSWORD: 'x' })).toEqual([
    'FREEHOLD_ADMIN_EMAIL must be an e-mail address, but is "admin"',
  ]);
});

test('--https: the default issuer is https; an http issuer and a certificate of one’s own contradict it', () => {
  const settings = parse({ PORT: '3443' }, '--https');
  expect([settings.issuer, settings.localHttps, settings.tls]).toEqual([
    'https://localhost:3443/',
    true,
    undefined,
  ]);
  expect(parse({ FREEHOLD_ISSUER: 'https://auth.localhost/' }, '--https').issuer).toBe(
    'https://auth.localhost/',
  );
  const tls = { FREEHOLD_TLS_CERT: 'one.crt', FREEHOLD_TLS_KEY: 'one.key' };
  expect(problems({ FREEHOLD_ISSUER: 'http://localhost:3000/', ...tls }, '--https')).toEqual([
    'FREEHOLD_ISSUER must begin with https:// because --https is given',
    '--https makes its own certificate: leave out FREEHOLD_TLS_CERT',
  ]);
});

test('TLS files must be a certificate and its key', () => {
  const mixed = problems({ FREEHOLD_TLS_CERT: 'one.crt', FREEHOLD_TLS_KEY: 'two.key' });
  expect(mixed).toEqual(['FREEHOLD_TLS_KEY must be the key of FREEHOLD_TLS_CERT, but is "two.key"']);
  const swapped = problems({ FREEHOLD_TLS_CERT: 'one.key', FREEHOLD_TLS_KEY: 'one.crt' });
  expect(swapped).toEqual([
    'FREEHOLD_TLS_CERT must be a readable file with a certificate in PEM, but is "one.key"',
    'FREEHOLD_TLS_KEY must be a readable file with a private key in PEM, without a passphrase, but is "one.crt"',
  ]);
});

test.each([
  ['FREEHOLD_TLS_CERT', 'one.crt', 'FREEHOLD_TLS_KEY'],
  ['FREEHOLD_TLS_KEY', 'one.key', 'FREEHOLD_TLS_CERT'],
  ['FREEHOLD_ADMIN_EMAIL', 'admin@example.com', 'FREEHOLD_ADMIN_PASSWORD'],
  ['FREEHOLD_ADMIN_PASSWORD', 'x', 'FREEHOLD_ADMIN_EMAIL'],
])('%s alone is refused', (present, text, absent) => {
  expect(problems({ [present]: text })).toEqual([`${absent} must be set as well, because ${present} is`]);
});

test('every problem is told at once', () => {
  const found = problems(
    {
      PORT: 'x',
      FREEHOLD_ISSUER: 'http://example.com',
      FREEHOLD_TLS_CERT: 'one.crt',
      FREEHOLD_TLS_KEY: 'two.key',
      FREEHOLD_ADMIN_EMAIL: 'admin',
      FREEHOLD_X: '',
    },
    '--verbose',
  );
  expect(found).toHaveLength(7);
  expect(new SettingsError(found).message.split('\n')).toHaveLength(8);
});

test('secrets are known by name, and errors never repeat them', () => {
  expect(secretVariables).toEqual([
    'DATABASE_URL',
    'FREEHOLD_MASTER_KEY',
    'FREEHOLD_ADMIN_PASSWORD',
    'FREEHOLD_SMTP_URL',
  ]);
  const found = problems({
    DATABASE_URL: 'mysql://hunter2',
    FREEHOLD_MASTER_KEY: 'hunter2',
    FREEHOLD_ADMIN_PASSWORD: 'hunter2'.repeat(200),
  });
  expect(found).toHaveLength(4);
  expect(found.join()).not.toContain('hunter2');
});

test('no text in any variable does anything but parse or throw a SettingsError', () => {
  const names = [
    'PORT',
    'HOST',
    'DATABASE_URL',
    'FREEHOLD_ISSUER',
    'FREEHOLD_TRUSTED_PROXIES',
    'FREEHOLD_DATA_DIR',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...names, 'FREEHOLD_TENANT_FILE'),
      fc.string({ unit: 'binary' }),
      (name, text) => {
        const found = problems({ [name]: text });
        expect(found.every((problem) => problem.startsWith(name))).toBe(true);
      },
    ),
  );
});

test('OUT-1: private addresses are asked only where a flag of an ugly name says so', () => {
  expect(parse({}).insecureAllowPrivateOutbound).toBe(false);
  expect(parse({}, '--insecure-allow-private-outbound').insecureAllowPrivateOutbound).toBe(true);
});
