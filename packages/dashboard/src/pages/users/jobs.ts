// Work that goes on after its answer: importing and exporting users.
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';

export interface Job {
  id: string;
  type: 'users_import' | 'users_export';
  status: 'pending' | 'processing' | 'completed' | 'failed';
  created_at: string;
  connection?: string;
  format?: 'csv' | 'json';
  /** Where an export is: for ten minutes. */
  location?: string;
  percentage_done?: number;
  summary?: { failed: number; updated: number; inserted: number; total: number };
}

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
