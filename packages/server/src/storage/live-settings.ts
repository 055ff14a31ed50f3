// The tenant's settings as this process knows them: a change of our own is seen by the next request, one by another
// process within a second, and no request pays for it but the first of each second.
import { isDeepStrictEqual } from 'node:util';
import { type TenantSettings, tenantSettingsSchema } from '../model/tenant.ts';
import type { ConfigurationCache } from './configuration-cache.ts';

export class LiveSettings {
  readonly #cache: ConfigurationCache;
  readonly #read: () => Promise<TenantSettings | undefined>;
  #current = tenantSettingsSchema.parse({});
  #generation: object | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(cache: ConfigurationCache, read: () => Promise<TenantSettings | undefined>) {
    this.#cache = cache;
    this.#read = read;
  }

  /** What differs in nothing stays the same object, member by member: what was made of it may be kept. */
  get current(): TenantSettings {
    return this.#current;
  }

  /**
   * To be awaited before `current` is asked; undefined where nothing is to wait for. Rejects if the database does not
   * answer: then `current` stays as it is, and the next second asks again.
   */
  refresh(): Promise<void> | undefined {
    const generation = this.#cache.generation();
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#refreshing = this.#refresh(generation).finally(() => {
        if (generation === this.#generation) this.#refreshing = undefined;
      });
    }
    return this.#refreshing;
  }

  async #refresh(generation: object): Promise<void> {
    const settings = (await this.#read()) ?? tenantSettingsSchema.parse({});
    // A slow read of before a change must not undo it.
    if (generation === this.#generation) this.#current = withWhatIsKept(this.#current, settings);
  }
}

function withWhatIsKept(before: TenantSettings, after: TenantSettings): TenantSettings {
  if (isDeepStrictEqual(before, after)) return before;
  const known = new Map<string, unknown>(Object.entries(before));
  const members = Object.entries(after).map(([name, value]) => {
    const kept = known.get(name);
    return [name, isDeepStrictEqual(kept, value) ? kept : value];
  });
  return Object.freeze(Object.fromEntries(members));
}
