import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createEncryption } from '../../packages/server/src/runtime/cryptography/encryption.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import {
  checkMasterKey,
  hasSecrets,
  rewrap,
  sealedColumns,
} from '../../packages/server/src/storage/master-key-check.ts';
import { createUnitOfWork } from '../../packages/server/src/storage/unit-of-work.ts';
import { client, resourceServer, signingKey } from './builders.ts';
import { encryption, engines, type OpenedDatabase, useDatabase } from './databases.ts';

const another = createEncryption(Buffer.alloc(32, 8));

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(() => {
    opened = databases.current;
  });

  test('KY-1: the first start leaves a check that the same master key opens and no other', async () => {
    expect(await hasSecrets(opened.database)).toBe(false);
    await checkMasterKey(opened.database, encryption);
    expect(await hasSecrets(opened.database)).toBe(true);
    await expect(checkMasterKey(opened.database, encryption)).resolves.toBeUndefined();
    await expect(checkMasterKey(opened.database, another)).rejects.toMatchObject({ name: 'WrongMasterKey' });
  });

  test('KY-1: of two first starts at once with different keys, one is refused', async () => {
    const other = await databases.open();
    const starts = await Promise.allSettled([
      checkMasterKey(opened.database, encryption),
      checkMasterKey(other.database, another),
    ]);
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  describe('once there are secrets', () => {
    beforeEach(async () => {
      await checkMasterKey(opened.database, encryption);
      await opened.write(async (stores) => {
        await stores.clients.upsert(client());
        await stores.clients.upsert(client({ client_id: 'public' }));
        await stores.clients.setSecret('spa', 's3cret');
        await stores.signingKeys.insert(signingKey());
        await stores.resourceServers.upsert(resourceServer());
      });
      const place = { table: 'resource_server', column: 'signing_secret', row: 'rs_1' };
      await opened.database.transaction((executor) =>
        executor.changes({
          sql: `update resource_server set signing_secret = '${encryption.seal(place, 'hs256')}'`,
          parameters: [],
        }),
      );
    });

    test('KY-1: rewrap seals every secret with the new master key, and leaves none with the old', async () => {
      expect(await rewrap(opened.database, encryption, another)).toBe(3);
      const { read } = createUnitOfWork(opened.database, {
        encryption: another,
        clock: opened.clock,
        random: systemRandom,
      });
      expect(await read.clients.findSecret('spa')).toBe('s3cret');
      expect(await read.clients.findSecret('public')).toBeUndefined();
      expect(await read.signingKeys.list()).toEqual([signingKey()]);
      await expect(opened.read.clients.findSecret('spa')).rejects.toMatchObject({ name: 'WrongMasterKey' });
      await expect(checkMasterKey(opened.database, another)).resolves.toBeUndefined();
      const everything = await dump(opened);
      expect(everything).not.toContain(`${encryption.keyId}.`);
      expect(everything.split(`${another.keyId}.`)).toHaveLength(5);
    });

    test('KY-1: rewrap with a wrong old key changes nothing', async () => {
      const before = await dump(opened);
      const wrong = rewrap(opened.database, another, encryption);
      await expect(wrong).rejects.toMatchObject({ name: 'WrongMasterKey' });
      expect(await dump(opened)).toBe(before);
    });
  });
});

/** Every row of every table: no sealed column can be forgotten. */
async function dump({ database }: OpenedDatabase): Promise<string> {
  const listing =
    database.engine === 'sqlite'
      ? `select name from sqlite_master where type = 'table'`
      : `select table_name as name from information_schema.tables where table_schema = 'public'`;
  const tables = await database.read.rows<{ name: string }>({ sql: listing, parameters: [] });
  const contents: unknown[] = [];
  for (const { name } of tables) {
    contents.push(name, await database.read.rows({ sql: `select * from "${name}"`, parameters: [] }));
  }
  return JSON.stringify(contents);
}

test('KY-1: every column that storage seals is sealed anew under another master key', () => {
  const folder = new URL('../../packages/server/src/storage/entities/', import.meta.url);
  const sealed = readdirSync(folder).flatMap((name) =>
    [
      ...readFileSync(new URL(name, folder), 'utf8').matchAll(/\{ table: '(\w+)', column: '(\w+)', row: /g),
    ].map(([, table, column]) => `${table}.${column}`),
  );
  expect(sealed.length).toBeGreaterThan(0);
  expect(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(sealed.sort());
});
