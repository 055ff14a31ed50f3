// A request sent by drops takes a connection for no longer than the timeouts say, with and without TLS.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { selfSignedCertificate } from '../../packages/server/src/runtime/cryptography/certificate.ts';
import { startFreehold } from '../setup/server.ts';

const timeouts = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 72_000 };

test('headers have 15 seconds, a request 30', async () => {
  const freehold = await startFreehold();
  expect(freehold.composed.server.server).toMatchObject(timeouts);
  await freehold.stop();
});

test('over TLS as well', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'freehold-tls-'));
  const freehold = await startFreehold({ environment: await tlsFiles(folder) });
  expect(freehold.issuer).toMatch(/^https:/);
  expect(freehold.composed.server.server).toMatchObject(timeouts);
  await freehold.stop();
  await rm(folder, { recursive: true });
});

async function tlsFiles(folder: string): Promise<Record<string, string>> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const certificate = selfSignedCertificate({
    privateKey,
    publicKey,
    commonName: 'localhost',
    notBefore: now - 60,
    notAfter: now + 3600,
    serial: Buffer.alloc(16, 1),
  });
  const [FREEHOLD_TLS_CERT, FREEHOLD_TLS_KEY] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`;
  await writeFile(FREEHOLD_TLS_CERT, pem);
  await writeFile(FREEHOLD_TLS_KEY, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { FREEHOLD_TLS_CERT, FREEHOLD_TLS_KEY };
}
