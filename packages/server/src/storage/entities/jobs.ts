import type { JobStore } from '../../management/jobs/ports.ts';
import type { Job } from '../../model/job.ts';
import type { Row } from '../codecs/codec.ts';
import { jobCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const insert = prepare((db, p: Placeholders<Row<Job>>) =>
  db.insertInto('job').values(placeholdersOf(p, jobCodec.columns)),
);
const find = prepare((db, p: Placeholders<{ id: string; now: number }>) =>
  db.selectFrom('job').select(jobCodec.columns).where('id', '=', p.id).where('expires_at', '>', p.now),
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
}
