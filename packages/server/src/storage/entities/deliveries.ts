import { sql } from 'kysely';
import type { DeliveryStore } from '../../deliveries/ports.ts';
import type { Delivery } from '../../model/delivery.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import { deliveryCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { freeRowLock, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

type Claimed = Pick<Delivery, 'id' | 'attempts'>;

const insert = prepare((db, p: Placeholders<Tables['delivery']>) =>
  db.insertInto('delivery').values(placeholdersOf(p, deliveryCodec.columns)),
);
const isAnyDue = prepare((db, p: Placeholders<{ kind: string; now: number }>) =>
  db.selectFrom('delivery').select('id').where('kind', '=', p.kind).where('due_at', '<=', p.now).limit(1),
);
const list = prepare((db, p: Placeholders<{ kind: string; limit: number }>) =>
  db
    .selectFrom('delivery')
    .select(deliveryCodec.columns)
    .where('kind', '=', p.kind)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(p.limit),
);
const claim = prepare((db, p: Placeholders<{ kind: string; now: number; until: number }>, engine) =>
  db
    .updateTable('delivery')
    .set({ due_at: p.until, attempts: sql<number>`attempts + 1` })
    .where('id', 'in', (due) =>
      due
        .selectFrom('delivery')
        .select('id')
        .where('kind', '=', p.kind)
        .where('due_at', '<=', p.now)
        .orderBy('due_at')
        .limit(1)
        .modifyEnd(freeRowLock(engine)),
    )
    // Asked again once the row is ours: another process may have been first.
    .where('due_at', '<=', p.now)
    .returning(deliveryCodec.columns),
);
const postpone = prepare((db, p: Placeholders<Claimed & { due_at: number }>) =>
  db
    .updateTable('delivery')
    .set({ due_at: p.due_at })
    .where('id', '=', p.id)
    .where('attempts', '=', p.attempts),
);
const remove = prepare((db, p: Placeholders<Claimed>) =>
  db.deleteFrom('delivery').where('id', '=', p.id).where('attempts', '=', p.attempts),
);

export class SqlDeliveryStore implements DeliveryStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;

  constructor(executor: Executor, encryption: Encryption) {
    this.#executor = executor;
    this.#encryption = encryption;
  }

  async add(delivery: Delivery): Promise<void> {
    const content = this.#encryption.seal(placeOf(delivery.id), JSON.stringify(delivery.content));
    await insert.run(this.#executor, deliveryCodec.encode({ ...delivery, content }));
  }

  async isAnyDue(kind: string, now: number): Promise<boolean> {
    return (await isAnyDue.first(this.#executor, { kind, now })) !== undefined;
  }

  async list(kind: string, limit: number): Promise<Delivery[]> {
    return (await list.all(this.#executor, { kind, limit })).map((row) => this.#opened(row));
  }

  async claim(kind: string, now: number, until: number): Promise<Delivery | undefined> {
    const row = await claim.first(this.#executor, { kind, now, until });
    return row && this.#opened(row);
  }

  async postpone({ id, attempts }: Claimed, due_at: number): Promise<void> {
    await postpone.run(this.#executor, { id, attempts, due_at });
  }

  async remove({ id, attempts }: Claimed): Promise<boolean> {
    return (await remove.run(this.#executor, { id, attempts })) === 1;
  }

  #opened(row: Tables['delivery']): Delivery {
    const stored = deliveryCodec.decode(row);
    const content = JSON.parse(this.#encryption.open(placeOf(stored.id), stored.content));
    return { ...stored, content };
  }
}

function placeOf(id: string): SealedPlace {
  return { table: 'delivery', column: 'content', row: id };
}
