// Brings a database to this program's schema: each migration once, in order, all in one transaction.
import { DatabaseRefused } from './errors.ts';
import { acquireLock, type Database, type Executor } from './executor.ts';
import { migrations } from './migrations/index.ts';
import { sqlDialects } from './sql-dialects.ts';

export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (executor) => {
    const { text, tableOptions } = sqlDialects[executor.engine];
    await acquireLock(executor, 'migrations');
    await run(executor, `create table if not exists migration (name ${text} primary key) ${tableOptions}`);
    const applied = await executor.rows<{ name: string }>({
      sql: 'select name from migration order by name',
      parameters: [],
    });
    assertKnown(applied.map(({ name }) => name));
    for (const migration of migrations.slice(applied.length)) {
      for (const statement of migration.statements(sqlDialects[executor.engine]))
        await run(executor, statement);
      await run(executor, `insert into migration (name) values ('${migration.name}')`);
    }
  });
}

function assertKnown(applied: string[]): void {
  const unknown = applied.find((name, index) => migrations[index]?.name !== name);
  if (unknown === undefined) return;
  throw new DatabaseRefused(
    `The database was made by a newer version of Freehold (it has the migration ${unknown}). ` +
      'Start that version or a later one, or restore a backup from before.',
  );
}

async function run(executor: Executor, sql: string): Promise<void> {
  await executor.changes({ sql, parameters: [] });
}
