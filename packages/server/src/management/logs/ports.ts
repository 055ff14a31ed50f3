// The tenant log, as it is read: what can be searched in it (contract §3.7), and the store.
import type { LogEvent, Requester } from '../../model/events.ts';
import type { Condition, Searchable } from '../search/condition.ts';

export const searchableLog = {
  fields: {
    log_id: 'text',
    date: 'milliseconds',
    type: 'text',
    description: 'text',
    client_id: 'text',
    client_name: 'text',
    connection: 'text',
    connection_id: 'text',
    hostname: 'text',
    ip: 'text',
    organization_id: 'text',
    user_id: 'text',
    user_name: 'text',
    user_agent: 'text',
    strategy: 'text',
    strategy_type: 'text',
  },
  bare: {
    byPrefix: ['user_name', 'connection', 'client_name', 'description'],
    whole: ['type', 'ip', 'log_id'],
  },
} as const satisfies Searchable<string>;
export type LogField = keyof (typeof searchableLog)['fields'];

export interface LogEntry
  extends Partial<Omit<LogEvent, 'type' | 'user_id' | 'client_id' | 'connection_id'>>,
    Requester {
  /** Sorts by time. */
  log_id: string;
  /** In milliseconds. */
  date: number;
  type: string;
  user_id: string | null;
  client_id: string | null;
  connection_id: string | null;
  organization_id?: string;
  organization_name?: string;
}

export interface LogSearch {
  condition: Condition<LogField>;
  oldestFirst: boolean;
  limit: number;
  offset: number;
}

export interface LogReader {
  get(log_id: string): Promise<LogEntry | undefined>;
  /** Oldest first: at most `limit` entries, from the first or behind the one of that id. */
  listAfter(log_id: string, limit: number): Promise<LogEntry[]>;
  /**
   * By time. What no index finds is looked for entry by entry, in small steps, and at last given up: undefined, as a
   * search that must be narrowed.
   */
  find(search: LogSearch): Promise<LogEntry[] | undefined>;
}

export interface LogStores {
  logReader: LogReader;
}
