import { sql } from 'kysely';
import type { ImportFailure, JobStore } from '../../management/jobs/ports.ts';
import type { Job } from '../../model/job.ts';
import type { Row } from '../codecs/codec.ts';
import { jobCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare, rowLock } from '../prepared.ts';

const insert = prepare((db, p: Placeholders<Row<Job>>) =>
  db.insertInto('job').values(placeholdersOf(p, jobCodec.columns)),
);
const find = prepare((db, p: Placeholders<{ id: string; now: number }>) =>
  db.selectFrom('job').select(jobCodec.columns).where('id', '=', p.id).where('expires_at', '>', p.now),
);
const lock = prepare((db, p: Placeholders<{ id: string; now: number }>, engine) =>
  db
    .selectFrom('job')
    .select(jobCodec.columns)
    .where('id', '=', p.id)
    .where('expires_at', '>', p.now)
    .modifyEnd(rowLock(engine, 'job')),
);
const update = prepare((db, p: Placeholders<Pick<Row<Job>, 'id' | 'status' | 'described'>>) =>
  db.updateTable('job').set({ status: p.status, described: p.described }).where('id', '=', p.id),
);
const countActive = prepare((db, p: Placeholders<{ type: Job['type']; now: number }>) =>
  db
    .selectFrom('job')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('expires_at', '>', p.now)
    .where('type', '=', p.type)
    .where('status', 'in', ['pending', 'processing']),
);
const addErrors = prepare((db, p: Placeholders<{ id: string; lines: string }>) =>
  db
    .updateTable('job')
    .set({ result: sql<string>`coalesce(result, '') || ${p.lines}` })
    .where('id', '=', p.id),
);
const findErrors = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('job').select('result').where('id', '=', p.id),
);

export class SqlJobStore implements JobStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insert(job: Job): Promise<void> {
    await insert.run(this.#executor, jobCodec.encode(job));
  }

  async find(id: string, now: number): Promise<Job | undefined> {
    const row = await find.first(this.#executor, { id, now });
    return row && jobCodec.decode(row);
  }

  async lock(id: string, now: number): Promise<Job | undefined> {
    const row = await lock.first(this.#executor, { id, now });
    return row && jobCodec.decode(row);
  }

  async update({ id, status, described }: Pick<Job, 'id' | 'status' | 'described'>): Promise<void> {
    await update.run(this.#executor, { id, status, described: JSON.stringify(described) });
  }

  async countActive(type: Job['type'], now: number): Promise<number> {
    return (await countActive.first(this.#executor, { type, now }))?.count ?? 0;
  }

  async addErrors(id: string, errors: readonly ImportFailure[]): Promise<void> {
    if (errors.length === 0) return;
    const lines = errors.map((error) => `${JSON.stringify(error)}\n`).join('');
    await addErrors.run(this.#executor, { id, lines });
  }

  async listErrors(id: string): Promise<ImportFailure[]> {
    const lines = (await findErrors.first(this.#executor, { id }))?.result ?? '';
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as ImportFailure]));
  }
}
