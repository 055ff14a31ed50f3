// Importing the users of a file, after the answer (contract §6.1): a few in each transaction, with how far it came, so
// that a restart goes on where it stopped and no user is imported twice.
import { z } from 'zod';
import { type Connection, isDatabase } from '../../model/connection.ts';
import type { DeliveryKind } from '../../model/delivery.ts';
import type { Job } from '../../model/job.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { importUser } from './import-user.ts';
import { withoutSecrets } from './imported-user.ts';
import type { ImportFailure } from './ports.ts';

export const usersImport = 'users_import';

const usersImportSchema = z.strictObject({
  job_id: z.string(),
  upsert: z.boolean(),
  users: z.array(z.unknown()),
});
type UsersImport = z.infer<typeof usersImportSchema>;

export const noneYet = { failed: 0, updated: 0, inserted: 0, total: 0 };
const progressSchema = z.object({
  summary: z.object({ failed: z.int(), updated: z.int(), inserted: z.int(), total: z.int() }),
});

/** Users of one transaction. */
const usersAtOnce = 50;

export function usersImportKind(ports: ManagementPorts): DeliveryKind {
  return {
    kind: usersImport,
    retries: [1, 10, 60, 600],
    async attempt({ content }) {
      const asked = usersImportSchema.parse(content);
      while (await goOn(asked, ports));
      return { outcome: 'sent' };
    },
  };
}

/** False once everything is done. */
function goOn(asked: UsersImport, ports: ManagementPorts): Promise<boolean> {
  return ports.unitOfWork.transaction(async (stores) => {
    const job = await stores.jobs.lock(asked.job_id, ports.clock.now());
    if (job === undefined || (job.status !== 'pending' && job.status !== 'processing')) return false;
    const connection = await stores.connections.find(job.connection_id ?? '');
    // The connection went meanwhile, and its users with it.
    if (connection === undefined || !isDatabase(connection)) {
      await stores.jobs.update({ ...job, status: 'failed' });
      return false;
    }
    return importSome(asked, job, connection, stores, ports);
  });
}

async function importSome(
  { users, upsert }: UsersImport,
  job: Job,
  connection: Extract<Connection, { strategy: 'auth0' }>,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<boolean> {
  const { summary } = progressSchema.parse(job.described);
  const failures: ImportFailure[] = [];
  for (const entry of users.slice(summary.total, summary.total + usersAtOnce)) {
    const outcome = await importUser(entry, { connection, upsert }, stores, ports);
    summary.total += 1;
    if (typeof outcome === 'string') summary[outcome] += 1;
    else {
      summary.failed += 1;
      failures.push({ user: withoutSecrets(entry), errors: outcome });
    }
  }
  await stores.jobs.addErrors(job.id, failures);
  const isDone = summary.total >= users.length;
  const { percentage_done: _before, ...rest } = job.described;
  const progress = isDone ? {} : { percentage_done: Math.floor((summary.total / users.length) * 100) };
  const described = { ...rest, summary, ...progress };
  await stores.jobs.update({ id: job.id, status: isDone ? 'completed' : 'processing', described });
  return !isDone;
}
