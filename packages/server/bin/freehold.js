#!/usr/bin/env node
// The `freehold` command: makes sure of Node and of what is built, then becomes the server, or the program that logs in
// (examples/native). Plain JavaScript that any Node in use parses, and knows nothing of what they do with arguments.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const given = process.argv.slice(2);
const [program, programArguments] =
  given[0] === 'login' ? ['login.js', given.slice(1)] : ['server.js', given];
const path = fileURLToPath(new URL(`../dist/${program}`, import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 7)) {
  refuse(
    `Freehold needs Node 24.7 or newer and this is ${process.version}: install it from https://nodejs.org.`,
  );
}
if (!existsSync(path)) {
  refuse(
    'Freehold is not built yet: run `npm run build` in its repository, or `npm start`, which does so itself.',
  );
}

// What is as large as this goes back to the system as soon as it is freed. V8 parses the program in blocks of 32 KiB,
// which would leave a hole in the heap; and without a fixed threshold glibc raises it at the first freed Argon2 block.
// Each arena keeps what its threads freed: two are enough.
const environment = { MALLOC_MMAP_THRESHOLD_: '32768', MALLOC_ARENA_MAX: '2', ...process.env };
const parameters = ['--disable-warning=ExperimentalWarning', path, ...programArguments];

if (process.platform !== 'win32' && process.execve) {
  // The same process goes on as the server: signals and the exit code need no forwarding.
  process.execve(process.execPath, [process.execPath, ...parameters], environment);
} else {
  const child = spawn(process.execPath, parameters, { stdio: 'inherit', env: environment });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGINT', () => child.kill('SIGINT'));
  child.on('exit', (code, signal) =>
    process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1)),
  );
}

/** @param {string} sentence */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
