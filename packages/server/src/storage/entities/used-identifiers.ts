import { sql } from 'kysely';
import type { UsedIdentifier, UsedIdentifierStore } from '../../oauth/ports.ts';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

/** Null equals nothing, not even null: what was presented with nothing is claimed once. */
const claim = prepare((db, p: Placeholders<Tables['used_identifier'] & { now: number }>) =>
  db
    .insertInto('used_identifier')
    .values({ hash: p.hash, presented: p.presented, until: p.until })
    .onConflict((conflict) =>
      conflict
        .column('hash')
        .doUpdateSet({ presented: sql`excluded.presented`, until: sql`excluded.until` })
        .where((where) =>
          where.or([
            where('used_identifier.until', '<=', p.now),
            where('used_identifier.presented', '=', sql<string>`excluded.presented`),
          ]),
        ),
    ),
);

export class SqlUsedIdentifierStore implements UsedIdentifierStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  claimOnce(identifier: UsedIdentifier): Promise<boolean> {
    return this.#claim(identifier, null);
  }

  claimFor(identifier: UsedIdentifier, presented: string): Promise<boolean> {
    return this.#claim(identifier, sha256(presented));
  }

  async #claim({ purpose, id, now, until }: UsedIdentifier, presented: string | null): Promise<boolean> {
    // JSON keeps the parts apart whatever they contain.
    const hash = sha256(JSON.stringify([purpose, ...id]));
    return (await claim.run(this.#executor, { hash, presented, until, now })) === 1;
  }
}
