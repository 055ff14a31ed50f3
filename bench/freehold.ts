// Freehold as its users run it: the built server by its command, with SQLite on the disk of the temporary folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import {
  algorithms,
  audienceOf,
  clientIdOf,
  machine,
  managementAudience,
  password,
  people,
  redirect_uri,
} from './flow.ts';
import { type ServerProcess, startServer } from './processes.ts';

const command = fileURLToPath(new URL('../packages/server/bin/freehold.js', import.meta.url));

export class FreeholdInstallation {
  readonly issuer: string;
  readonly #folder: string;

  constructor(port: number) {
    this.issuer = `http://localhost:${port}/`;
    this.#folder = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
    const clients = algorithms.map((alg) => ({
      name: `Bench ${alg}`,
      client_id: clientIdOf(alg),
      app_type: 'spa',
      callbacks: [redirect_uri],
      jwt_configuration: { alg },
    }));
    const tenant = {
      clients: [
        ...clients,
        {
          ...machine,
          name: 'Bench machine',
          app_type: 'non_interactive',
          grant_types: ['client_credentials'],
        },
      ],
      resourceServers: algorithms.map((alg) => ({
        name: `Bench ${alg}`,
        identifier: audienceOf(alg),
        signing_alg: alg,
        scopes: [{ value: 'read:orders' }],
      })),
      clientGrants: [
        ...algorithms.map((alg) => ({
          client_id: machine.client_id,
          audience: audienceOf(alg),
          scope: ['read:orders'],
        })),
        {
          client_id: machine.client_id,
          audience: managementAudience,
          scope: ['read:users', 'update:users'],
        },
      ],
    };
    writeFileSync(this.#at('tenant.yaml'), stringify(tenant));
    writeFileSync(this.#at('users.json'), JSON.stringify(people.map((person) => ({ ...person, password }))));
  }

  /** With `importUsers` the users file is applied before it is ready. */
  start({ importUsers = false } = {}): Promise<ServerProcess> {
    const users = importUsers ? ['--users', this.#at('users.json')] : [];
    const port = new URL(this.issuer).port;
    return startServer({
      name: 'Freehold',
      parameters: [command, 'start', '--tenant', this.#at('tenant.yaml'), '--port', port, ...users],
      environment: { FREEHOLD_DATA_DIR: this.#at('data') },
      ready: 'Freehold is ready',
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}
