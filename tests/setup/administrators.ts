// People with an administrative role, as the dashboard signs them in: a client that may have the whole Management API
// for its users, and a token of one of them.
import { managementScopes } from '../../packages/server/src/model/management-scopes.ts';
import { systemAudience } from '../../packages/server/src/model/resource-server.ts';
import { getTokens, spa } from './flow.ts';
import { apiWith, type ManagementApi } from './management.ts';
import type { Freehold } from './server.ts';

/** The SPA of the sample tenant becomes such a client. */
export async function grantSystemApi({ composed, issuer }: Freehold): Promise<void> {
  await composed.unitOfWork.transaction(({ clientGrants }) =>
    clientGrants.upsert({
      id: 'cgr_of_the_dashboard',
      client_id: spa.client_id,
      audience: systemAudience(issuer),
      scope: [...managementScopes],
      subject_type: 'user',
      allow_all_scopes: false,
      organization_usage: null,
      allow_any_organization: null,
      unused: {},
    }),
  );
}

export async function giveRole(freehold: Freehold, user_id: string, name: string): Promise<void> {
  await freehold.composed.unitOfWork.transaction(async ({ roles, users }) => {
    const role = await roles.findSystem(name);
    if (role === undefined) throw new Error(`No role ${name}`);
    await users.assignRole(user_id, role.id);
  });
}

/** Signs the user in who has this address, with the usual password. */
export async function apiOf(
  freehold: Freehold,
  username: string,
  scope: readonly string[] = managementScopes,
): Promise<ManagementApi> {
  const authorize = { audience: systemAudience(freehold.issuer), scope: ['openid', ...scope].join(' ') };
  const { tokens } = await getTokens(freehold, { username, authorize });
  return apiWith(freehold, tokens.access_token);
}
