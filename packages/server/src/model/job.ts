// What a job is (contract §3.7): work that was asked for in one request, and is told of in others.
export interface Job {
  id: string;
  type: 'verification_email' | 'users_import' | 'users_export';
  status: 'pending' | 'processing' | 'completed' | 'failed';
  connection_id: string | null;
  connection: string | null;
  /** What else the API tells of it, by the type of the job. */
  described: Record<string, unknown>;
  created_at: number;
  expires_at: number;
}

/** Auth0: "data kept 24 h" (§6.1). In seconds. */
export const jobsKeptFor = 86_400;
