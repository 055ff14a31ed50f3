import type { Ticket, TicketPurpose, TicketStore } from '../../login/ports.ts';
import type { Row } from '../codecs/codec.ts';
import { ticketCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const { columns } = ticketCodec;
type Presented = { hash: string; purpose: TicketPurpose; now: number };

const insert = prepare((db, p: Placeholders<Row<Ticket>>) =>
  db.insertInto('ticket').values(placeholdersOf(p, columns)),
);
const find = prepare((db, p: Placeholders<Presented>) =>
  db
    .selectFrom('ticket')
    .select(columns)
    .where('hash', '=', p.hash)
    .where('purpose', '=', p.purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', p.now),
);
const redeem = prepare((db, p: Placeholders<Presented>) =>
  db
    .updateTable('ticket')
    .set({ used_at: p.now })
    .where('hash', '=', p.hash)
    .where('purpose', '=', p.purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', p.now)
    .returning(columns),
);
const deleteAllOf = prepare((db, p: Placeholders<Pick<Ticket, 'user_id' | 'purpose'>>) =>
  db.deleteFrom('ticket').where('user_id', '=', p.user_id).where('purpose', '=', p.purpose),
);

export class SqlTicketStore implements TicketStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insert(ticket: Ticket): Promise<void> {
    await insert.run(this.#executor, ticketCodec.encode(ticket));
  }

  async find(hash: string, purpose: TicketPurpose, now: number): Promise<Ticket | undefined> {
    const row = await find.first(this.#executor, { hash, purpose, now });
    return row && ticketCodec.decode(row);
  }

  async redeem(hash: string, purpose: TicketPurpose, now: number): Promise<Ticket | undefined> {
    const row = await redeem.first(this.#executor, { hash, purpose, now });
    return row && ticketCodec.decode(row);
  }

  async deleteAllOf(user_id: string, purpose: TicketPurpose): Promise<void> {
    await deleteAllOf.run(this.#executor, { user_id, purpose });
  }
}
