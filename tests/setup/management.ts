// The Management API, as a script of the owner calls it: with the token of a client that may do everything, or less.
import { resolveClient } from '../../packages/server/src/configuration/clients/clients.ts';
import { tenantFileDefaults } from '../../packages/server/src/configuration/clients/defaults.ts';
import { Findings } from '../../packages/server/src/configuration/findings.ts';
import { managementScopes } from '../../packages/server/src/model/management-scopes.ts';
import { systemAudience } from '../../packages/server/src/model/resource-server.ts';
import { Agent, type Answer } from './agent.ts';
import type { Freehold } from './server.ts';

/** A body as a test reads it: each member that it asks for is there, or the test fails by what it expects. */
export type ApiBody = Record<string, unknown> & ArrayLike<Record<string, unknown>>;

export interface ApiAnswer extends Pick<Answer, 'status' | 'headers' | 'text'> {
  /** Parsed; an empty object where there was no content. */
  body: ApiBody;
}

export interface ManagementApi {
  token: string;
  get(path: string, headers?: Record<string, string>): Promise<ApiAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  delete(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
}

export const managementSecret = 'the-secret-of-a-client-that-manages-the-tenant-0123456789abcdef';

/** A client of its own, with a client grant of these scopes: all of them unless told. */
export async function managementApi(
  freehold: Freehold,
  scope: readonly string[] = managementScopes,
  client_id = 'manager',
): Promise<ManagementApi> {
  await addManagementClient(freehold, client_id, scope);
  const answer = await new Agent(freehold.issuer, freehold.port).postForm('/oauth/token', {
    grant_type: 'client_credentials',
    client_id,
    client_secret: managementSecret,
    audience: systemAudience(freehold.issuer),
  });
  if (answer.status !== 200) throw new Error(`No token for the Management API: ${answer.text}`);
  return apiWith(freehold, String(answer.json().access_token));
}

/** Whoever holds the token calls. */
export function apiWith({ issuer, port }: Pick<Freehold, 'issuer' | 'port'>, token: string): ManagementApi {
  const agent = new Agent(issuer, port);
  const call =
    (method: string) =>
    async (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> => {
      const answer = await agent.send(`/api/v2${path}`, {
        method,
        headers: {
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const { status, text } = answer;
      return { status, headers: answer.headers, text, body: (text === '' ? {} : answer.json()) as ApiBody };
    };
  return {
    token,
    get: (path, headers) => call('GET')(path, undefined, headers),
    post: call('POST'),
    patch: call('PATCH'),
    put: call('PUT'),
    delete: call('DELETE'),
  };
}

async function addManagementClient(
  { composed, clock, issuer }: Freehold,
  client_id: string,
  scope: readonly string[],
): Promise<void> {
  const findings = new Findings('test');
  const entry = {
    name: client_id,
    app_type: 'non_interactive' as const,
    client_secret: managementSecret,
    grant_types: ['client_credentials'],
  };
  const configured = resolveClient(entry, [], findings, tenantFileDefaults);
  findings.throwIfAny();
  const now = clock.now();
  await composed.unitOfWork.transaction(async ({ clients, clientGrants }) => {
    await clients.upsert({
      ...configured.settings,
      client_id,
      global: false,
      is_system: false,
      created_at: now,
      updated_at: now,
    });
    await clients.setSecret(client_id, managementSecret);
    await clientGrants.upsert({
      id: `cgr_${client_id}`,
      client_id,
      audience: systemAudience(issuer),
      scope: [...scope],
      subject_type: 'client',
      allow_all_scopes: false,
      organization_usage: null,
      allow_any_organization: null,
      unused: {},
    });
  });
}
