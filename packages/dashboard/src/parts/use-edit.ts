// Editing one thing: what was stored, what was changed since, and saving just that. The ETag of what was shown goes
// along, so that two people who edit at once lose nothing unseen.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api.tsx';
import type { ApiError } from '../api/api-error.ts';
import type { ReadKey } from '../api/reading.ts';
import type { ApiAnswer, ApiRequest } from '../api/request.ts';
import { tellRefusal, useWrite } from '../api/writing.tsx';

export interface Edit<T> {
  value: T;
  /** `null` unsets a member. */
  set(changes: Partial<T>): void;
  isDirty: boolean;
  isSaving: boolean;
  /** What saving would send. */
  request: ApiRequest;
  save(): Promise<boolean>;
  reset(): void;
  /** The words for a property that the server has refused: `errorOf('callbacks')`. */
  errorOf(property: string): string | undefined;
  /** What somebody else has made of it, once saving has met that. */
  conflict: ApiAnswer<T> | undefined;
  takeTheirs(): void;
  saveOverTheirs(): Promise<boolean>;
}

interface EditOptions {
  path: string;
  method?: 'PATCH' | 'PUT';
  stale?: readonly string[];
  done?: string;
}

/** The changes are given by top-level members, as PATCH takes them. */
export function useEdit<T extends object>(stored: ApiAnswer<T>, options: EditOptions): Edit<T> {
  const { path, method = 'PATCH', stale = [], done = 'Saved' } = options;
  const api = useApi();
  const queryClient = useQueryClient();
  const { write, isWriting } = useWrite();
  const [base, setBase] = useState(stored);
  const [changes, setChanges] = useState<Partial<T>>({});
  const [refused, setRefused] = useState<ApiError>();
  const [conflict, setConflict] = useState<ApiAnswer<T>>();
  const isDirty = Object.keys(changes).length > 0;
  // What is read anew is shown at once, unless it would take away what somebody is typing.
  if (stored !== base && !isDirty && conflict === undefined) setBase(stored);

  async function saveOver(etag: string | undefined): Promise<boolean> {
    setRefused(undefined);
    const sent = changes;
    let met: ApiError | undefined;
    const answer = await write<T>(
      { method, path, body: sent, ifMatch: etag },
      {
        stale: [path, ...stale],
        done,
        onRefusal: (error) => {
          met = error;
          return error.isConflict || error.property !== undefined;
        },
      },
    );
    if (answer === undefined) {
      if (met?.isConflict) await meetTheirs();
      else if (met?.property !== undefined) refuse(met);
      return false;
    }
    setConflict(undefined);
    // What was typed while the answer was on its way is not saved yet.
    setChanges((now) => onlyChanged(answer.value, onlyChanged(sent, now)));
    // Read again by now; the answer to a change has no ETag, without which the next one would go over whatever is there.
    setBase(queryClient.getQueryData<ApiAnswer<T>, ReadKey>([path, {}]) ?? answer);
    return true;
  }

  /** What is stored now is what every reader of it shows from here on. */
  async function meetTheirs(): Promise<void> {
    const theirs = await api<T>({ method: 'GET', path });
    queryClient.setQueryData<ApiAnswer<T>, ReadKey>([path, {}], theirs);
    setConflict(theirs);
  }

  function refuse(error: ApiError): void {
    setRefused(error);
    tellRefusal(error);
  }

  return {
    value: { ...base.value, ...changes },
    set: (more) => setChanges((before) => onlyChanged(base.value, { ...before, ...more })),
    isDirty,
    isSaving: isWriting,
    request: { method, path, body: changes },
    save: () => saveOver(base.etag),
    reset: () => {
      setChanges({});
      setRefused(undefined);
    },
    errorOf: (property) => (refused?.property?.split(/[.[]/)[0] === property ? refused.message : undefined),
    conflict,
    takeTheirs: () => {
      if (conflict !== undefined) setBase(conflict);
      setConflict(undefined);
      setChanges({});
    },
    saveOverTheirs: () => saveOver(conflict?.etag),
  };
}

function onlyChanged<T extends object>(stored: Partial<T>, changes: Partial<T>): Partial<T> {
  const changed = Object.entries(changes).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name as keyof T]),
  );
  return Object.fromEntries(changed) as Partial<T>;
}

/** The names of the top-level members in which the two differ. */
export function differences(one: object, other: object): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const [first, second] = [one, other] as Record<string, unknown>[];
  return [...names].filter((name) => JSON.stringify(first?.[name]) !== JSON.stringify(second?.[name]));
}
