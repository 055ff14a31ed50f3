// Lists of clients and of client grants: every page by an index, the server's own left out.
import { beforeEach, describe, expect, test } from 'vitest';
import type {
  ClientFilters,
  ClientGrantFilters,
} from '../../packages/server/src/management/clients/ports.ts';
import type { Page } from '../../packages/server/src/management/pagination.ts';
import { client, clientGrant, connection, resourceServer } from './builders.ts';
import { engines, type OpenedDatabase, useDatabase } from './databases.ts';

const all: Page = { limit: 100, offset: 0, after: undefined, counted: false };

describe.each(engines)('$name', ({ create }) => {
  let opened: OpenedDatabase;
  const databases = useDatabase(create);
  beforeEach(() => {
    opened = databases.current;
  });

  describe('clients', () => {
    const idsOf = async (filters: ClientFilters, page: Page = all) =>
      (await opened.read.clients.listPage(filters, page)).items.map(({ client_id }) => client_id);

    beforeEach(async () => {
      await opened.write(async ({ clients }) => {
        await clients.upsert(client({ client_id: 'b', name: 'Same name' }));
        await clients.upsert(client({ client_id: 'a', name: 'Same name', is_first_party: false }));
        await clients.upsert(client({ client_id: 'c', name: 'A name', app_type: null }));
        await clients.upsert(client({ client_id: 'd', name: 'Ü name', app_type: 'native' }));
        await clients.upsert(client({ client_id: 'x', name: 'Hidden', is_system: true }));
        await clients.upsert(client({ client_id: 'g', name: 'Global', is_system: true, global: true }));
      });
    });

    test('come by name, without those of the server itself but "All Applications"', async () => {
      expect(await idsOf({})).toEqual(['c', 'g', 'a', 'b', 'd']);
      expect(await idsOf({ global: true })).toEqual(['g']);
      expect(await idsOf({ global: false })).toEqual(['c', 'a', 'b', 'd']);
    });

    test('are filtered by whose they are and by their type', async () => {
      expect(await idsOf({ is_first_party: false })).toEqual(['a']);
      expect(await idsOf({ is_first_party: true, global: false })).toEqual(['c', 'b', 'd']);
      expect(await idsOf({ app_types: ['native', 'spa'], global: false })).toEqual(['a', 'b', 'd']);
      expect(await idsOf({ app_types: ['resource_server'] })).toEqual([]);
    });

    test('are paged by offset, with their number', async () => {
      const page = { limit: 2, offset: 2, after: undefined, counted: true };
      const listed = await opened.read.clients.listPage({}, page);
      expect(listed.items.map(({ client_id }) => client_id)).toEqual(['a', 'b']);
      expect(listed.total).toBe(5);
      expect(await idsOf({}, { ...page, offset: 6 })).toEqual([]);
    });

    test('are paged by checkpoint, also where names are the same', async () => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const listed = await opened.read.clients.listPage({}, { ...all, limit: 1, after });
        seen.push(...listed.items.map(({ client_id }) => client_id));
        after = listed.next;
      } while (after !== undefined);
      expect(seen).toEqual(['c', 'g', 'a', 'b', 'd']);
    });

    test.each(['nonsense', ' ', '', "' or 1=1 --"])(
      'a checkpoint that is none is no harm: %j',
      async (after) => {
        expect((await opened.read.clients.listPage({}, { ...all, after })).items.length).toBeLessThanOrEqual(
          5,
        );
      },
    );
  });

  describe('client grants', () => {
    const [one, two] = ['https://api.example/', 'https://two.example/'];
    const idsOf = async (filters: ClientGrantFilters, page: Page = all) =>
      (await opened.read.clientGrants.listPage(filters, page)).items.map(({ id }) => id);
    const { client_id: _, ...grantToAll } = clientGrant({ id: 'cgr_5', audience: two, subject_type: 'user' });
    const byDefault = { ...grantToAll, default_for: 'third_party_clients' as const };

    beforeEach(async () => {
      await opened.write(async ({ clients, clientGrants, resourceServers }) => {
        await clients.upsert(client());
        await clients.upsert(client({ client_id: 'other' }));
        await clients.upsert(client({ client_id: 'x', is_system: true }));
        await resourceServers.upsert(resourceServer());
        await resourceServers.upsert(resourceServer({ id: 'rs_2', identifier: two }));
        await clientGrants.upsert(clientGrant({ id: 'cgr_4', organization_usage: 'allow' }));
        await clientGrants.upsert(clientGrant({ id: 'cgr_2', audience: two, allow_any_organization: true }));
        await clientGrants.upsert(clientGrant({ id: 'cgr_3', client_id: 'other', unused: { a: [1] } }));
        await clientGrants.upsert(clientGrant({ id: 'cgr_1', client_id: 'x' }));
        await clientGrants.upsertDefault(byDefault);
      });
    });

    test('come by id, those of every third-party client among them, without those of the server itself', async () => {
      expect(await idsOf({})).toEqual(['cgr_2', 'cgr_3', 'cgr_4', 'cgr_5']);
      const { items } = await opened.read.clientGrants.listPage({}, all);
      expect(items[1]).toEqual(clientGrant({ id: 'cgr_3', client_id: 'other', unused: { a: [1] } }));
      expect(items[3]).toEqual(byDefault);
    });

    test.each<[ClientGrantFilters, string[]]>([
      [{ client_id: 'spa' }, ['cgr_2', 'cgr_4']],
      [{ audience: two }, ['cgr_2', 'cgr_5']],
      [{ subject_type: 'user' }, ['cgr_5']],
      [{ default_for: 'third_party_clients' }, ['cgr_5']],
      [{ allow_any_organization: true }, ['cgr_2']],
      [{ allow_any_organization: false, audience: one }, ['cgr_3', 'cgr_4']],
      [{ client_id: 'x' }, []],
      [{ client_id: 'spa', default_for: 'third_party_clients' }, []],
    ])('are filtered: %j', async (filters, ids) => {
      expect(await idsOf(filters)).toEqual(ids);
    });

    test('are paged, with their number', async () => {
      const page = { limit: 3, offset: 0, after: undefined, counted: true };
      expect(await opened.read.clientGrants.listPage({}, page)).toMatchObject({ total: 4, next: 'cgr_4' });
      expect(await idsOf({}, { ...page, after: 'cgr_4' })).toEqual(['cgr_5']);
      expect(await idsOf({}, { ...page, offset: 3 })).toEqual(['cgr_5']);
    });

    test('are found by id, of either kind, and deleted by it', async () => {
      expect(await opened.read.clientGrants.findById('cgr_4')).toMatchObject({ client_id: 'spa' });
      expect(await opened.read.clientGrants.findById('cgr_5')).toEqual(byDefault);
      expect(await opened.read.clientGrants.findById('cgr_9')).toBeUndefined();
      for (const id of ['cgr_4', 'cgr_5']) await opened.write((stores) => stores.clientGrants.deleteById(id));
      expect(await idsOf({})).toEqual(['cgr_2', 'cgr_3']);
    });

    test('go with their client', async () => {
      await opened.write((stores) => stores.clients.delete('spa'));
      expect(await idsOf({})).toEqual(['cgr_3', 'cgr_5']);
    });
  });

  test('every connection is enabled for a new client', async () => {
    await opened.write(async ({ clients, connections }) => {
      await connections.upsert(connection({ id: 'con_1', name: 'one' }));
      await connections.upsert(connection({ id: 'con_2', name: 'two' }));
      await clients.upsert(client());
      await connections.enableAll('spa');
    });
    expect((await opened.read.connections.listForClient('spa')).map(({ id }) => id)).toEqual([
      'con_1',
      'con_2',
    ]);
  });
});
