// Freehold as `freehold start --https` runs it, and this process trusting its local authority, as NODE_EXTRA_CA_CERTS
// makes a process do from its start: most SDKs for servers accept no other issuer.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { RunningClock } from './running-clock.ts';
import { type Freehold, type FreeholdOptions, startFreehold } from './server.ts';

export interface HttpsFreehold extends Freehold {
  /** What an SDK calls its domain: host and port. */
  domain: string;
}

export async function startHttpsFreehold({
  flags = [],
  ...options
}: FreeholdOptions = {}): Promise<HttpsFreehold> {
  const freehold = await startFreehold({
    clock: new RunningClock(),
    ...options,
    flags: ['--https', ...flags],
  });
  trust(await readFile(join(freehold.folder, 'https/localhost-authority.crt'), 'utf8'));
  return { ...freehold, domain: new URL(freehold.issuer).host };
}

/** From now on this process takes what the certificate vouches for. */
export function trust(certificate: string): void {
  setDefaultCACertificates([...getCACertificates(), certificate]);
}
