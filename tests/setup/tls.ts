// A certificate and its key for a test that serves https: browsers are told not to judge it.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../packages/server/src/runtime/cryptography/certificate.ts';

export interface TlsFiles {
  certificate: string;
  key: string;
  /** The same as variables of the server's environment, naming files in the folder. */
  environment: { FREEHOLD_TLS_CERT: string; FREEHOLD_TLS_KEY: string };
}

export async function makeTlsFiles(folder: string, commonName: string): Promise<TlsFiles> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const serial = randomBytes(16);
  serial[0] = 1;
  const content = { privateKey, publicKey, commonName, serial, notBefore: now - 60, notAfter: now + 86_400 };
  const lines = selfSignedCertificate(content)
    .match(/.{1,64}/g)
    ?.join('\n');
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const environment = {
    FREEHOLD_TLS_CERT: join(folder, 'tls.crt'),
    FREEHOLD_TLS_KEY: join(folder, 'tls.key'),
  };
  await writeFile(environment.FREEHOLD_TLS_CERT, certificate);
  await writeFile(environment.FREEHOLD_TLS_KEY, key, { mode: 0o600 });
  return { certificate, key, environment };
}
