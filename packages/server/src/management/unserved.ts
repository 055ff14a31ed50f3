// Operations of Auth0's Management API that this server does not have. Auth0's tools call them all the same, and pass over
// a resource that they may not see: the one answer that all of them take (contract §4.3).

import type { ManagementRequest } from './answer.ts';
import { identifyCaller } from './authorization.ts';
import { insufficientScope, ManagementError } from './errors.ts';
import { routes } from './index.ts';
import { recordRefusal } from './log.ts';
import operations from './operations.json' with { type: 'json' };
import type { ManagementPorts } from './ports.ts';
import type { Caller, Route } from './route.ts';

export interface Unserved {
  method: Route['method'];
  /** As of a route. */
  path: string;
  /** Those that Auth0 asks for. */
  scopes: Route['scopes'];
}

const served = new Set(routes.map(({ method, path }) => `${method} ${path}`));

export const unserved: readonly Unserved[] = Object.entries(operations)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, scopes]) => ({
      method: method as Unserved['method'],
      path,
      scopes: scopes.split(' ') as [string, ...string[]],
    })),
  )
  .filter(({ method, path }) => !served.has(`${method} ${path}`));

/** Throws ManagementError: 401 for who does not show a token, 403 for all others. */
export async function refuseUnserved(
  operation: Unserved,
  request: ManagementRequest,
  ports: ManagementPorts,
): Promise<never> {
  let caller: Caller | undefined;
  try {
    caller = await identifyCaller(request.presented, request.requester, ports);
    throw insufficientScope(operation.scopes);
  } catch (error) {
    // Those tools read whatever there might be: that alone leaves nothing.
    const isRead = caller !== undefined && operation.method === 'GET';
    if (error instanceof ManagementError && !isRead)
      await recordRefusal(error, operation, request, caller, ports);
    throw error;
  }
}
