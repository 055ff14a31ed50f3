// What screens change: refusals are told, what is stale is read again, and who has to show again who they are is asked.
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useFreshLogin } from '../session/fresh-login.tsx';
import { useApi } from './api.tsx';
import { ApiError, inWords } from './api-error.ts';
import type { ApiAnswer, ApiRequest } from './request.ts';

interface WriteOptions {
  /** Paths, and what is below them, that are read again. */
  stale?: readonly string[];
  /** What is not there any more, with what is below it: it is not read again. */
  gone?: string;
  /** What a toast says when it is done. */
  done?: string;
  /** Called with the words for what was typed (400, 409), which the caller shows beside it. */
  onInvalid?: (message: string) => void;
  /** Other refusals that the caller tells by itself, by returning true. */
  onRefusal?: (error: ApiError) => boolean;
}

export type Write = <T>(request: ApiRequest, options?: WriteOptions) => Promise<ApiAnswer<T> | undefined>;

/** `write` returns undefined if it was refused; the person knows by then. */
export function useWrite(): { write: Write; isWriting: boolean } {
  const api = useApi();
  const queryClient = useQueryClient();
  const askForFreshLogin = useFreshLogin();
  const [running, setRunning] = useState(0);

  async function attempt<T>(request: ApiRequest): Promise<ApiAnswer<T> | undefined> {
    try {
      return await api<T>(request);
    } catch (error) {
      if (!(error instanceof ApiError && error.needsFreshLogin)) throw error;
      return (await askForFreshLogin()) ? await api<T>(request) : undefined;
    }
  }

  const write: Write = async <T,>(
    request: ApiRequest,
    { stale = [], gone, done, onInvalid, onRefusal }: WriteOptions = {},
  ) => {
    setRunning((count) => count + 1);
    try {
      const answer = await attempt<T>(request);
      if (answer === undefined) return undefined;
      await queryClient.invalidateQueries({
        predicate: ({ queryKey: [path] }) =>
          stale.some((prefix) => isBelow(String(path), prefix)) &&
          (gone === undefined || !isBelow(String(path), gone)),
      });
      if (done !== undefined) notifications.show({ message: done, color: 'green' });
      return answer;
    } catch (error) {
      if (error instanceof ApiError && onRefusal?.(error)) return undefined;
      const isInvalid = error instanceof ApiError && (error.status === 400 || error.status === 409);
      if (onInvalid !== undefined && isInvalid) {
        onInvalid(error.message);
        return undefined;
      }
      tellRefusal(error);
      return undefined;
    } finally {
      setRunning((count) => count - 1);
    }
  };
  return { write, isWriting: running > 0 };
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

export function tellRefusal(error: unknown): void {
  notifications.show({
    title: 'That did not work',
    message: inWords(error),
    color: 'red',
    autoClose: 10_000,
  });
}
