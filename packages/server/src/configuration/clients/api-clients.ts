// A client that is an API (contract TX-4): which one it is.

import type { Findings, Path } from '../findings.ts';
import type { ClientSettings } from './clients.ts';

export function judgeApiClient(
  { app_type, resource_server_identifier }: ClientSettings,
  path: Path,
  findings: Findings,
): void {
  const at = [...path, 'resource_server_identifier'];
  if (app_type === 'resource_server' && resource_server_identifier === null) {
    findings.problem(at, 'is missing: give the identifier of the resource server that the client is');
  }
  if (app_type !== 'resource_server' && resource_server_identifier !== null) {
    findings.problem(at, 'belongs to clients of the app_type resource_server alone');
  }
}
