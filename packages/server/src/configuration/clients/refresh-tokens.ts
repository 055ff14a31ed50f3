// A client's `refresh_token`: how its refresh tokens rotate and how long they live.
import type { RefreshTokenConfiguration } from '../../model/client.ts';
import type { Findings, Path } from '../findings.ts';
import type { ClientEntry } from './client-schema.ts';
import type { ClientSettings } from './clients.ts';
import type { ClientDefaults } from './defaults.ts';

/** RT-11, RT-12, RT-15, DIS-24. A member left out follows from those that are given. */
export function resolveRefreshToken(
  given: NonNullable<ClientEntry['refresh_token']>,
  defaults: RefreshTokenConfiguration,
  oidc_conformant: boolean,
): RefreshTokenConfiguration {
  const rotation_type = given.rotation_type ?? (oidc_conformant ? defaults.rotation_type : 'non-rotating');
  const expiration_type =
    given.expiration_type ?? (rotation_type === 'rotating' ? 'expiring' : defaults.expiration_type);
  const infinite = expiration_type === 'non-expiring';
  const token_lifetime =
    given.token_lifetime ?? Math.max(defaults.token_lifetime, given.idle_token_lifetime ?? 0);
  return {
    rotation_type,
    expiration_type,
    leeway: given.leeway ?? defaults.leeway,
    token_lifetime,
    infinite_token_lifetime: given.infinite_token_lifetime ?? infinite,
    idle_token_lifetime: given.idle_token_lifetime ?? Math.min(defaults.idle_token_lifetime, token_lifetime),
    infinite_idle_token_lifetime: given.infinite_idle_token_lifetime ?? infinite,
    retry_safe: given.retry_safe ?? null,
    retry_window: given.retry_window ?? null,
    policies: given.policies ?? null,
  };
}

export function judgeRefreshToken(
  { app_type, refresh_token, oidc_conformant }: ClientSettings,
  path: Path,
  findings: Findings,
  { endsSpaRefreshTokens }: ClientDefaults,
): void {
  const { infinite_token_lifetime, infinite_idle_token_lifetime } = refresh_token;
  const at = (key: string) => [...path, 'refresh_token', key];
  if (refresh_token.rotation_type === 'rotating' && !oidc_conformant) {
    // RT-15. Without the grant type there are no refresh tokens to rotate.
    findings.problem(at('rotation_type'), 'must not be rotating unless the client is oidc_conformant');
  }
  const unending = infinite_token_lifetime && infinite_idle_token_lifetime;
  if (refresh_token.expiration_type === 'non-expiring' || unending) {
    const key =
      refresh_token.expiration_type === 'non-expiring' ? 'expiration_type' : 'infinite_token_lifetime';
    if (app_type === 'spa' && endsSpaRefreshTokens) {
      findings.problem(
        at(key),
        'must not let the refresh tokens of an spa live for ever: make them expiring',
      );
    } else if (refresh_token.rotation_type === 'rotating') {
      findings.problem(at(key), 'must not let rotating refresh tokens live for ever: make them expiring');
    }
    return;
  }
  if (infinite_token_lifetime || infinite_idle_token_lifetime) return;
  if (refresh_token.idle_token_lifetime > refresh_token.token_lifetime) {
    findings.problem(
      at('idle_token_lifetime'),
      `must not be longer than token_lifetime (${refresh_token.token_lifetime})`,
    );
  }
}
