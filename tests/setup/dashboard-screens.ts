// Every screen of the dashboard, and a tenant in which each of them has something to show.
import { type Dashboard, expect } from './dashboard-test.ts';
import { ada, audience, confidential, getTokens } from './flow.ts';
import { type ApiBody, type ManagementApi, managementApi } from './management.ts';
import type { Freehold } from './server.ts';

/** What each is called, and its address below /dashboard. `{user}` and the like stand for the ids of what is there. */
export const screens: Readonly<Record<string, string>> = {
  home: '/',
  applications: '/applications',
  'applications-create': '/applications?create=true',
  'application-quick-start': '/applications/spa',
  'application-settings': '/applications/spa/settings',
  'application-credentials': '/applications/{confidential}/credentials',
  'application-apis': '/applications/{confidential}/apis',
  'application-connections': '/applications/spa/connections',
  'application-organizations': '/applications/{confidential}/organizations',
  apis: '/apis',
  'apis-create': '/apis?create=true',
  'api-quick-start': '/apis/{api}',
  'api-settings': '/apis/{api}/settings',
  'api-permissions': '/apis/{api}/permissions',
  'api-access': '/apis/{api}/access',
  'api-test': '/apis/{api}/test',
  users: '/users',
  'users-create': '/users?create=true',
  user: '/users/{user}',
  'user-sessions': '/users/{user}/sessions',
  'user-applications': '/users/{user}/applications',
  'user-roles': '/users/{user}/roles',
  'user-permissions': '/users/{user}/permissions',
  'user-organizations': '/users/{user}/organizations',
  'user-history': '/users/{user}/history',
  'user-json': '/users/{user}/json',
  roles: '/roles',
  'roles-create': '/roles?create=true',
  role: '/roles/{role}',
  'role-permissions': '/roles/{role}/permissions',
  'role-users': '/roles/{role}/users',
  organizations: '/organizations',
  'organizations-create': '/organizations?create=true',
  organization: '/organizations/{organization}',
  'organization-members': '/organizations/{organization}/members',
  'organization-invitations': '/organizations/{organization}/invitations',
  'organization-connections': '/organizations/{organization}/connections',
  connections: '/connections',
  'connections-create': '/connections?create=true',
  connection: '/connections/{connection}',
  'connection-applications': '/connections/{connection}/applications',
  'connection-json': '/connections/{connection}/json',
  branding: '/branding',
  'attack-protection': '/attack-protection',
  'attack-protection-addresses': '/attack-protection/addresses',
  try: '/try',
  logs: '/logs',
  'log-entry': '/logs/{log}',
  'settings-general': '/settings',
  'settings-sessions': '/settings/sessions',
  'settings-advanced': '/settings/advanced',
  'settings-keys': '/settings/keys',
  'settings-administrators': '/settings/administrators',
  'not-found': '/nowhere',
};

/** Where the screens are, without their tabs. */
const places = [
  '/',
  '/applications',
  '/applications/{confidential}',
  '/applications/spa',
  '/apis',
  '/apis/{api}',
  '/users',
  '/users/{user}',
  '/roles',
  '/roles/{role}',
  '/organizations',
  '/organizations/{organization}',
  '/connections',
  '/connections/{connection}',
  '/branding',
  '/attack-protection',
  '/try',
  '/logs',
  '/logs/{log}',
  '/settings',
];

/** The addresses of every screen, without its tabs. */
export function placesWith(ids: ScreenIds): string[] {
  return places.map((place) => addressOf(place, ids));
}

/** Goes to these screens and to each of their tabs, and looks when all is there. */
export async function walk(
  { page, goTo, settle }: Dashboard,
  addresses: readonly string[],
  look: (where: string) => Promise<void>,
): Promise<void> {
  for (const address of addresses) {
    // No screen is left for one of the same kind, which might look like it.
    await goTo('/nowhere');
    await goTo(address);
    await settle();
    const tabs = await page.locator('#content').getByRole('tab').all();
    if (tabs.length === 0) await look(address);
    for (const tab of tabs) {
      await tab.click();
      await expect(tab).toHaveAttribute('aria-selected', 'true');
      await settle();
      await look(`${address}, ${await tab.innerText()}`);
    }
  }
}

/** What the placeholders of addresses stand for. */
export type ScreenIds = Readonly<Record<string, string>>;

export function addressOf(path: string, ids: ScreenIds): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`Nothing is furnished for {${name}}`);
    return encodeURIComponent(id);
  });
}

/** One of each, with what hangs on it: made by the API, as a person with the dashboard would. */
export async function furnish(freehold: Freehold): Promise<ScreenIds> {
  const api = await managementApi(freehold);
  const made = async (path: string, body: unknown) => String((await posted(api, path, body)).id);
  const role = await made('/roles', { name: 'Packer', description: 'Packs what was ordered' });
  const organization = await made('/organizations', { name: 'north-wind', display_name: 'North Wind' });
  const connection = String((await api.get('/connections?strategy=auth0')).body[0]?.id);
  const permissions = [{ resource_server_identifier: audience, permission_name: 'read:orders' }];
  await api.patch(`/clients/${confidential.client_id}`, {
    organization_usage: 'allow',
    initiate_login_uri: 'https://app.example/login',
  });
  await made('/client-grants', { client_id: confidential.client_id, audience, scope: ['read:orders'] });
  for (const [path, body] of [
    [`/roles/${role}/permissions`, { permissions }],
    [`/roles/${role}/users`, { users: [ada] }],
    [`/users/${ada}/permissions`, { permissions }],
    [`/organizations/${organization}/members`, { members: [ada] }],
    [`/organizations/${organization}/members/${ada}/roles`, { roles: [role] }],
    [`/organizations/${organization}/enabled_connections`, { connection_id: connection }],
    [
      `/organizations/${organization}/invitations`,
      {
        inviter: { name: 'Ada Lovelace' },
        invitee: { email: 'grace@example.com' },
        client_id: confidential.client_id,
        send_invitation_email: false,
      },
    ],
  ] as const) {
    await posted(api, path, body);
  }
  await getTokens(freehold, { authorize: { scope: 'openid offline_access', audience } });
  return {
    user: ada,
    confidential: confidential.client_id,
    api: String((await api.get(`/resource-servers/${encodeURIComponent(audience)}`)).body.id),
    role,
    organization,
    connection,
    log: String((await api.get('/logs?q=type:s&per_page=1')).body[0]?.log_id),
  };
}

export async function posted(api: ManagementApi, path: string, body: unknown): Promise<ApiBody> {
  const answer = await api.post(path, body);
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.text}`);
  return answer.body;
}
