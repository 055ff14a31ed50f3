// Who calls the Management API: the person who is signed in, by the SDK's token.
import { createContext, type ReactNode, use } from 'react';
import { ApiError } from './api-error.ts';
import { recordCall } from './recent-calls.ts';
import { type ApiAnswer, type ApiRequest, send } from './request.ts';

export type Api = <T>(request: ApiRequest, signal?: AbortSignal) => Promise<ApiAnswer<T>>;

const ApiContext = createContext<Api | undefined>(undefined);

export function ApiProvider({
  getToken,
  children,
}: {
  getToken: (options?: { renewed: boolean }) => Promise<string>;
  children: ReactNode;
}) {
  const api: Api = async (request, signal) => {
    const answered = recordCall(request);
    try {
      const answer = await sendAgain(request, signal, getToken);
      answered(200);
      return answer as ApiAnswer<never>;
    } catch (error) {
      answered(error instanceof ApiError ? error.status : 0);
      throw error;
    }
  };
  return <ApiContext value={api}>{children}</ApiContext>;
}

/** A token may have been revoked before its time: a new one is worth one attempt. */
async function sendAgain(
  request: ApiRequest,
  signal: AbortSignal | undefined,
  getToken: (options?: { renewed: boolean }) => Promise<string>,
): Promise<ApiAnswer<unknown>> {
  try {
    return await send(request, await getToken(), signal);
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status === 401 && !error.needsFreshLogin;
    if (!isRefused) throw error;
    return await send(request, await getToken({ renewed: true }), signal);
  }
}

export function useApi(): Api {
  const api = use(ApiContext);
  if (api === undefined) throw new Error('Nobody is signed in here');
  return api;
}
