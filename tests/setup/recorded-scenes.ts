// For each operation with an `{id}`, or a body that names things: what the recording's names are replaced by.
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { spa } from './flow.ts';
import { firstOf, type Scene, succeeded } from './recorded-scene.ts';
import type { Recording } from './recordings.ts';

type Members = Record<string, unknown>;

interface Cast {
  params?: Record<string, string>;
  /** Members of the body that are replaced, or the whole of it. */
  body?: Members | unknown[];
  query?: Record<string, string>;
}

type SetUp = (scene: Scene, recording: Recording) => Promise<Cast>;

const id = async (made: Promise<string>): Promise<Cast> => ({ params: { id: await made } });
const membersOf = ({ request }: Recording) => (request ?? {}) as Members;
const responseOf = ({ response }: Recording) => (response ?? {}) as Members;

/** A connection of the strategy that the recorded one has. */
const connectionOf: SetUp = (scene, recording) => {
  const { strategy = 'auth0' } = responseOf(recording);
  return id(scene.connection({ strategy }));
};

const ofOrganization =
  (
    others: (scene: Scene, organization: string, recording: Recording) => Promise<Cast> = async () => ({}),
  ): SetUp =>
  async (scene, recording) => {
    const organization = await scene.organization();
    const { params, ...cast } = await others(scene, organization, recording);
    return { ...cast, params: { id: organization, ...params } };
  };

const connectionOfOrganization = (parameter: string) =>
  ofOrganization(async (scene, organization) => ({
    params: { [parameter]: await scene.enabledConnection(organization) },
  }));

const connectionForOrganization = ofOrganization(async (scene) => ({
  body: { connection_id: await scene.connection() },
}));

const rolesOfMember = ofOrganization(async (scene, organization, { request }) => ({
  params: { user_id: await scene.member(organization) },
  ...(request === null ? {} : { body: { roles: [await scene.role()] } }),
}));

const membersOfOrganization = ofOrganization(async (scene, organization, { method, query }) => {
  if (method !== 'GET') {
    const user_id = method === 'POST' ? await scene.user() : await scene.member(organization);
    return { body: { members: [user_id] } };
  }
  for (let count = 0; count < 3; count += 1) await scene.member(organization);
  if (!query.has('from')) return {};
  const { body } = succeeded(await scene.api.get(`/organizations/${organization}/members?take=1`));
  return { query: { from: String(body.next) } };
});

const ofUser: SetUp = (scene) => id(scene.user());

const ofPerson: SetUp = async (scene) => ({ params: { user_id: await scene.loggedIn() } });

const permissionsOfUser: SetUp = async (scene, recording) => {
  const { permissions = [] } = membersOf(recording) as { permissions?: Members[] };
  for (const { resource_server_identifier, permission_name } of permissions)
    await scene.resourceServer(String(resource_server_identifier), [String(permission_name)]);
  return id(scene.user());
};

const identitiesOfUser: SetUp = async (scene, { method }) => {
  const [first, second] = [await scene.user(), await scene.user()];
  const connection_id = String(
    firstOf(succeeded(await scene.api.get(`/connections?name=${defaultDatabaseName}`)).body).id,
  );
  const link = { connection_id, user_id: second, provider: 'auth0' };
  if (method === 'POST') return { params: { id: first }, body: link };
  succeeded(await scene.api.post(`/users/${encodeURIComponent(first)}/identities`, link));
  return { params: { id: first, user_id: second.replace('auth0|', '') } };
};

const newGrant: SetUp = async (scene, recording) => {
  const { audience, scope } = membersOf(recording) as { audience: string; scope?: string[] };
  const app_type = recording.status === 400 ? 'express_configuration' : undefined;
  return {
    body: {
      client_id: await scene.client(app_type === undefined ? {} : { app_type }),
      audience: await scene.resourceServer(audience, scope),
    },
  };
};

/** Under a level, this server judges the whole of a client. */
const newClient: SetUp = async (_scene, recording) =>
  membersOf(recording).compliance_level === undefined ? {} : { body: { compliance_level: 'none' } };

/** With credentials of the recorded kinds, which the change then names. */
const changedClient: SetUp = async (scene, recording) => {
  const { client_authentication_methods: methods } = membersOf(recording);
  if (methods === undefined) return id(scene.client());
  const made = await scene.clientWithCredentials(Object.keys(methods as Members));
  const { client_id, client_authentication_methods } = made;
  return {
    params: { id: String(client_id) },
    body: { client_authentication_methods, compliance_level: 'none' },
  };
};

let numbers = 0;

function newNumber(): number {
  numbers += 1;
  return numbers;
}

/** Who has a username is of a database that asks for one. */
const newUser: SetUp = async (scene, recording) => {
  if (membersOf(recording).username === undefined) return {};
  const name = `named-${newNumber()}`;
  await scene.connection({
    name,
    options: { requires_username: true, passwordPolicy: 'low' },
    enabled_clients: [spa.client_id],
  });
  return { body: { connection: name } };
};

const changedUser: SetUp = async (scene, recording) => {
  if (membersOf(recording).username === undefined) return id(scene.user());
  const { body = {} } = await newUser(scene, recording);
  return id(scene.user({ ...body, username: 'before' }));
};

const newOrganization: SetUp = async (scene, recording) => {
  const { enabled_connections } = membersOf(recording) as { enabled_connections?: Members[] };
  if (enabled_connections === undefined) return {};
  const replaced = enabled_connections.map(async (each) => ({
    ...each,
    connection_id: await scene.connection(),
  }));
  return { body: { enabled_connections: await Promise.all(replaced) } };
};

const resourceServer: SetUp = async (scene, { params }) => {
  const { id: recorded = '' } = params;
  if (recorded.startsWith('https:')) return id(scene.resourceServer(recorded));
  return id(
    scene
      .make('/resource-servers', { identifier: `https://number-${newNumber()}.example/` })
      .then((made) => made.id),
  );
};

const signingKey: SetUp = async (scene, { method }) => {
  succeeded(await scene.api.post('/keys/signing/rotate'));
  const keys = succeeded(await scene.api.get('/keys/signing')).body;
  const wanted = method === 'GET' ? 'current' : 'previous';
  return { params: { kid: String(firstOf(Array.from(keys).filter((key) => key[wanted] === true)).kid) } };
};

const job: SetUp = async (scene) => {
  const user_id = await scene.user();
  return id(
    scene.api.post('/jobs/verification-email', { user_id }).then((made) => String(succeeded(made).body.id)),
  );
};

/** The recording has the form as it was sent; the same members go as JSON here. */
const usersImport: SetUp = async (scene) => {
  const connection_id = await scene.connection({ enabled_clients: [spa.client_id] });
  const users = JSON.stringify([{ email: 'auzironian@example.com', email_verified: true }]);
  return { body: { __raw: undefined, connection_id, users, upsert: true, send_completion_email: false } };
};

const verificationEmail: SetUp = async (scene) => {
  const user_id = await scene.user();
  return { body: { user_id, identity: { user_id: user_id.replace('auth0|', ''), provider: 'auth0' } } };
};

const logEntry: SetUp = async (scene) => {
  await scene.role();
  return id(scene.api.get('/logs').then(({ body }) => String(firstOf(body).log_id)));
};

const connectionClients: SetUp = async (scene, recording) => {
  const { request } = recording;
  if (!Array.isArray(request)) return id(scene.connection());
  const body = await Promise.all(
    request.map(async () => ({ client_id: await scene.client(), status: true })),
  );
  return { params: { id: await scene.connection() }, body };
};

const authenticationMethod: SetUp = async (scene) => {
  const user_id = await scene.user();
  return { params: { id: user_id, authentication_method_id: await scene.authenticationMethod(user_id) } };
};

const ticket: SetUp = async (scene) => ({ body: { user_id: await scene.user() } });

/** By the path of the operation, or the whole of it where methods differ. */
export const setUps: Record<string, SetUp> = {
  'POST /client-grants': newGrant,
  '/client-grants/{id}': (scene, recording) => id(scene.grant(membersOf(recording).scope as string[])),
  'POST /clients': newClient,
  '/clients/{id}': changedClient,
  '/clients/{id}/connections': (scene) => id(scene.client()),
  '/connections/{id}': connectionOf,
  '/connections/{id}/clients': connectionClients,
  '/jobs/users-exports': async (scene) => ({ body: { connection_id: await scene.connection() } }),
  '/jobs/users-imports': usersImport,
  '/jobs/verification-email': verificationEmail,
  '/jobs/{id}': job,
  '/keys/signing/{kid}': signingKey,
  '/keys/signing/{kid}/revoke': signingKey,
  '/logs/{id}': logEntry,
  'POST /organizations': newOrganization,
  '/organizations/{id}': ofOrganization(),
  'GET /organizations/{id}/client-grants': ofOrganization(),
  'GET /organizations/{id}/connections': ofOrganization(),
  'POST /organizations/{id}/connections': connectionForOrganization,
  '/organizations/{id}/connections/{connection_id}': connectionOfOrganization('connection_id'),
  '/organizations/{id}/enabled_connections': ofOrganization(),
  '/organizations/{id}/enabled_connections/{connectionId}': connectionOfOrganization('connectionId'),
  '/organizations/{id}/invitations': ofOrganization(async (scene) => ({
    body: { client_id: await scene.invitingClient() },
  })),
  '/organizations/{id}/invitations/{invitation_id}': ofOrganization(async (scene, organization) => ({
    params: { invitation_id: await scene.invitation(organization) },
  })),
  '/organizations/{id}/members': membersOfOrganization,
  '/organizations/{id}/members/{user_id}/roles': rolesOfMember,
  '/refresh-tokens/{id}': async (scene) => id(scene.refreshTokenOf(await scene.loggedIn())),
  '/resource-servers/{id}': resourceServer,
  '/roles/{id}': (scene) => id(scene.role()),
  '/roles/{id}/permissions': (scene) => id(scene.role()),
  '/roles/{id}/users': (scene) => id(scene.role()),
  '/sessions/{id}': async (scene) => id(scene.sessionOf(await scene.loggedIn())),
  '/sessions/{id}/revoke': async (scene) => id(scene.sessionOf(await scene.loggedIn())),
  '/tickets/email-verification': ticket,
  '/tickets/password-change': ticket,
  '/user-blocks/{id}': ofUser,
  'POST /users': newUser,
  '/users/{id}': changedUser,
  '/users/{id}/authentication-methods': ofUser,
  '/users/{id}/authentication-methods/{authentication_method_id}': authenticationMethod,
  '/users/{id}/identities': identitiesOfUser,
  '/users/{id}/identities/{provider}/{user_id}': identitiesOfUser,
  '/users/{id}/logs': ofUser,
  '/users/{id}/organizations': ofUser,
  '/users/{id}/permissions': permissionsOfUser,
  '/users/{id}/roles': ofUser,
  '/users/{user_id}/refresh-tokens': ofPerson,
  '/users/{user_id}/sessions': ofPerson,
};
