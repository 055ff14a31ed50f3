// Freehold over https, and this process trusting its certificate, as NODE_EXTRA_CA_CERTS does for a process from its
// start: most SDKs for servers accept no other issuer. The certificate serves an application beside it too.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { RunningClock } from './running-clock.ts';
import { type Freehold, type FreeholdOptions, findFreePort, startFreehold } from './server.ts';
import { makeTlsFiles, type TlsFiles } from './tls.ts';

export interface HttpsFreehold extends Freehold {
  /** What an SDK calls its domain: host and port. */
  domain: string;
  /** For whoever serves https on localhost beside it. */
  tls: TlsFiles;
}

export async function startHttpsFreehold(options: FreeholdOptions = {}): Promise<HttpsFreehold> {
  const folder = await mkdtemp(join(tmpdir(), 'freehold-tls-'));
  const tls = await makeTlsFiles(folder, 'localhost');
  setDefaultCACertificates([...getCACertificates(), tls.certificate]);
  const port = options.port ?? (await findFreePort());
  const environment = { ...tls.environment, FREEHOLD_ISSUER: `https://localhost:${port}/` };
  const freehold = await startFreehold({
    clock: new RunningClock(),
    ...options,
    port,
    environment: { ...environment, ...options.environment },
  });
  return {
    ...freehold,
    domain: new URL(freehold.issuer).host,
    tls,
    async stop() {
      await freehold.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
