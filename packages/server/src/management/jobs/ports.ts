import type { Job } from '../../model/job.ts';
import type { Identity, User } from '../../model/user.ts';

export interface JobStore {
  insert(job: Job): Promise<void>;
  /** Unless it has expired. */
  find(id: string, now: number): Promise<Job | undefined>;
  /** As `find`; nobody else goes on with it until this transaction ends. */
  lock(id: string, now: number): Promise<Job | undefined>;
  /** Its status and what is told of it. */
  update(job: Pick<Job, 'id' | 'status' | 'described'>): Promise<void>;
  /** Those of the type that have not ended. */
  countActive(type: Job['type'], now: number): Promise<number>;
  /** Adds to what went wrong. */
  addErrors(id: string, errors: readonly ImportFailure[]): Promise<void>;
  /** In the order in which they were added. */
  listErrors(id: string): Promise<ImportFailure[]>;
}

export interface ExportPage {
  /** Of one connection those alone who are named after an identity of it. */
  connection_id: string | null;
  after: string;
  limit: number;
}

export interface ExportedUserStore {
  /** The first so many users after the one whose key is `after`, with their identities. */
  listAfter(page: ExportPage): Promise<{
    items: { user: User; identities: Identity[] }[];
    /** The key of the last, iff there may be others. */
    next: string | undefined;
  }>;
}

export interface JobStores {
  jobs: JobStore;
  exportedUsers: ExportedUserStore;
}

/** The user as the file had it, without secrets, and what is wrong. */
export interface ImportFailure {
  user: Record<string, unknown>;
  errors: ImportError[];
}

export interface ImportError {
  /** Contract §6.1. */
  code: string;
  message: string;
  path?: string;
}
