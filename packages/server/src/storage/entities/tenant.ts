import type { TenantSettingsStore } from '../../configuration/ports.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { acquireLock, type Executor } from '../executor.ts';
import { excluded, type Placeholders, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const get = prepare((db, _: Placeholders<object>) => db.selectFrom('tenant').select('settings'));
const put = prepare((db, p: Placeholders<{ settings: string }>) =>
  db
    .insertInto('tenant')
    .values({ id: 1, settings: p.settings })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(excluded<Tables['tenant'], 'settings'>(['settings'])),
    ),
);

export class SqlTenantSettingsStore implements TenantSettingsStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  lock(): Promise<void> {
    return acquireLock(this.#executor, 'tenant');
  }

  async get(): Promise<TenantSettings | undefined> {
    const row = await get.first(this.#executor, {});
    return row && (JSON.parse(row.settings) as TenantSettings);
  }

  async put(settings: TenantSettings): Promise<void> {
    await put.run(this.#executor, { settings: JSON.stringify(settings) });
  }
}
