// Software that calls the Management API by `fetch`, listened to: each answer is held against Auth0's description.
import { vi } from 'vitest';
import { operationAt } from './management-api.ts';
import { holdAgainstOpenApi } from './openapi.ts';

/** From now on, until `vi.unstubAllGlobals`. Gives the operations that were called, as `GET /roles`, while they are called. */
export function judgeFetch(issuer: string): ReadonlySet<string> {
  const called = new Set<string>();
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (...[input, init]: Parameters<typeof fetch>) => {
    const request = new Request(input, init);
    const sent = request.headers.get('content-type')?.startsWith('application/json')
      ? await request.clone().text()
      : undefined;
    const answer = await fetch(request);
    const { origin, pathname: path } = new URL(request.url);
    if (origin !== new URL(issuer).origin) return answer;
    const { method } = request;
    const operation = operationAt(method, path);
    if (operation !== undefined && answer.ok) called.add(`${method} ${operation.path}`);
    const contentType = answer.headers.get('content-type') ?? undefined;
    const text = await answer.clone().text();
    holdAgainstOpenApi({ method, path, status: answer.status, contentType, text, sent: sent || undefined });
    return answer;
  });
  return called;
}
