// A native application (RFC 8252), and the command `freehold login`: logs somebody in by the browser, and prints the
// tokens with the claims of the verified ID token as JSON. Standard output has nothing else, so that it can be piped.

import { parseArgs } from 'node:util';
import { FreeholdClient, StateMismatch, type Tokens } from '@freehold/client';
import { openBrowser } from './browser.ts';
import { listenOnLoopback } from './loopback.ts';

const usage = `freehold login --issuer URL --client-id ID [--audience A] [--scope S] [--no-browser]
    logs somebody in by the browser, as the native application ID, and prints the tokens.
    Its Allowed Callback URLs need http://127.0.0.1/callback, which any port matches.
`;

interface Login {
  issuer: string;
  client_id: string;
  audience?: string;
  scope?: string;
  /** Leads the user to the login page. */
  show(url: URL): void;
}

async function logIn({ show, ...login }: Login): Promise<Tokens> {
  const loggedIn = Promise.withResolvers<Tokens>();
  const loopback = await listenOnLoopback('/callback', async (callback) => {
    try {
      loggedIn.resolve(await client.handleCallback(callback));
      return {
        status: 200,
        heading: 'You are logged in',
        text: 'Go back to the terminal: this page can be closed.',
      };
    } catch (error) {
      // Any page and any program on this machine can call here: only an answer to our own request ends the login.
      if (error instanceof StateMismatch)
        return { status: 400, heading: 'Nothing to see here', text: error.message };
      loggedIn.reject(error);
      return { status: 400, heading: 'You are not logged in', text: reasonOf(error) };
    }
  });
  const client = new FreeholdClient({ ...login, redirect_uri: loopback.url });
  try {
    show(await client.authorizationUrl());
    return await loggedIn.promise;
  } finally {
    await loopback.close();
  }
}

/** Throws TypeError for flags that do not exist, and returns undefined where one is missing. */
function parseLogin(flags: string[]): Login | undefined {
  const options = {
    issuer: { type: 'string' },
    'client-id': { type: 'string' },
    audience: { type: 'string' },
    scope: { type: 'string' },
    'no-browser': { type: 'boolean' },
  } as const;
  const {
    'client-id': client_id,
    'no-browser': printsOnly,
    issuer,
    ...parameters
  } = parseArgs({ args: flags, options }).values;
  if (issuer === undefined || client_id === undefined) return undefined;
  return {
    issuer,
    client_id,
    ...parameters,
    show(url) {
      process.stderr.write(`Log in here:\n\n  ${url.href}\n\n`);
      if (!printsOnly) openBrowser(url);
    },
  };
}

/** An error's words and those of its causes: of a failed request only the innermost says why. */
function reasonOf(error: unknown): string {
  const words = new Set<string>();
  for (let next = error; next !== undefined; next = next instanceof Error ? next.cause : undefined) {
    words.add(next instanceof Error ? next.message : String(next));
  }
  return [...words].join(': ');
}

try {
  const login = parseLogin(process.argv.slice(2));
  if (login === undefined) {
    process.stderr.write(usage);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${JSON.stringify(await logIn(login), null, 2)}\n`);
  }
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}
