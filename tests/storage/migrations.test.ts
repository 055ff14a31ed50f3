import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../packages/server/src/storage/database.ts';
import { migrations } from '../../packages/server/src/storage/migrations/index.ts';
import { engines, useNewDatabases } from './databases.ts';

const applied = { sql: 'select name from migration order by name', parameters: [] };

describe.each(engines)('$name', ({ create }) => {
  const databases = useNewDatabases(create);

  test('an empty database gets every migration, in order, once', async () => {
    const { database, url } = databases.current;
    const expected = migrations.map(({ name }) => ({ name }));
    expect(await database.read.rows(applied)).toEqual(expected);
    const again = await openDatabase(url);
    expect(await again.read.rows(applied)).toEqual(expected);
    await again.close();
  });

  test('the names of the migrations are in order', () => {
    const names = migrations.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(new Set(names).size).toBe(names.length);
  });

  test('a database of a newer version is refused, and told apart', async () => {
    const { database, url } = databases.current;
    await database.transaction((executor) =>
      executor.changes({ sql: `insert into migration (name) values ('9999-tomorrow')`, parameters: [] }),
    );
    await expect(openDatabase(url)).rejects.toThrow(/newer version of Freehold.*9999-tomorrow/);
  });

  test('processes that start at once on an empty database migrate it once', async () => {
    const empty = await create();
    const opened = await Promise.all([
      openDatabase(empty.url),
      openDatabase(empty.url),
      openDatabase(empty.url),
    ]);
    expect(await opened[2].read.rows(applied)).toHaveLength(migrations.length);
    for (const database of opened) await database.close();
    await empty.drop();
  });
});
