// By which algorithm, and with which secret, tokens are signed for a client or for a resource server (SG-1, SG-2).
import { hasSecret, type SigningAlgorithm, shortestHmacSecret, signingAlgorithms } from '../model/client.ts';
import type { ClientSettings } from './clients/clients.ts';
import type { Findings, Path } from './findings.ts';

export function supportedAlgorithm(
  alg: string | undefined,
  path: Path,
  findings: Findings,
): SigningAlgorithm {
  if (alg === undefined) return 'RS256';
  const supported = signingAlgorithms.find((algorithm) => algorithm === alg);
  if (supported === undefined) findings.warn(path, `${alg} is not supported yet: RS256 is used`);
  return supported ?? 'RS256';
}

/** ID-16, AT-16. */
export function judgeIdTokenAlgorithm(
  client_secret: string | undefined,
  settings: ClientSettings,
  path: Path,
  findings: Findings,
): void {
  if (settings.jwt_configuration.alg !== 'HS256') return;
  const at = [...path, 'jwt_configuration', 'alg'];
  if (!hasSecret(settings)) {
    findings.problem(at, 'must not be HS256: the client has no client_secret to verify its ID tokens with');
  } else if (client_secret !== undefined)
    judgeHmacSecret(client_secret, [...path, 'client_secret'], findings);
}

/** RFC 7518 §3.2: "A key of the same size as the hash output … or larger MUST be used with this algorithm." */
export function judgeHmacSecret(secret: string, path: Path, findings: Findings): void {
  if (Buffer.byteLength(secret) >= shortestHmacSecret) return;
  findings.problem(path, `must be at least ${shortestHmacSecret} bytes long to sign with HS256`);
}
