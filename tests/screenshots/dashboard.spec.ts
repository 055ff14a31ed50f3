// `npm run screenshots`: a picture of every screen of the dashboard, light on a desktop and dark on a phone, in
// .build/screenshots, for a person to look at. The tenant is the tests' sample.
import { join } from 'node:path';
import { expect, test } from '../setup/dashboard-test.ts';
import { getCode } from '../setup/flow.ts';
import type { Freehold } from '../setup/server.ts';

const folder = join(import.meta.dirname, '../../.build/screenshots');

/** What each is called, and where it is. `{user}` and the like stand for the ids of what is there. */
const screens: Readonly<Record<string, string>> = {
  home: '/',
  applications: '/applications',
  'applications-create': '/applications?create=true',
  'application-quick-start': '/applications/spa',
  'application-settings': '/applications/spa/settings',
  'application-credentials': '/applications/{confidential}/credentials',
  'application-apis': '/applications/{confidential}/apis',
  'application-connections': '/applications/spa/connections',
  'application-organizations': '/applications/spa/organizations',
  apis: '/apis',
  'api-quick-start': '/apis/{api}',
  'api-settings': '/apis/{api}/settings',
  'api-permissions': '/apis/{api}/permissions',
  'api-access': '/apis/{api}/access',
  'api-test': '/apis/{api}/test',
  users: '/users',
  'users-create': '/users?create=true',
  'users-import': '/users/import-export',
  'users-export': '/users/import-export/export',
  user: '/users/{user}',
  roles: '/roles',
  role: '/roles/{role}',
  organizations: '/organizations',
  connections: '/connections',
  connection: '/connections/{connection}',
  branding: '/branding',
  'attack-protection': '/attack-protection',
  try: '/try',
  logs: '/logs',
  'settings-general': '/settings',
  'settings-sessions': '/settings/sessions',
  'settings-advanced': '/settings/advanced',
  'settings-keys': '/settings/keys',
  'settings-administrators': '/settings/administrators',
  'not-found': '/nowhere',
};

async function idsOf({ stores, issuer }: Freehold): Promise<Record<string, string>> {
  const [connection] = await stores.connections.list();
  const ada = await stores.users.findByIdentifier(connection?.id ?? '', 'ada@example.com');
  const clients = await stores.clients.list();
  return {
    user: ada?.user.user_id ?? '',
    confidential: clients.find(({ app_type }) => app_type === 'regular_web')?.client_id ?? '',
    api: (await stores.resourceServers.find('https://orders.example/'))?.id ?? `${issuer}api/v2/`,
    role: (await stores.roles.findByName('viewer'))?.id ?? '',
    connection: connection?.id ?? '',
  };
}

function filledIn(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''));
}

for (const [name, path] of Object.entries(screens)) {
  test(name, async ({ page, dashboard, freehold }, { project }) => {
    await getCode(freehold, { username: 'ada@example.com' });
    await dashboard.open(filledIn(path, await idsOf(freehold)));
    await page.waitForLoadState('networkidle');
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
    await page.screenshot({ path: join(folder, `${project.name}-${name}.png`), fullPage: true });
  });
}
