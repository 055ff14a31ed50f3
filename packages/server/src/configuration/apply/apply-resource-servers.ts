// Applying the tenant file's resource servers, and what gives their scopes: client grants and roles.
import type { ResourceServer } from '../../model/resource-server.ts';
import type { Random } from '../../runtime/random.ts';
import { type ClientGrantSettings, granteeProblem, unknownScopes } from '../client-grants.ts';
import { type Path, suggestion } from '../findings.ts';
import type { ConfigurationStores } from '../ports.ts';
import type { TenantFile } from '../tenant-file.ts';
import type { ClientNames } from './apply-clients.ts';
import { type Applying, changed } from './applying.ts';

export async function applyResourceServers(file: TenantFile, applying: Applying): Promise<void> {
  const { stores, findings, random, now } = applying;
  const clients = await stores.clients.list();
  for (const { settings, path, signing_secret } of file.resourceServers) {
    // AT-16.
    if (clients.some(({ client_id }) => client_id === settings.identifier)) {
      findings.problem([...path, 'identifier'], 'is the client_id of a client: choose another');
    }
    const stored = await stores.resourceServers.find(settings.identifier);
    if (stored?.is_system) {
      findings.problem([...path, 'identifier'], "is one of the server's own: leave it out");
      continue;
    }
    const wanted = { ...settings, id: stored?.id ?? random.hex(12), is_system: false };
    const resourceServer = changed(stored, wanted, now);
    if (resourceServer !== undefined) await stores.resourceServers.upsert(resourceServer);
    await ensureSigningSecret(wanted, signing_secret, stores, applying);
  }
  for (const { settings, path } of file.clients) {
    const { resource_server_identifier: identifier } = settings;
    if (identifier === null || (await stores.resourceServers.find(identifier)) !== undefined) continue;
    const named = JSON.stringify(identifier);
    const at = [...path, 'resource_server_identifier'];
    findings.problem(at, `names no resource server: add ${named} to resourceServers`);
  }
}

/** Characters. */
const signingSecretLength = 64;

/** SG-2: an API whose tokens are signed by HS256 has a secret, given or made. */
export async function ensureSigningSecret(
  { id, identifier, signing_alg }: Pick<ResourceServer, 'id' | 'identifier' | 'signing_alg'>,
  given: string | undefined,
  { resourceServers }: Pick<ConfigurationStores, 'resourceServers'>,
  { random }: { random: Random },
): Promise<void> {
  if (signing_alg !== 'HS256') return;
  const stored = await resourceServers.findSigningSecret(identifier);
  const wanted = given ?? stored ?? random.alphanumeric(signingSecretLength);
  if (wanted !== stored) await resourceServers.setSigningSecret(id, wanted);
}

export async function applyClientGrants(
  file: TenantFile,
  names: ClientNames,
  applying: Applying,
): Promise<void> {
  const { stores, random } = applying;
  const seen = new Set<string>();
  for (const { client, settings, path } of file.clientGrants) {
    const client_id = client && names.find(client);
    await judgeScopes(settings.audience, settings.scope, [...path, 'audience'], [...path, 'scope'], applying);
    if (client !== undefined && client_id === undefined) continue;
    await judgeGrantee(client_id, settings, path, applying);
    const key = JSON.stringify([client_id, settings.audience, settings.subject_type]);
    if (seen.has(key)) applying.findings.problem(path, 'repeats a client grant: write all its scopes in one');
    seen.add(key);
    const { audience, subject_type } = settings;
    if (client_id === undefined) {
      const stored = await stores.clientGrants.findDefault(audience, subject_type);
      const id = stored?.id ?? random.id('cgr');
      await stores.clientGrants.upsertDefault({ ...settings, default_for: 'third_party_clients', id });
    } else {
      const stored = await stores.clientGrants.find(client_id, audience, subject_type);
      await stores.clientGrants.upsert({ ...settings, client_id, id: stored?.id ?? random.id('cgr') });
    }
  }
}

async function judgeGrantee(
  client_id: string | undefined,
  settings: ClientGrantSettings,
  path: Path,
  { stores, findings }: Applying,
): Promise<void> {
  const resourceServer = await stores.resourceServers.find(settings.audience);
  const client = client_id === undefined ? undefined : await stores.clients.find(client_id);
  const problem = resourceServer && granteeProblem(settings, resourceServer, client);
  if (problem !== undefined) findings.problem(path, problem);
}

export async function applyRoles(file: TenantFile, applying: Applying): Promise<void> {
  const { stores, random } = applying;
  for (const { settings, path } of file.roles) {
    const permissions: typeof settings.permissions = [];
    for (const [index, permission] of settings.permissions.entries()) {
      const at = [...path, 'permissions', index];
      const { resource_server_identifier: identifier, permission_name } = permission;
      await judgeScopes(
        identifier,
        [permission_name],
        [...at, 'resource_server_identifier'],
        [...at, 'permission_name'],
        applying,
      );
      permissions.push(permission);
    }
    const stored = await stores.roles.findByName(settings.name);
    await stores.roles.upsert({ ...settings, permissions, id: stored?.id ?? random.id('rol') });
  }
}

async function judgeScopes(
  identifier: string,
  scopes: string[],
  identifierPath: Path,
  scopePath: Path,
  { stores, findings }: Applying,
): Promise<void> {
  const resourceServer = await stores.resourceServers.find(identifier);
  if (resourceServer === undefined) {
    findings.problem(
      identifierPath,
      `names no resource server: add ${JSON.stringify(identifier)} to resourceServers`,
    );
    return;
  }
  const known = resourceServer.scopes.map(({ value }) => value);
  for (const scope of unknownScopes(scopes, resourceServer)) {
    findings.problem(
      scopePath,
      `names ${JSON.stringify(scope)}, which ${identifier} does not have: add it to its scopes${suggestion(scope, known)}`,
    );
  }
}
