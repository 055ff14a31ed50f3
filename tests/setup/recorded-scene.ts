// What must be there for a recorded interaction to be replayed: the things that it names, made anew by the API itself.
// Each recording has its own; what has been made is deleted after it.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { systemAudience } from '../../packages/server/src/model/resource-server.ts';
import {
  certificatePem,
  selfSignedCertificate,
} from '../../packages/server/src/runtime/cryptography/certificate.ts';
import { getTokens, password, spa } from './flow.ts';
import type { ApiAnswer, ManagementApi } from './management.ts';
import type { Freehold } from './server.ts';

type Members = Record<string, unknown>;

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = selfSignedCertificate({
  ...keys,
  commonName: 'recorded',
  serial: randomBytes(16),
  notBefore: 1_700_000_000,
  notAfter: 4_000_000_000,
});

/** One for each way of proving oneself without a secret. */
const credentials: Record<string, Members> = {
  private_key_jwt: {
    credential_type: 'public_key',
    pem: keys.publicKey.export({ type: 'spki', format: 'pem' }),
  },
  tls_client_auth: { credential_type: 'cert_subject_dn', subject_dn: 'CN=recorded' },
  self_signed_tls_client_auth: { credential_type: 'x509_cert', pem: certificatePem(certificate) },
};

export class Scene {
  readonly freehold: Freehold;
  readonly api: ManagementApi;
  readonly #undo: string[] = [];

  constructor(freehold: Freehold, api: ManagementApi) {
    this.freehold = freehold;
    this.api = api;
  }

  /** Deletes what was made, the last first. */
  async strike(): Promise<void> {
    for (const path of this.#undo.splice(0).reverse()) await this.api.delete(path);
  }

  /** Will be deleted. */
  note(path: string): void {
    this.#undo.push(path);
  }

  async make(collection: string, body: Members, id = 'id'): Promise<Members & Record<'id', string>> {
    const made = succeeded(await this.api.post(collection, body));
    const value = String(made.body[id]);
    this.note(`${collection}/${encodeURIComponent(value)}`);
    return { ...made.body, id: value };
  }

  async client(members: Members = {}): Promise<string> {
    return (await this.make('/clients', { name: 'Recorded', ...members }, 'client_id')).id;
  }

  /** Its credentials are named by their ids. */
  async clientWithCredentials(methods: readonly string[]): Promise<Members> {
    const given = methods.map((method) => [method, { credentials: [credentials[method]] }]);
    const client_id = await this.client({ client_authentication_methods: Object.fromEntries(given) });
    return succeeded(await this.api.get(`/clients/${client_id}`)).body;
  }

  async connection(members: Members = {}): Promise<string> {
    return (await this.make('/connections', { name: unique('connection'), strategy: 'auth0', ...members }))
      .id;
  }

  /** The identifier; that of the system API is ours. */
  async resourceServer(identifier: string, scopes: readonly string[] = []): Promise<string> {
    if (identifier.endsWith('/api/v2/')) return systemAudience(this.freehold.issuer);
    await this.make('/resource-servers', { identifier, scopes: scopes.map((value) => ({ value })) });
    return identifier;
  }

  async grant(scope: readonly string[] = []): Promise<string> {
    const client_id = await this.client();
    const audience = await this.resourceServer(`https://${unique('api')}.example/`, scope);
    return (await this.make('/client-grants', { client_id, audience, scope: [] })).id;
  }

  async role(): Promise<string> {
    return (await this.make('/roles', { name: unique('role'), description: 'Recorded' })).id;
  }

  async organization(): Promise<string> {
    return (await this.make('/organizations', { name: unique('org'), display_name: 'Recorded' })).id;
  }

  async user(members: Members = {}): Promise<string> {
    const email = `${unique('user')}@example.com`;
    return (
      await this.make('/users', { connection: defaultDatabaseName, email, password, ...members }, 'user_id')
    ).id;
  }

  async member(organization: string): Promise<string> {
    const user_id = await this.user();
    succeeded(await this.api.post(`/organizations/${organization}/members`, { members: [user_id] }));
    return user_id;
  }

  async enabledConnection(organization: string): Promise<string> {
    const connection_id = await this.connection();
    succeeded(await this.api.post(`/organizations/${organization}/connections`, { connection_id }));
    return connection_id;
  }

  invitingClient(): Promise<string> {
    return this.client({ organization_usage: 'allow', initiate_login_uri: 'https://app.example/login' });
  }

  async invitation(organization: string): Promise<string> {
    const { id } = await this.make(`/organizations/${organization}/invitations`, {
      client_id: await this.invitingClient(),
      inviter: { name: 'Ada' },
      invitee: { email: 'guest@example.com' },
    });
    return id;
  }

  async authenticationMethod(user_id: string): Promise<string> {
    const path = `/users/${encodeURIComponent(user_id)}/authentication-methods`;
    const made = await this.api.post(path, { type: 'email', name: 'Mail', email: 'second@example.com' });
    return String(succeeded(made).body.id);
  }

  /** The id of somebody who has logged in, with a refresh token. */
  async loggedIn(): Promise<string> {
    const email = `${unique('person')}@example.com`;
    const user_id = await this.user({ email });
    const authorize = { client_id: spa.client_id, scope: 'openid offline_access' };
    await getTokens(this.freehold, { username: email, authorize });
    return user_id;
  }

  async sessionOf(user_id: string): Promise<string> {
    const { body } = succeeded(await this.api.get(`/users/${encodeURIComponent(user_id)}/sessions`));
    return String(firstOf(body.sessions).id);
  }

  async refreshTokenOf(user_id: string): Promise<string> {
    const { body } = succeeded(await this.api.get(`/users/${encodeURIComponent(user_id)}/refresh-tokens`));
    return String(firstOf(body.tokens).id);
  }
}

export const unique = (kind: string): string => `${kind}-${randomBytes(6).toString('hex')}`;

export function firstOf(list: unknown): Members {
  if (!Array.isArray(list) || list.length === 0) throw new Error('There is none');
  return list[0] as Members;
}

export function succeeded(answer: ApiAnswer): ApiAnswer {
  if (answer.status >= 300) throw new Error(`The scene could not be set: ${answer.status} ${answer.text}`);
  return answer;
}
