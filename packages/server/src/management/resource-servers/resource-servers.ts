// /resource-servers: the APIs of the tenant (contract §3.3). `{id}` is the id or the identifier.
import { z } from 'zod';
import { ensureSigningSecret } from '../../configuration/apply/apply-resource-servers.ts';
import {
  type ResourceServerEntry,
  resolveResourceServer,
  resourceServerEntry,
} from '../../configuration/resource-servers.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import { assertFreshLogin } from '../authorization.ts';
import { ManagementError } from '../errors.ts';
import { judged } from '../judgement.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Asking, maySeeSecrets, recordRevealed } from '../revealing.ts';
import { route } from '../route.ts';
import { queryList } from '../wire.ts';
import {
  changedResourceServerBody,
  newResourceServerBody,
  resourceServerAnswer,
  type ToldResourceServer,
  tellResourceServer,
} from './wire.ts';

/** As recorded: in seconds. */
const apiDefaults = { token_lifetime_for_web: 7200 };

const params = z.strictObject({ id: z.string().min(1).max(600) });
const resourceServers = paginated('resource_servers', resourceServerAnswer, {
  filters: { identifiers: queryList(z.string().min(1).max(600)).optional() },
});

export const listResourceServers = route({
  method: 'GET',
  path: '/resource-servers',
  summary: 'Get resource servers',
  scopes: ['read:resource_servers'],
  ...resourceServers.route,
  fields: true,
  async answer({ query, ...asking }, stores, ports) {
    return resourceServers.answer(query, async (page) => {
      const { items, ...rest } = await stores.resourceServers.list(query.identifiers ?? [], page);
      return { ...rest, items: await told(items, asking, stores, ports) };
    });
  },
});

export const createResourceServer = route({
  method: 'POST',
  path: '/resource-servers',
  summary: 'Create a resource server',
  scopes: ['create:resource_servers'],
  body: newResourceServerBody,
  status: 201,
  response: resourceServerAnswer,
  async answer({ body, ...asking }, stores, ports) {
    // Two that take an identifier at once would both find it free.
    await stores.tenant.lock();
    await assertFree(body.identifier, stores, ports);
    const settings = await judged((findings) => resolveResourceServer(body, [], findings, apiDefaults));
    const now = ports.clock.now();
    const id = ports.random.hex(12);
    const made = { ...settings, id, is_system: false, created_at: now, updated_at: now };
    await put(made, body.signing_secret, stores, ports);
    return tellOne(made, asking, stores, ports);
  },
});

export const getResourceServer = route({
  method: 'GET',
  path: '/resource-servers/{id}',
  summary: 'Get a resource server',
  scopes: ['read:resource_servers'],
  params,
  status: 200,
  response: resourceServerAnswer,
  fields: true,
  async answer({ params: { id }, ...asking }, stores, ports) {
    const found = await find(id, stores);
    if (found === undefined) throw inexistent();
    return tellOne(found, asking, stores, ports);
  },
});

export const updateResourceServer = route({
  method: 'PATCH',
  path: '/resource-servers/{id}',
  summary: 'Update a resource server',
  scopes: ['update:resource_servers'],
  params,
  body: changedResourceServerBody,
  status: 200,
  response: resourceServerAnswer,
  async answer({ params: { id }, body, ...asking }, stores, ports) {
    await stores.tenant.lock();
    const stored = await find(id, stores);
    if (stored === undefined) throw inexistent();
    if (stored.is_system) throw systemRefusal('patched');
    const entry: ResourceServerEntry = { ...resourceServerEntry(stored), ...body };
    const settings = await judged((findings) => resolveResourceServer(entry, [], findings, apiDefaults));
    const changesKey = body.signing_secret !== undefined || stored.signing_alg !== settings.signing_alg;
    if (changesKey) assertFreshLogin(asking.caller, ports);
    const changed = { ...stored, ...settings, updated_at: ports.clock.now() };
    await put(changed, body.signing_secret, stores, ports);
    const left = new Set(settings.scopes.map(({ value }) => value));
    const gone = stored.scopes.map(({ value }) => value).filter((value) => !left.has(value));
    await stores.resourceServers.forgetScopes(stored.identifier, gone);
    return tellOne(changed, asking, stores, ports);
  },
});

/** What is there no more was deleted already: the answer is the same. */
export const deleteResourceServer = route({
  method: 'DELETE',
  path: '/resource-servers/{id}',
  summary: 'Delete a resource server',
  scopes: ['delete:resource_servers'],
  params,
  status: 204,
  response: z.null(),
  async answer({ params: { id } }, stores) {
    await stores.tenant.lock();
    const stored = await find(id, stores);
    if (stored === undefined) return null;
    if (stored.is_system) throw systemRefusal('deleted');
    await stores.resourceServers.delete(stored);
    return null;
  },
});

async function find(
  id: string,
  { resourceServers }: Pick<ManagementStores, 'resourceServers'>,
): Promise<ResourceServer | undefined> {
  return (await resourceServers.findById(id)) ?? (await resourceServers.find(id));
}

/** Throws ManagementError 400, 409. */
async function assertFree(
  identifier: string,
  { resourceServers, clients }: ManagementStores,
  { issuer }: ManagementPorts,
): Promise<void> {
  if (reserved.some((path) => identifier === `${issuer}${path}`))
    throw new ManagementError(400, 'The selected identifier is reserved.', 'invalid_body');
  // AT-16: a token's audience tells an ID token from an access token.
  if ((await clients.find(identifier)) !== undefined)
    throw new ManagementError(400, 'The selected identifier is the id of a client.', 'invalid_body');
  if ((await resourceServers.find(identifier)) !== undefined)
    throw new ManagementError(409, 'A resource server with the same identifier already exists.', 'conflict');
}

/** What our own endpoints take as audience, below the issuer; and the issuer. */
const reserved = ['', 'userinfo', 'mfa/', 'me/', 'my-org/'];

async function put(
  resourceServer: ResourceServer,
  signing_secret: string | undefined,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  await stores.resourceServers.upsert(resourceServer);
  await ensureSigningSecret(resourceServer, signing_secret, stores, ports);
}

/** Whoever writes one may know what its tokens are signed with. */
const secretScopes = ['update:resource_servers', 'create:resource_servers'];

async function told(
  items: readonly ResourceServer[],
  asking: Asking,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<ToldResourceServer[]> {
  const asked = { member: 'signing_secret', scopes: secretScopes };
  const tellsSecrets = maySeeSecrets(asking, asked, ports);
  const signed = items.filter(({ signing_alg }) => tellsSecrets && signing_alg === 'HS256');
  await recordRevealed('Reveal the signing secret of an API', signed, asking.caller, ports);
  const list: ToldResourceServer[] = [];
  for (const item of items) {
    const secret = signed.includes(item)
      ? await stores.resourceServers.findSigningSecret(item.identifier)
      : undefined;
    list.push(tellResourceServer(item, secret));
  }
  return list;
}

async function tellOne(
  resourceServer: ResourceServer,
  asking: Asking,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<ToldResourceServer> {
  const [one] = await told([resourceServer], asking, stores, ports);
  return one ?? tellResourceServer(resourceServer, undefined);
}

function inexistent(): ManagementError {
  return new ManagementError(404, 'The resource server does not exist', 'inexistent_resource_server');
}

function systemRefusal(done: 'patched' | 'deleted'): ManagementError {
  return new ManagementError(400, `System resource servers cannot be ${done}.`, 'operation_not_supported');
}
