import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  // `start` would be a command of the shell, which reads `&` in its own way.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * In the user's own browser: "native apps MUST NOT use embedded user-agents to perform authorization requests"
 * (RFC 8252 §8.12). Where there is none nothing happens.
 */
export function openBrowser({ protocol, href }: URL): void {
  // The address comes from the server: with another scheme it could start any program.
  if (protocol !== 'https:' && protocol !== 'http:') return;
  const [command, ...parameters] = openers[process.platform] ?? ['xdg-open'];
  spawn(command, [...parameters, href], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
}
