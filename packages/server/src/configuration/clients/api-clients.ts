// A client that is an API (contract TX-4): which one it is, and for whom it may exchange tokens.

import type { Findings, Path } from '../findings.ts';
import type { ClientSettings } from './clients.ts';

export function judgeApiClient(
  { app_type, resource_server_identifier, token_exchange }: ClientSettings,
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
  // TX-2: an Action judges such tokens.
  token_exchange?.allow_any_profile_of_type.forEach((type, index) => {
    if (type === 'custom_authentication')
      findings.warnOfNoEffect([...path, 'token_exchange', 'allow_any_profile_of_type', index]);
  });
}
