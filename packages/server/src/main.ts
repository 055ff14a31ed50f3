// The process: settings → compose → listen → drain on SIGTERM. The only file that reads its arguments and environment,
// obeys its signals and ends it.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './cli.ts';
import { type Composed, compose } from './compose.ts';
import { listen } from './http/listen.ts';
import { systemClock } from './runtime/clock.ts';
import { howToTrust } from './runtime/cryptography/local-authority.ts';
import { createLog, type Log } from './runtime/log.ts';
import { releaseUnusedMemory } from './runtime/memory.ts';
import { systemRandom } from './runtime/random.ts';
import { isLoopbackUrl } from './runtime/settings/issuer.ts';
import { type Settings, secretVariables } from './runtime/settings/settings.ts';
import { askSecret } from './runtime/terminal.ts';

const assetsFolder = join(dirname(fileURLToPath(import.meta.url)), 'assets');
/** Milliseconds after the ready line: what waited for the server has been answered by then. */
const settlingTime = 1000;
/** How often what has expired is deleted. */
const sweepInterval = 600_000;
/** How often is looked for what is to be sent. */
const deliveryInterval = 1000;

try {
  await run({
    arguments: process.argv.slice(2),
    environment: process.env,
    workingDirectory: process.cwd(),
    print: (text) => process.stdout.write(`${text}\n`),
    askSecret: askAtTerminal,
    serve,
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function askAtTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  return await askSecret(question, { input: process.stdin, print: (text) => process.stdout.write(text) });
}

async function serve(settings: Settings): Promise<void> {
  // One that comes during the start is obeyed as soon as there is something to stop.
  const stopping = firstSignal();
  // Child processes and crash reports shall not see them.
  for (const name of secretVariables) delete process.env[name];
  const log = createLog({ level: settings.logLevel });
  const composed = await compose(settings, { clock: systemClock, random: systemRandom, log, assetsFolder });
  try {
    await listen(composed.server, { ...settings, tls: composed.tls });
  } catch (error) {
    await composed.close();
    throw error;
  }
  announce(settings, composed, log);
  const settling = setTimeout(releaseUnusedMemory, settlingTime);
  const sweeping = setInterval(() => {
    composed.sweep().catch((err: unknown) => log.error({ err }, 'deleting what has expired failed'));
  }, sweepInterval);
  const delivering = setInterval(() => {
    composed.deliverDue().catch((err: unknown) => log.error({ err }, 'sending what is due failed'));
  }, deliveryInterval);
  const signal = await stopping;
  log.info({ signal }, 'stopping: requests that came are finished first');
  clearTimeout(settling);
  clearInterval(sweeping);
  clearInterval(delivering);
  await composed.close();
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
}

function announce(settings: Settings, { tls, setUpUrl, tenant }: Composed, log: Log): void {
  const { issuer, insecureAllowHttp, insecureAllowPrivateOutbound, smtp } = settings;
  if (insecureAllowHttp) log.warn('DANGER: --insecure-allow-http: passwords and tokens travel in clear text');
  if (insecureAllowPrivateOutbound) {
    log.warn('DANGER: --insecure-allow-private-outbound: stored addresses reach behind the firewall');
  }
  if (smtp?.insecureAllowPlain) {
    log.warn('DANGER: --insecure-allow-plain-smtp: links and codes in mail travel in clear text');
  }
  log.info({ issuer }, 'ready');
  const lines = [`Freehold is ready at ${issuer}`];
  if (isLoopbackUrl(issuer)) lines.push(`Try a login at ${issuer}try`);
  if (setUpUrl !== undefined) {
    lines.push('', 'There is no administrator yet. Within the hour, make the first one at', setUpUrl);
  } else if (tenant.dashboardFiles !== undefined) lines.push(`The dashboard is at ${issuer}dashboard`);
  if (tls && 'authorityFile' in tls) lines.push(...howToTrust(tls.authorityFile, process.platform));
  process.stdout.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
}
