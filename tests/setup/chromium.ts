// The browser of the browser tests: Playwright's own where it is installed, else one on PATH, else it is
// installed. A machine that can have none fails the run: no browser test is ever skipped.
// Knows nothing of the server.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';

const playwrightCommand = createRequire(import.meta.url).resolve('@playwright/test/cli');
const namesOnPath = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const chromiumArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--disable-gpu',
];

/** The path of a Chromium that starts, or undefined. The answer is remembered for child processes. */
export function findChromium(): string | undefined {
  const remembered = process.env.FREEHOLD_TEST_CHROMIUM;
  if (remembered) return remembered;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = [
    chromium.executablePath(),
    ...namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  const found = candidates.find(starts);
  if (found) process.env.FREEHOLD_TEST_CHROMIUM = found;
  return found;
}

/** The path of a Chromium that starts, installed if need be. */
export function getChromium(): string {
  const attempts = [playwrightDownload, playwrightDependencies, debianPackage];
  let found = findChromium();
  for (const attempt of attempts) {
    if (found) return found;
    attempt();
    found = findChromium();
  }
  if (found) return found;
  throw new Error(
    'The browser tests need Chromium and it could not be installed: install `chromium` or `google-chrome` ' +
      'by your package manager, or run `npx playwright install --with-deps chromium`, then run the tests again.',
  );
}

/** For a test that Playwright does not run. The set-up of the run has seen to it that there is one. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({ args: chromiumArguments, ...(executablePath ? { executablePath } : {}) });
}

// Ubuntu's chromium-browser may be a stub that only says where the snap is: a browser counts once it answers.
function starts(path: string): boolean {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 120_000 });
  return status === 0 && /chrom/i.test(stdout);
}

function playwrightDownload(): void {
  run([process.execPath, playwrightCommand, 'install', 'chromium']);
}

function playwrightDependencies(): void {
  if (!existsSync(chromium.executablePath()) || !mayInstall()) return;
  run([process.execPath, playwrightCommand, 'install-deps', 'chromium']);
}

function debianPackage(): void {
  if (!mayInstall()) return;
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const command = isRoot() ? apt : ['sudo', '-n', ...apt];
  run([...command, 'update', '-q']);
  run([...command, 'install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-liberation']);
}

const isRoot = () => process.getuid?.() === 0;
const mayInstall = () => isRoot() || spawnSync('sudo', ['-n', 'true']).status === 0;

function run([command = '', ...parameters]: string[]): void {
  console.log(`Chromium is missing: ${[command, ...parameters].join(' ')}`);
  spawnSync(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 600_000 });
}
