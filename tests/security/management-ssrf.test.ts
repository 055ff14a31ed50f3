// Mirrors ZITADEL CVE-2025-67494 and CVE-2026-27945, Keycloak CVE-2026-1180, Logto CVE-2026-56739 and Casdoor
// CVE-2026-108572: of every member of every body that holds an address, none makes the server ask this machine, its
// networks or its files for anything, when it is stored and when what was stored is used.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../packages/server/src/management/index.ts';
import type { Route } from '../../packages/server/src/management/route.ts';
import { Agent } from '../setup/agent.ts';
import {
  ada,
  audience,
  authorizationUrl,
  confidential,
  getTokens,
  newPkce,
  orders,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { operations, shapes } from '../setup/management-api.ts';
import { valueAt } from '../setup/schema-members.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { namesIn } from '../setup/shapes.ts';

let freehold: Freehold;
let api: ManagementApi;
let listener: Server;
let addresses: string[] = [];
let connections = 0;

beforeAll(async () => {
  listener = createServer((_request, response) => response.end('{}'));
  listener.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => listener.listen(0, resolve));
  const { port } = listener.address() as AddressInfo;
  addresses = [
    `http://127.0.0.1:${port}/inside`,
    `https://127.0.0.1:${port}/inside`,
    `https://localhost:${port}/inside`,
    `https://[::1]:${port}/inside`,
    `https://[::ffff:127.0.0.1]:${port}/inside`,
    `https://2130706433:${port}/inside`,
    `https://0177.0.0.1:${port}/inside`,
    `https://0:${port}/inside`,
    'https://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    `gopher://127.0.0.1:${port}/_GET`,
  ];
  const tenant = sampleTenant({ clients: [spa, confidential], resourceServers: [orders] });
  freehold = await startFreehold({ tenant, users });
  api = await managementApi(freehold);
});
afterAll(async () => {
  await freehold.stop();
  await new Promise((resolve) => listener.close(resolve));
});

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const holdsAddress = /ur[il]s?(?:\/0)?$|picture|logo|icon|callbacks\/0|origins\/0|endpoint$|host/i;

/** What must be there beside the address. */
const needed: Record<string, Record<string, unknown>> = {
  'POST /clients': { name: 'A client' },
  'POST /resource-servers': { identifier: 'https://new.example/' },
  'POST /organizations': { name: 'an-organization' },
  'POST /connections': { name: 'A-connection', strategy: 'oidc' },
  'POST /users': { connection: 'Username-Password-Authentication' },
  'POST /tickets/email-verification': { user_id: ada },
  'POST /tickets/password-change': { user_id: ada },
};

/** A path's braces, filled in with what there is. */
function filled({ path }: Route): string {
  const ids: Record<string, string> = { users: ada, clients: spa.client_id, 'resource-servers': audience };
  return path.replace(/\{\w+\}/g, encodeURIComponent(ids[path.split('/')[1] ?? ''] ?? 'unknown'));
}

const places = routes.flatMap((route) => {
  const { body } = operations[nameOf(route)] ?? {};
  if (body === undefined) return [];
  return [...namesIn(body, shapes)]
    .filter((name) => holdsAddress.test(name))
    .map((name): [string, Route, string] => [`${nameOf(route)} ${name}`, route, name]);
});

test.each(places)('%s', async (_name, route, place) => {
  const send = route.method.toLowerCase() as 'post' | 'patch' | 'put';
  for (const address of addresses) {
    const body = { ...needed[nameOf(route)], ...(valueAt(place.split('/'), address) as object) };
    const { status } = await api[send](filled(route), body).catch((error: unknown) => ({
      status: String(error),
    }));
    expect({ address, status }).toEqual({
      address,
      status: expect.toBeOneOf([200, 201, 204, 400, 404, 409]),
    });
  }
  expect(connections).toBe(0);
});

/** Kept for Auth0's tools and used by nothing; a path is as good there. */
const mayBePath = 'security_headers/x_xss_protection/report_uri';

test.each(places.filter(([, , place]) => place !== mayBePath))(
  'abuse §1: nor does a script stand as %s',
  async (_name, route, place) => {
    const send = route.method.toLowerCase() as 'post' | 'patch' | 'put';
    for (const script of [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'blob:https://a.example/x',
    ]) {
      const body = { ...needed[nameOf(route)], ...(valueAt(place.split('/'), script) as object) };
      const { status } = await api[send](filled(route), body);
      expect({ script, status }).toEqual({ script, status: expect.toBeOneOf([400, 404]) });
    }
  },
);

test('what was stored is used: pages, logins, logouts and the rest of a day ask nothing', async () => {
  const agent = new Agent(freehold.issuer);
  await agent.send(authorizationUrl(freehold, newPkce()));
  const client = { client_id: confidential.client_id };
  await getTokens(freehold, { agent, authorize: client, token: { ...client, client_secret: webSecret } });
  await agent.send('/v2/logout');
  freehold.clock.advance(86_400);
  await agent.send('/health');
  expect(connections).toBe(0);
});
