// The last calls that the screens have made, for whoever wants to do the same by script.
import { useSyncExternalStore } from 'react';
import type { ApiRequest } from './request.ts';

export interface RecentCall {
  id: number;
  request: ApiRequest;
  /** Undefined while it runs; 0 if there was no answer. */
  status: number | undefined;
}

const kept = 30;
let calls: readonly RecentCall[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly RecentCall[]): void {
  calls = next;
  for (const listener of listeners) listener();
}

/** The newest first. Returns what tells the answer's status. */
export function recordCall(request: ApiRequest): (status: number) => void {
  lastId += 1;
  const id = lastId;
  change([{ id, request, status: undefined }, ...calls].slice(0, kept));
  return (status) => change(calls.map((call) => (call.id === id ? { ...call, status } : call)));
}

export function useRecentCalls(): readonly RecentCall[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => calls,
  );
}
