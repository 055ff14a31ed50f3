// Operations of Auth0's Management API that this server does not have. Auth0's tools call them all the same, and pass over
// a resource that they may not see: the one answer that all of them take (contract §4.3).

import type { ManagementRequest } from './answer.ts';
import { identifyCaller } from './authorization.ts';
import { insufficientScope } from './errors.ts';
import { routes } from './index.ts';
import operations from './operations.json' with { type: 'json' };
import type { ManagementPorts } from './ports.ts';

export interface Unserved {
  method: string;
  /** As of a route. */
  path: string;
  /** Those that Auth0 asks for. */
  scopes: readonly string[];
}

const served = new Set(routes.map(({ method, path }) => `${method} ${path}`));

export const unserved: readonly Unserved[] = Object.entries(operations)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, scopes]) => ({ method, path, scopes: scopes.split(' ') })),
  )
  .filter(({ method, path }) => !served.has(`${method} ${path}`));

/** Throws ManagementError: 401 for who does not show a token, 403 for all others. */
export async function refuseUnserved(
  { scopes }: Unserved,
  { presented, requester }: ManagementRequest,
  ports: ManagementPorts,
): Promise<never> {
  await identifyCaller(presented, requester, ports);
  throw insufficientScope(scopes);
}
