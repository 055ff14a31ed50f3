// Work that goes on after its answer: importing and exporting users.
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Answer } from '../../api/types.ts';

export type Job = Answer<'GET /jobs/{id}'>;

/** Milliseconds. */
const whileItRuns = 1000;
/** Before the link of an export is good no more. */
const whileItLies = 300_000;

export function isRunning({ status }: Pick<Job, 'status'>): boolean {
  return status === 'pending' || status === 'processing';
}

/** Read again and again until it has ended. */
export function useJob(id: string) {
  return useRead<Job>(
    path`/jobs/${id}`,
    {},
    {
      refetchInterval: ({ state }) => {
        const job = (state.data as { value: Job } | undefined)?.value;
        if (job === undefined) return false;
        if (isRunning(job)) return whileItRuns;
        return job.type === 'users_export' ? whileItLies : false;
      },
    },
  );
}
