import type { TenantSettingsStore } from '../../configuration/ports.ts';
import { type TenantSettings, tenantSettingsSchema } from '../../model/tenant.ts';
import type { ConfigurationReads } from '../configuration-cache.ts';
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
  readonly #configuration: ConfigurationReads;

  constructor(executor: Executor, configuration: ConfigurationReads) {
    this.#executor = executor;
    this.#configuration = configuration;
  }

  lock(): Promise<void> {
    return acquireLock(this.#executor, 'tenant');
  }

  get(): Promise<TenantSettings | undefined> {
    return this.#configuration.find('tenant', async () => {
      const row = await get.first(this.#executor, {});
      // What a newer version has added gets its default.
      return row && tenantSettingsSchema.parse(JSON.parse(row.settings));
    });
  }

  async put(settings: TenantSettings): Promise<void> {
    await put.run(this.#executor, { settings: JSON.stringify(settings) });
    this.#configuration.changed();
  }
}
