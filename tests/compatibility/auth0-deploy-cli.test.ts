// Auth0's Deploy CLI, as its users run it: a process that exports a tenant to files, and imports files into a tenant.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { managementScopes } from '../../packages/server/src/model/management-scopes.ts';
import { audience, confidential, orders, spa, webSecret } from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';
import { findFreePort } from '../setup/ports.ts';

const command = createRequire(import.meta.url).resolve('auth0-deploy-cli');

const deployer = {
  ...confidential,
  name: 'Deploy CLI',
  client_id: 'deploy-cli',
  app_type: 'non_interactive',
  grant_types: ['client_credentials'],
};

/** With the client that the CLI is, which may do everything; `more` beside it. */
async function start(
  more: Record<string, unknown> = {},
  grants: Record<string, unknown>[] = [],
): Promise<HttpsFreehold> {
  const port = await findFreePort();
  const system = `https://localhost:${port}/api/v2/`;
  const ofDeployer = { client_id: deployer.client_id, audience: system, scope: managementScopes };
  const tenant = {
    clients: [deployer],
    clientGrants: [ofDeployer, ...grants],
    ...more,
  };
  return startHttpsFreehold({ port, tenant });
}

/** Runs the CLI to its end; what it said where it failed. */
async function deployCli({ domain, folder }: HttpsFreehold, ...parameters: string[]): Promise<void> {
  const child = spawn(process.execPath, [command, ...parameters, '--env', 'true'], {
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: join(folder, 'https/localhost-authority.crt'),
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: deployer.client_id,
      AUTH0_CLIENT_SECRET: webSecret,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${parameters.join(' ')} ended with ${code}:\n${said}`);
}

/** What Auth0's own tenants have most: all that the CLI exports of what is served. */
const whole = {
  tenant: { friendly_name: 'Acme', support_email: 'support@acme.example', session_lifetime: 24 },
  clients: [deployer, confidential, spa],
  resourceServers: [orders],
  databases: [
    {
      name: defaultDatabaseName,
      strategy: 'auth0',
      enabled_clients: [spa.client_id, confidential.client_id],
      // The CLI says this of every database that it imports.
      options: { passwordPolicy: 'good', disable_self_service_change_password: false },
    },
  ],
  roles: [
    {
      name: 'Clerk',
      description: 'Reads orders',
      permissions: [{ resource_server_identifier: audience, permission_name: 'read:orders' }],
    },
  ],
  organizations: [
    {
      name: 'acme',
      display_name: 'Acme Inc.',
      connections: [{ name: defaultDatabaseName, assign_membership_on_login: true }],
    },
  ],
};
const grantOfWeb = { client_id: confidential.client_id, audience, scope: ['read:orders'] };

let freehold: HttpsFreehold;
let files: string;
beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'freehold-deploy-'));
  freehold = await start(whole, [grantOfWeb]);
});
afterAll(async () => {
  await freehold.stop();
  await rm(files, { recursive: true, force: true });
});

async function exportTo(server: HttpsFreehold, name: string): Promise<Record<string, unknown>> {
  const folder = join(files, name);
  await deployCli(server, 'export', '--format', 'yaml', '--output_folder', folder);
  return parse(await readFile(join(folder, 'tenant.yaml'), 'utf8')) as Record<string, unknown>;
}

/** Milliseconds, beyond what a busy machine needs: the CLI compiles its schemas for seconds, each time. */
const timeout = 900_000;

describe('auth0-deploy-cli', () => {
  let first: Record<string, unknown>;

  test('exports a tenant', { timeout }, async () => {
    first = await exportTo(freehold, 'first');
    const named = (list: unknown) => (list as { name: string }[]).map(({ name }) => name);
    expect(named(first.clients)).toEqual(expect.arrayContaining([spa.name, confidential.name]));
    expect(first.resourceServers).toEqual([expect.objectContaining({ identifier: audience })]);
    expect(first.clientGrants).toEqual([expect.objectContaining({ client_id: confidential.name, audience })]);
    expect(named(first.databases)).toEqual([defaultDatabaseName]);
    expect(named(first.roles)).toEqual(['Clerk']);
    expect(named(first.organizations)).toEqual(['acme']);
    expect(first.tenant).toMatchObject({ friendly_name: 'Acme', session_lifetime: 24 });
  });

  test('imports it into an empty tenant, and again without a change: its export is the first', {
    timeout,
  }, async () => {
    const empty = await start();
    const input = ['import', '--input_file', join(files, 'first', 'tenant.yaml')];
    await deployCli(empty, ...input);
    await deployCli(empty, ...input);
    expect(await exportTo(empty, 'second')).toEqual(first);
    const refused = (await empty.logEntries()).filter(({ type }) => type === 'fapi');
    expect(refused.map(({ description }) => description)).toEqual([]);
    await empty.stop();
  });
});
