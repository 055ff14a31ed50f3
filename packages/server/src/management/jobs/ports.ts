import type { Job } from '../../model/job.ts';

export interface JobStore {
  insert(job: Job): Promise<void>;
  /** Unless it has expired. */
  find(id: string, now: number): Promise<Job | undefined>;
}

export interface JobStores {
  jobs: JobStore;
}
