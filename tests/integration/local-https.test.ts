// `freehold start --https`, as programs meet it that trust the authority of its data folder and no other.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, newPkce, sampleTenant, users } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { startProcess } from '../setup/process.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

/** Over TLS, verified against the authority alone, at a name that no resolver has to know. */
function get(freehold: Freehold, authority: string, path: string): Promise<IncomingMessage> {
  const { hostname: servername, host } = new URL(freehold.issuer);
  const ca = readFileSync(join(freehold.folder, 'https', `${authority}-authority.crt`));
  const options = { host: '127.0.0.1', port: freehold.port, path, ca, servername, headers: { host } };
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      response.resume();
      resolve(response);
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['auth.localhost', 'localhost', undefined],
  ['login.acme.test', 'login.acme.test', 'max-age=31536000'],
])(
  'https on %s: a client that trusts the authority reaches it; HSTS where the host is nobody else’s',
  async (host, authority, hsts) => {
    const port = await findFreePort();
    const environment = { FREEHOLD_ISSUER: `https://${host}:${port}/` };
    const freehold = await startFreehold({
      port,
      environment,
      flags: ['--https'],
      tenant: sampleTenant(),
      users,
    });
    try {
      for (const path of ['/', '/u/login', '/.well-known/openid-configuration', '/nowhere', '/%']) {
        const { headers } = await get(freehold, authority, path);
        expect(headers['strict-transport-security'], path).toBe(hsts);
      }
      const { pathname, search } = authorizationUrl(freehold, newPkce());
      const { headers, statusCode } = await get(freehold, authority, `${pathname}${search}`);
      expect([statusCode, headers.location]).toEqual([302, expect.stringContaining('/u/login?state=')]);
      expect(headers['set-cookie']?.join()).toContain('__Host-freehold_browser=');
    } finally {
      await freehold.stop();
    }
  },
);

test('what is printed at the start is what a Node program needs, and without it the server is not trusted', async () => {
  const port = await findFreePort();
  const freehold = await startProcess({ port, flags: ['--https'] });
  try {
    expect(freehold.issuer).toBe(`https://localhost:${port}/`);
    const [, NODE_EXTRA_CA_CERTS] = /export NODE_EXTRA_CA_CERTS='(.+)'/.exec(freehold.output()) ?? [];
    const program = `
      const answer = await fetch('${freehold.issuer}.well-known/openid-configuration').catch(({ cause }) => cause);
      process.stdout.write(answer.code ?? (await answer.json()).issuer);`;
    const run = async (environment: Record<string, string | undefined>) =>
      (
        await promisify(execFile)(process.execPath, ['--eval', program, '--input-type=module'], {
          env: environment,
        })
      ).stdout;
    expect(await run({ NODE_EXTRA_CA_CERTS })).toBe(freehold.issuer);
    expect(await run({})).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  } finally {
    await freehold.stop();
  }
});

test('an http request to the https port is no answer of ours', async () => {
  const freehold = await startFreehold({ flags: ['--https'] });
  try {
    await expect(new Agent(freehold.issuer).send('/')).rejects.toThrow();
  } finally {
    await freehold.stop();
  }
});
