import { sql } from 'kysely';
import type { DeviceApproval, DeviceCode, DeviceCodeStore } from '../../oauth/device-codes.ts';
import type { Row } from '../codecs/codec.ts';
import { deviceCodeCodec } from '../codecs/tokens.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const insert = prepare((db, p: Placeholders<Row<DeviceCode>>) =>
  db
    .insertInto('device_code')
    .values(placeholdersOf(p, deviceCodeCodec.columns))
    .onConflict((conflict) => conflict.column('user_code').doNothing()),
);
const find = prepare((db, p: Placeholders<{ hash: string }>) =>
  db.selectFrom('device_code').select(deviceCodeCodec.columns).where('hash', '=', p.hash),
);
const findUndecided = prepare((db, p: Placeholders<{ user_code: string; now: number }>) =>
  db
    .selectFrom('device_code')
    .select(deviceCodeCodec.columns)
    .where('user_code', '=', p.user_code)
    .where('approved_at', 'is', null)
    .where('denied_at', 'is', null)
    .where('expires_at', '>', p.now),
);
const approve = prepare((db, p: Placeholders<Row<DeviceApproval> & { hash: string; now: number }>) =>
  db
    .updateTable('device_code')
    .set({
      approved_at: p.now,
      scope: p.scope,
      user_id: p.user_id,
      epoch: p.epoch,
      sid: p.sid,
    })
    .where('hash', '=', p.hash)
    .where('approved_at', 'is', null)
    .where('denied_at', 'is', null)
    .where('expires_at', '>', p.now),
);
const deny = prepare((db, p: Placeholders<{ hash: string; now: number }>) =>
  db
    .updateTable('device_code')
    .set({ denied_at: p.now })
    .where('hash', '=', p.hash)
    .where('approved_at', 'is', null)
    .where('denied_at', 'is', null)
    .where('expires_at', '>', p.now),
);
const end = prepare((db, p: Placeholders<{ hash: string; client_id: string; now: number }>) =>
  db
    .updateTable('device_code')
    .set({ ended_at: p.now })
    .where('hash', '=', p.hash)
    .where('client_id', '=', p.client_id)
    .where('ended_at', 'is', null)
    .where('denied_at', 'is', null)
    .where((or) => or.or([or('approved_at', 'is not', null), or('expires_at', '<=', p.now)]))
    .returning(deviceCodeCodec.columns),
);
const recordPoll = prepare((db, p: Placeholders<{ hash: string; now: number }>) =>
  db
    .updateTable('device_code')
    .set({ polled_at: p.now })
    .where('hash', '=', p.hash)
    .where((or) =>
      or.or([or('polled_at', 'is', null), or(sql<number>`polled_at + "interval"`, '<=', p.now)]),
    ),
);
const lengthenInterval = prepare((db, p: Placeholders<{ hash: string; seconds: number }>) =>
  db
    .updateTable('device_code')
    .set((set) => ({ interval: set('interval', '+', p.seconds) }))
    .where('hash', '=', p.hash),
);

export class SqlDeviceCodeStore implements DeviceCodeStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insert(code: DeviceCode): Promise<boolean> {
    return (await insert.run(this.#executor, deviceCodeCodec.encode(code))) === 1;
  }

  async find(hash: string): Promise<DeviceCode | undefined> {
    const row = await find.first(this.#executor, { hash });
    return row && deviceCodeCodec.decode(row);
  }

  async findUndecided(user_code: string, now: number): Promise<DeviceCode | undefined> {
    const row = await findUndecided.first(this.#executor, { user_code, now });
    return row && deviceCodeCodec.decode(row);
  }

  async approve(hash: string, { scope, ...approval }: DeviceApproval, now: number): Promise<boolean> {
    const parameters = { ...approval, scope: JSON.stringify(scope), hash, now };
    return (await approve.run(this.#executor, parameters)) === 1;
  }

  async deny(hash: string, now: number): Promise<boolean> {
    return (await deny.run(this.#executor, { hash, now })) === 1;
  }

  async end(hash: string, client_id: string, now: number): Promise<DeviceCode | undefined> {
    const row = await end.first(this.#executor, { hash, client_id, now });
    return row && deviceCodeCodec.decode(row);
  }

  async recordPoll(hash: string, now: number): Promise<boolean> {
    return (await recordPoll.run(this.#executor, { hash, now })) === 1;
  }

  async lengthenInterval(hash: string, seconds: number): Promise<void> {
    await lengthenInterval.run(this.#executor, { hash, seconds });
  }
}
