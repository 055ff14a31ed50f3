import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { connect, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TurnableClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import * as x509 from './certificate.ts';
import { issueLocalCertificate } from './local-authority.ts';
import { SecretFileError } from './secret-file.ts';

let folder: string;
let clock: TurnableClock;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'freehold-authority-'));
  clock = new TurnableClock(Math.floor(Date.now() / 1000));
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

function issue(issuer = 'https://localhost:3000/') {
  return issueLocalCertificate({ dataDirectory: folder, issuer, clock, random: systemRandom });
}

/** `trusted`, or why a program that trusts the authority does not trust a server with that certificate. */
async function judge(
  { certificate, key }: { certificate: string; key: string },
  authorityFile: string,
  host: string,
): Promise<string> {
  const server = createServer((socket) => {
    new TLSSocket(socket, { isServer: true, cert: certificate, key }).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ca = fs.readFileSync(authorityFile);
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: host,
    ca,
    checkServerIdentity: () => undefined,
  });
  try {
    await once(socket, 'secureConnect');
    return 'trusted';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

/** What somebody who has the authority's key could sign with it. */
function forge(authorityFile: string, host: string) {
  const authority = new X509Certificate(fs.readFileSync(authorityFile));
  const keyFile = authorityFile.replace(/crt$/, 'key');
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const commonName = authority.subject.replace('CN=', '');
  const signer = {
    commonName,
    publicKey: authority.publicKey,
    privateKey: createPrivateKey(fs.readFileSync(keyFile)),
  };
  const now = clock.now();
  const content = {
    publicKey,
    commonName: host,
    serial: Buffer.from([1]),
    notBefore: now - 60,
    notAfter: now + 60,
  };
  const certificate = x509.signedCertificate(content, signer, [
    x509.endEntity,
    x509.usedByServers,
    x509.subjectAlternativeNames([host]),
  ]);
  return {
    certificate: x509.certificatePem(certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

test('the authority’s key is mode 0600 in a folder of mode 0700; the server’s key is in no file', () => {
  const { authorityFile } = issue();
  const { mode } = fs.statSync(authorityFile.replace(/crt$/, 'key'));
  expect(mode & 0o777).toBe(0o600);
  expect(fs.statSync(join(folder, 'https')).mode & 0o777).toBe(0o700);
  expect(fs.readdirSync(join(folder, 'https')).sort()).toEqual([
    'localhost-authority.crt',
    'localhost-authority.key',
  ]);
});

test('an authority’s key that is open to others, or damaged, is refused with what to do', () => {
  const key = issue().authorityFile.replace(/crt$/, 'key');
  fs.chmodSync(key, 0o644);
  expect(() => issue()).toThrow(`chmod 600 '${key}'`);
  fs.chmodSync(key, 0o600);
  fs.writeFileSync(key, 'no key');
  expect(() => issue()).toThrow(SecretFileError);
  expect(() => issue()).toThrow(/is damaged. Delete it/);
});

test.each([
  ['https://localhost:3000/', 'localhost'],
  ['https://auth.localhost:3443/', 'auth.localhost'],
  ['https://127.0.0.2:3000/', '127.0.0.2'],
  ['https://login.acme.test/', 'login.acme.test'],
  ['https://192.0.2.7/', '192.0.2.7'],
  ['https://[2001:db8::7]/', '2001:db8::7'],
])(
  'the certificate for %s names the host and the machine, and those who trust the authority trust it',
  async (issuer, host) => {
    const issued = issue(issuer);
    const certificate = new X509Certificate(issued.certificate);
    for (const name of ['localhost', host])
      expect(certificate.checkHost(name) ?? certificate.checkIP(name), name).toBe(name);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkHost('evil.example')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(await judge(issued, issued.authorityFile, 'localhost')).toBe('trusted');
  },
);

test('RFC 5280 §4.2.1.10: whoever steals the authority’s key can name no other host, address or authority', async () => {
  const { authorityFile } = issue('https://login.acme.test/');
  expect(await judge(forge(authorityFile, 'login.acme.test'), authorityFile, 'localhost')).toBe('trusted');
  for (const host of ['evil.example', 'acme.test', 'notlogin.acme.test', '192.0.2.7', '2001:db8::7'])
    expect(await judge(forge(authorityFile, host), authorityFile, 'localhost'), host).toBe(
      'permitted subtree violation',
    );
});

test('loopback names share an authority, which stays; another host has one of its own', () => {
  const first = issue();
  const read = () => fs.readFileSync(first.authorityFile, 'utf8');
  const text = read();
  const second = issue('https://auth.localhost:3443/');
  expect([second.authorityFile, read()]).toEqual([first.authorityFile, text]);
  expect(second.key).not.toBe(first.key);
  const other = issue('https://login.acme.test/');
  expect(basename(other.authorityFile)).toBe('login.acme.test-authority.crt');
  expect(read()).toBe(text);
});

test('a certificate lives for 397 days, and is never signed by an authority that ends before it', async () => {
  const first = issue();
  const text = fs.readFileSync(first.authorityFile, 'utf8');
  const authority = new X509Certificate(text);
  const days = (certificate: X509Certificate) =>
    (certificate.validToDate.getTime() / 1000 - clock.now()) / 86_400;
  expect(days(new X509Certificate(first.certificate))).toBe(397);
  clock.advance((days(authority) - 398) * 86_400);
  issue();
  expect(fs.readFileSync(first.authorityFile, 'utf8')).toBe(text);
  clock.advance(2 * 86_400);
  issue();
  const renewed = new X509Certificate(fs.readFileSync(first.authorityFile));
  expect(days(renewed)).toBeGreaterThan(397);
  expect(renewed.publicKey.equals(authority.publicKey)).toBe(true);
});

test('an authority’s certificate that is damaged, or another key’s, is made anew', async () => {
  const first = issue();
  fs.writeFileSync(first.authorityFile, 'no certificate');
  expect(await judge(issue(), first.authorityFile, 'localhost')).toBe('trusted');
  fs.copyFileSync(issue('https://login.acme.test/').authorityFile, first.authorityFile);
  expect(await judge(issue(), first.authorityFile, 'localhost')).toBe('trusted');
});
