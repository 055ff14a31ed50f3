// What a client with a `compliance_level` must be (FAPI 2.0 Security Profile §5.3.2 and §5.4): the rest is asked of its
// requests.
import { authenticationMethodOf, isFapi } from '../../model/client.ts';
import type { Findings, Path } from '../findings.ts';
import type { ClientSettings } from './clients.ts';

/** FAPI 2.0 Security Profile §5.4.1 */
const algorithms: readonly string[] = ['PS256', 'ES256'];

export function judgeCompliance(settings: ClientSettings, path: Path, findings: Findings): void {
  if (!isFapi(settings)) return;
  const { compliance_level: level, refresh_token, jwt_configuration } = settings;
  const problem = (at: Path, text: string) =>
    findings.problem([...path, ...at], `${text}: ${level} asks for it`);
  const method = authenticationMethodOf(settings);
  const isRight = level.includes('_pkj_')
    ? method === 'private_key_jwt'
    : method?.endsWith('tls_client_auth');
  if (!isRight) {
    const wanted = level.includes('_pkj_')
      ? 'private_key_jwt'
      : 'tls_client_auth or self_signed_tls_client_auth';
    problem(['client_authentication_methods'], `must be ${wanted}`);
  }
  const keys = {
    client_authentication_methods: settings.client_authentication_methods?.private_key_jwt?.credentials ?? [],
    signed_request_object: settings.signed_request_object?.credentials ?? [],
  };
  for (const [name, credentials] of Object.entries(keys)) {
    if (credentials.some(({ alg }) => !algorithms.includes(alg))) {
      problem([name], 'must have keys for PS256 or ES256');
    }
  }
  if (!algorithms.includes(jwt_configuration.alg))
    problem(['jwt_configuration', 'alg'], 'must be PS256 or ES256');
  // FAPI 2.0 Security Profile §5.3.2.1: "shall reject requests using the resource owner password credentials grant"
  if (settings.grant_types.some((grant_type) => /\bpassword\b/.test(grant_type))) {
    problem(['grant_types'], 'must not have the password grants');
  }
  if (refresh_token.rotation_type === 'rotating') {
    problem(['refresh_token', 'rotation_type'], 'must be non-rotating');
  }
  for (const name of ['require_pushed_authorization_requests', 'require_proof_of_possession'] as const) {
    if (!settings[name]) problem([name], 'must be true');
  }
}
