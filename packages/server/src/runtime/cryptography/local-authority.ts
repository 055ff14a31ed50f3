// `freehold start --https`: a certification authority of this data folder's own, made once, and at every start a
// certificate of it for the issuer's host. Whoever trusts the authority trusts it for that host and for the machine
// itself, and for nothing else: its certificate says so (name constraints), should its key ever be stolen.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import * as x509 from './certificate.ts';
import { loadSecretFile, replaceFile, type SecretFile, SecretFileError } from './secret-file.ts';

export interface LocalCertificate {
  /** PEM texts. */
  certificate: string;
  key: string;
  /** Where the certificate of the authority is, for programs to trust. */
  authorityFile: string;
}

export interface LocalCertificateRequest {
  dataDirectory: string;
  /** Its host is what the certificate is for. */
  issuer: string;
  clock: Clock;
  random: Random;
}

const day = 86_400;
/** Of the server's certificate. Apple's systems refuse one that lives longer than 825 days, browsers' rules are stricter. */
const lifetime = 397 * day;
const authorityLifetime = 3653 * day;
/** The clock of another machine may be a little behind. */
const backdated = 3600;
const machineNames = ['localhost', '127.0.0.1', '::1'];

/**
 * The authority's key and certificate stay in the folder; the server's key exists in memory alone, and its certificate
 * is new at every start. Throws SecretFileError.
 */
export function issueLocalCertificate(request: LocalCertificateRequest): LocalCertificate {
  const { clock, random, issuer } = request;
  const host = new URL(issuer).hostname.replace(/^\[|\]$/g, '');
  const authority = openAuthority(request, isOfThisMachine(host) ? 'localhost' : host);
  const { privateKey, publicKey } = newKeyPair();
  const content = {
    publicKey,
    commonName: host,
    serial: random.bytes(16),
    notBefore: clock.now() - backdated,
    notAfter: clock.now() + lifetime,
  };
  const certificate = x509.signedCertificate(content, authority, [
    x509.endEntity,
    x509.usedToAuthenticate,
    x509.usedByServers,
    x509.subjectAlternativeNames([...new Set([host, ...machineNames])]),
    x509.subjectKeyIdentifier(publicKey),
    x509.authorityKeyIdentifier(authority.publicKey),
  ]);
  const { file: authorityFile } = authority;
  return { certificate: x509.certificatePem(certificate), key: pemOf(privateKey), authorityFile };
}

function isOfThisMachine(host: string): boolean {
  return machineNames.includes(host) || host.endsWith('.localhost');
}

interface Authority extends x509.CertificateIssuer {
  /** Its certificate, in PEM. */
  file: string;
}

/** `name`: the one host beside the machine's own names that it may sign for. Each name has an authority of its own. */
function openAuthority(request: LocalCertificateRequest, name: string): Authority {
  const folder = join(request.dataDirectory, 'https');
  const base = join(folder, `${name.replace(/[^\w.-]/g, '_')}-authority`);
  const file = `${base}.crt`;
  const privateKey = loadKey({ path: `${base}.key`, what: 'certification authority' });
  const publicKey = createPublicKey(privateKey);
  // Folders have authorities of the same name: by the number people know which of them to trust no longer.
  const commonName = `Freehold at ${name} (${x509.keyIdentifier(publicKey).toString('hex', 0, 3)})`;
  const authority = { file, privateKey, publicKey, commonName };
  if (!isUsable(file, publicKey, request.clock.now())) {
    const certificate = authorityCertificate(authority, name, request);
    replaceFile(file, x509.certificatePem(certificate), 0o644);
  }
  return authority;
}

function loadKey(secret: SecretFile): KeyObject {
  const text = loadSecretFile(secret, () => pemOf(newKeyPair().privateKey));
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const problem = `The ${secret.what} file ${secret.path} is damaged. Delete it, and trust the authority made anew.`;
    throw new SecretFileError(problem, { cause });
  }
}

/** Its own certificate has to outlive those that it signs; without one, or with a damaged one, there is none. */
function isUsable(file: string, publicKey: KeyObject, now: number): boolean {
  try {
    const certificate = new X509Certificate(readFileSync(file));
    return (
      certificate.publicKey.equals(publicKey) && certificate.validToDate.getTime() / 1000 > now + lifetime
    );
  } catch {
    return false;
  }
}

function authorityCertificate(
  authority: Authority,
  name: string,
  { clock, random }: LocalCertificateRequest,
): string {
  const content = {
    publicKey: authority.publicKey,
    commonName: authority.commonName,
    serial: random.bytes(16),
    notBefore: clock.now() - backdated,
    notAfter: clock.now() + authorityLifetime,
  };
  return x509.signedCertificate(content, authority, [
    x509.authority,
    x509.usedToSignCertificates,
    x509.permittedNames([...new Set([name, ...machineNames])]),
    x509.subjectKeyIdentifier(authority.publicKey),
  ]);
}

function newKeyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** What to do so that programs and browsers trust it, line by line. */
export function howToTrust(authorityFile: string, platform: NodeJS.Platform): string[] {
  const file = `'${authorityFile}'`;
  const forBrowsers: Partial<Record<NodeJS.Platform, string>> = {
    darwin: `security add-trusted-cert -k ~/Library/Keychains/login.keychain-db ${file}`,
    win32: `certutil -user -addstore Root "${authorityFile}"`,
    linux: `certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Freehold -i ${file}`,
  };
  return [
    'Its certificate is signed by a local authority of this data folder. To trust that, in',
    `  Node       export NODE_EXTRA_CA_CERTS=${file}`,
    `  browsers   ${forBrowsers[platform] ?? `import ${file} as an authority`}`,
  ];
}
