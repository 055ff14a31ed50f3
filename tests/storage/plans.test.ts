// No statement that a request causes may read a table from end to end.
import { beforeEach, describe, expect, test } from 'vitest';
import { searchableLog } from '../../packages/server/src/management/logs/ports.ts';
import { conditionOf } from '../../packages/server/src/management/search/condition.ts';
import { searchableUser } from '../../packages/server/src/management/search/ports.ts';
import { newDelivery } from '../../packages/server/src/model/delivery.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import type { Database, Executor, Statement } from '../../packages/server/src/storage/executor.ts';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import { createUnitOfWork, type Stores } from '../../packages/server/src/storage/unit-of-work.ts';
import {
  authorizationCode,
  deviceCode,
  family,
  identity,
  insertClientAndUser,
  invitation,
  loginTransaction,
  organization,
  organizationConnection,
  pushedRequest,
  refreshToken,
  requester,
  resourceServer,
  role,
  session,
  successfulLogin,
  ticket,
  user,
  userGrant,
} from './builders.ts';
import { encryption, engines, start, useNewDatabases } from './databases.ts';

const approval = { scope: ['openid'], user_id: 'auth0|1', epoch: 0, sid: 'sid-1' };

/** SQLite says SEARCH for what it finds by an index; rows that the statement itself made are no table: `permission`. */
const wholeTable = /SCAN (?!CONSTANT ROW|\(|permission\b)|Seq Scan/;

async function useEverything(stores: Stores): Promise<void> {
  await stores.clients.find('spa');
  await stores.clients.findSecret('spa');
  await stores.resourceServers.find('https://api/');
  await stores.clientGrants.find('spa', 'https://api/', 'user');
  await stores.clientGrants.findDefault('https://api/', 'user');
  const page = { limit: 2, offset: 0, after: 'a', counted: false };
  await stores.clients.listPage({ is_first_party: true }, page);
  await stores.clientGrants.findById('cgr_1');
  await stores.clientGrants.listPage({ client_id: 'spa' }, page);
  await stores.clientGrants.listPage({ audience: 'https://api/' }, page);
  await stores.clientGrants.deleteById('cgr_1');
  await stores.connections.listForClient('spa');
  await stores.users.find('auth0|1');
  await stores.users.findByIdentifier('con_1', 'ada@example.com');
  await stores.users.findByIdentity('con_1', '1');
  await stores.tokenExchangeProfiles.find('urn:partner:token');
  await stores.users.listIdentities('auth0|1');
  await stores.users.listPermissions('auth0|1', 'https://api/');
  await stores.users.insert(user({ user_id: 'auth0|2' }), identity({ owner: 'auth0|2' }), null);
  await stores.users.delete('auth0|2');
  await stores.users.recordLogin('auth0|1', start, '192.0.2.1');
  await stores.userGrants.add(userGrant());
  await stores.userGrants.add(userGrant());
  await stores.userGrants.find('auth0|1', 'spa', '');
  await stores.sessions.insert(session(), 'secret');
  await stores.sessions.findBySecret('secret', start);
  await stores.sessions.renew(session(), 'secret-2');
  await stores.sessions.touch('sid-1', session());
  await stores.sessions.recordClient('sid-1', 'spa', start);
  await stores.sessions.listClients('sid-1');
  await stores.sessions.listOf('auth0|1');
  await stores.sessions.find('sid-1', start);
  await stores.loginTransactions.insert(loginTransaction());
  await stores.loginTransactions.find('handle-1');
  await stores.loginTransactions.record('handle-1', { sid: 'sid-1' });
  await stores.loginTransactions.finish('handle-1', start);
  await stores.parkedRequests.find('parked', start);
  await stores.pushedRequests.insert(pushedRequest());
  await stores.pushedRequests.find('pushed-1', start);
  await stores.pushedRequests.bind('pushed-1', 'browser-1');
  await stores.pushedRequests.spend('pushed-1', start);
  await stores.failedLogins.add({ key: 'key', identifier: 'identifier', ip: null }, 0, start);
  await stores.failedLogins.listOf('identifier', 0);
  await stores.failedLogins.clearAllOf('identifier');
  await stores.failedLogins.count('key', 0);
  const used = { purpose: 'dpop_proof', id: ['jkt', 'jti'], now: start, until: start + 60 } as const;
  await stores.usedIdentifiers.claimOnce(used);
  await stores.usedIdentifiers.claimFor(used, 'code');
  const delivery = newDelivery(
    { kind: 'letter', content: {}, requester },
    { now: start, random: systemRandom },
  );
  await stores.statistics.listDays(0, start, start);
  await stores.statistics.countActiveUsers(start);
  await stores.deliveries.add(delivery);
  await stores.deliveries.isAnyDue('letter', start);
  await stores.deliveries.claim('letter', start, start + 60);
  await stores.deliveries.postpone(delivery, start);
  await stores.deliveries.remove(delivery);
  await stores.oneTimePasswords.put({ key: 'key', code: 'code', tries_left: 3, expires_at: start + 60 });
  await stores.oneTimePasswords.takeTry('key', start);
  await stores.oneTimePasswords.remove({ key: 'key', code: 'code' });
  await stores.tickets.insert(ticket());
  await stores.tickets.find('ticket-1', 'password_change', start);
  await stores.tickets.redeem('ticket-1', 'password_change', start);
  await stores.tickets.deleteAllOf('auth0|1', 'password_change');
  await stores.users.lock('auth0|1');
  await stores.users.update(user());
  await stores.users.listByEmail('ada@example.com');
  await stores.identities.find(identity());
  await stores.identities.findNamed('auth0', '1');
  await stores.identities.update(identity());
  await stores.identities.changePassword(identity(), 'hash', start, 2);
  await stores.identities.listPasswordHashes(identity(), 3);
  await stores.identities.setPasswordHash(identity(), 'hash', { replaces: 'hash' });
  await stores.identities.verifyEmail(identity(), 'ada@example.com', start);
  await useFactorsAndJobs(stores);
  await stores.messageCounts.add('key', 5, start + 60);
  await stores.deliveries.list('mail', 20);
  await stores.log.write(successfulLogin, requester);
  await readAsAdministrator(stores);
  await useTokens(stores);
  await useDeviceCodes(stores);
  await useAccess(stores);
  await useOrganizations(stores);
  await useConnections(stores);
}

const page = { limit: 50, offset: 0, after: undefined, counted: true };

async function useConnections({ connections, connectionUsers, resourceServers }: Stores): Promise<void> {
  const api = resourceServer();
  await connections.findIdByRealm('people');
  await connections.isBeingDeleted('people');
  await connections.findSecrets('con_1');
  await connections.setSecrets('con_1', { client_secret: 'secret' });
  await connections.pageClients('con_1', page);
  await connections.replaceClients('con_1', ['spa']);
  await connections.disableClient('con_1', 'spa');
  await connectionUsers.has('con_1');
  await connectionUsers.listWithPermissionAt('con_1', api.identifier);
  await connectionUsers.unlink({ connection_id: 'con_1', user_id: 'nobody' });
  await connections.beginDeletion('con_nothing', start);
  await connections.delete('con_nothing');
  await resourceServers.findById(api.id);
  // Counting all of them reads all of them.
  await resourceServers.list([], { ...page, counted: false });
  await resourceServers.forgetScopes(api.identifier, ['nothing']);
  await resourceServers.delete({ id: 'nothing', identifier: 'nothing' });
}

async function useAccess({ roles, userAccess }: Stores): Promise<void> {
  const permission = { resource_server_identifier: 'https://api/', permission_name: 'read' };
  await roles.upsert(role());
  await roles.find('rol_1');
  await roles.list({ name: 'read', is_system: false }, { ...page, counted: false });
  await roles.listPermissions('rol_1', page);
  await roles.addPermission('rol_1', permission);
  await roles.removePermission('rol_1', permission);
  await userAccess.assignRole('auth0|1', 'rol_1');
  await userAccess.listRoles('auth0|1', page);
  await userAccess.listUsers('rol_1', page);
  await userAccess.addPermission('auth0|1', permission);
  await userAccess.listPermissions('auth0|1', page);
  await userAccess.listSources('auth0|1', permission, permission);
  await userAccess.countPermissions('auth0|1');
  await userAccess.removePermission('auth0|1', permission);
  await userAccess.unassignRole('auth0|1', 'rol_1');
}

async function useOrganizations(stores: Stores): Promise<void> {
  const { organizations, organizationConnections, organizationMembers, invitations } = stores;
  await organizations.upsert(organization());
  await organizations.find('org_1');
  await organizations.findByName('acme');
  for (const by of ['name', 'display_name', 'created_at'] as const) {
    for (const descending of [true, false]) {
      await organizations.list({ by, descending }, { ...page, after: 'org_0 a', counted: false });
    }
  }
  await organizationConnections.put(organizationConnection());
  await organizationConnections.find('org_1', 'con_1');
  await organizationConnections.list('org_1', { is_enabled: true }, page);
  await organizationMembers.add('org_1', 'auth0|1');
  await organizationMembers.isMember('org_1', 'auth0|1');
  await organizationMembers.list('org_1', page);
  await organizationMembers.assignRole('org_1', 'auth0|1', 'rol_1');
  await organizationMembers.countRoles('org_1', 'auth0|1');
  await organizationMembers.listRoles('org_1', 'auth0|1', page);
  await organizationMembers.listRolesOf('org_1', 'auth0|0', 'auth0|2');
  await organizationMembers.unassignRole('org_1', 'auth0|1', 'rol_1');
  await organizations.listOf('auth0|1', page);
  await organizationMembers.remove('org_1', 'auth0|1');
  await invitations.insert(invitation(), 'ticket');
  await invitations.find('org_1', 'uinv_1');
  await invitations.list('org_1', { descending: true }, page);
  await invitations.list('org_1', { descending: false }, page);
  await invitations.remove('org_1', 'uinv_1');
  await organizationConnections.remove('org_1', 'con_1');
  await organizations.delete('org_1');
}

async function useFactorsAndJobs({ authenticationMethods, jobs, exportedUsers }: Stores): Promise<void> {
  const factor = { user_id: 'auth0|1', name: null, described: {}, created_at: start };
  await authenticationMethods.insert({ ...factor, id: 'totp|1', type: 'totp' }, 'secret');
  await authenticationMethods.find('auth0|1', 'totp|1');
  await authenticationMethods.list('auth0|1', { limit: 50, offset: 0, after: undefined, counted: true });
  await authenticationMethods.update({ ...factor, id: 'totp|1', type: 'totp' });
  await authenticationMethods.delete('auth0|1', 'totp|1');
  await authenticationMethods.deleteAllOf('auth0|1');
  const job = { id: 'job_1', type: 'verification_email', status: 'completed' } as const;
  const rest = { connection_id: null, connection: null, described: {}, created_at: start, expires_at: start };
  await jobs.insert({ ...job, ...rest });
  await jobs.find('job_1', start);
  for (const connection_id of [null, 'con_1'])
    await exportedUsers.listAfter({ connection_id, after: '', limit: 500 });
  await jobs.lock('job_1', start);
  await jobs.update({ ...job, described: {} });
  await jobs.countActive('users_import', start);
  await jobs.addErrors('job_1', [{ user: {}, errors: [] }]);
  await jobs.listErrors('job_1');
}

async function readAsAdministrator(stores: Stores): Promise<void> {
  await stores.logReader.get('1');
  await stores.logReader.listAfter('1', 50);
  const page = { limit: 50, offset: 0, after: undefined, counted: true };
  await stores.sessionDetails.find('sid-1', start);
  await stores.sessionDetails.list('auth0|1', page, start);
  await stores.sessionDetails.setMetadata('sid-1', { a: 'b' }, start);
  await stores.grantList.find('grant-1');
  for (const filter of [{ user_id: 'auth0|1' }, { client_id: 'spa' }, { audience: '' }]) {
    await stores.grantList.list(filter, page);
  }
  await stores.grantList.delete('grant-2');
  for (const q of ['user_id:"auth0|1"', 'type:s', 'date:2027', 'user_id:"auth0|1" AND date:2027']) {
    const condition = conditionOf(q, searchableLog);
    await stores.logReader.find({ condition, oldestFirst: false, limit: 50, offset: 0 });
  }
  for (const q of [
    'email:ada*',
    'user_id:"auth0|1"',
    'name:ada*',
    'email.domain:example.com',
    'username:a*',
    'blocked:true',
  ]) {
    const condition = conditionOf(q, searchableUser);
    await stores.userSearch.find({ condition, sort: undefined, limit: 50, offset: 0, counted: true });
  }
}

async function useDeviceCodes({ deviceCodes }: Stores): Promise<void> {
  await deviceCodes.insert(deviceCode());
  await deviceCodes.find('device-1');
  await deviceCodes.findUndecided('user-code-1', start);
  await deviceCodes.recordPoll('device-1', start);
  await deviceCodes.lengthenInterval('device-1', 5);
  await deviceCodes.approve('device-1', approval, start);
  await deviceCodes.deny('device-1', start);
  await deviceCodes.end('device-1', 'spa', start);
}

async function useTokens({ authorizations, refreshTokens, refreshTokenDetails }: Stores): Promise<void> {
  const page = { limit: 50, offset: 0, after: undefined, counted: true };
  await refreshTokenDetails.find('aid-1', start);
  await refreshTokenDetails.list({ user_id: 'auth0|1', client_id: 'spa' }, page, start);
  await refreshTokenDetails.setMetadata('aid-1', null);
  await authorizations.revokeAuthorizations({ user_id: 'auth0|1', sid: 'sid-1' }, start, start);
  await refreshTokenDetails.revokeOffline({ user_id: 'auth0|1', client_id: 'spa' }, start, start);
  await authorizations.insertCode(authorizationCode());
  await authorizations.findCode('code-1');
  await authorizations.redeemCode('code-1', 'spa', start);
  await refreshTokens.insertFamily(family(), refreshToken());
  await refreshTokens.find('token-0');
  await refreshTokens.lock('token-0');
  await refreshTokens.updateFamily(family(), 'token-0');
  await refreshTokens.deleteBefore('aid-1', 0);
  await refreshTokens.revokeNonRotatingSiblings(family(), start);
  await refreshTokens.revokeOldestFamilies('auth0|1', 'spa', 200, start);
  await authorizations.findTokenSubject({ sub: 'auth0|1', ep: 0, client_id: 'spa', aid: 'aid-1' });
  await authorizations.revokeAuthorizations(
    { user_id: 'auth0|1', client_id: 'spa', audience: '' },
    start,
    start,
  );
}

/** The database, with every statement noted that a transaction runs. */
function noting(database: Database, statements: Map<string, Statement>): Database {
  const note = (executor: Executor): Executor => ({
    engine: executor.engine,
    rows: (statement) => {
      statements.set(statement.sql, statement);
      return executor.rows(statement);
    },
    changes: (statement) => {
      statements.set(statement.sql, statement);
      return executor.changes(statement);
    },
  });
  return {
    engine: database.engine,
    read: note(database.read),
    transaction: (work) => database.transaction((executor) => work(note(executor))),
    ping: () => database.ping(),
    close: () => database.close(),
  };
}

describe.each(engines)('$name', ({ create }) => {
  const databases = useNewDatabases(create);
  const statements = new Map<string, Statement>();
  beforeEach(async () => {
    const { clock, database } = databases.current;
    await insertClientAndUser(databases.current);
    statements.clear();
    const noted = noting(database, statements);
    const unit = createUnitOfWork(noted, { encryption, clock, random: systemRandom });
    await unit.transaction(useEverything);
    await sweep(noted, start + 100_000_000, { log_retention_days: 30 });
  });

  async function planOf({ sql, parameters }: Statement): Promise<string> {
    return databases.current.database.transaction(async (executor) => {
      const explain = executor.engine === 'sqlite' ? 'explain query plan ' : 'explain ';
      // Tables of one row would be read whole, rightly.
      if (executor.engine === 'postgres') {
        await executor.changes({ sql: 'set local enable_seqscan = off', parameters: [] });
      }
      return JSON.stringify(await executor.rows({ sql: explain + sql, parameters }));
    });
  }

  test('every statement of a request, and of the sweeper, finds its rows by an index', async () => {
    expect(statements.size).toBeGreaterThan(45);
    const scans: string[] = [];
    for (const statement of statements.values()) {
      const plan = await planOf(statement);
      if (wholeTable.test(plan)) scans.push(`${statement.sql}: ${plan}`);
    }
    expect(scans).toEqual([]);
  });

  test('a statement without an index is seen to have none', async () => {
    const plan = await planOf({ sql: `select user_id from "user" where nickname = 'x'`, parameters: [] });
    expect(plan).toMatch(wholeTable);
  });

  test('how many users there are is read from the narrowest index', async () => {
    const plan = await planOf({ sql: 'select count(*) as count from "user"', parameters: [] });
    expect(plan).toContain('user_by_block_alone');
  });
});
