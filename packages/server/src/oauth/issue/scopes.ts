// Which of the requested scopes are granted, and which claims of the user each scope releases
// (OpenID Connect Core §5.4; contract AZ-7, AZ-8, AC-15, ID-4 to ID-7).
import type { Client } from '../../model/client.ts';
import type { ResourceAccess } from './resource-access.ts';

/** ID-7: a claim's own name works as a scope too. */
export const claimsOfScope: ReadonlyMap<string, readonly string[]> = new Map([
  ['openid', []],
  ['profile', ['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'picture', 'updated_at']],
  ['email', ['email', 'email_verified']],
  ['phone', ['phone_number', 'phone_number_verified']],
  ['address', ['address']],
  ...['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'picture', 'email_verified'].map(
    (claim): [string, string[]] => [claim, [claim]],
  ),
  ['phone_number', ['phone_number']],
  ['phone_number_verified', ['phone_number_verified']],
  ['updated_at', ['updated_at']],
  ['created_at', ['created_at']],
  ['identities', ['identities']],
]);

/** What asks for a refresh token: one that outlives the session, or one that ends with it (RT-20). */
export const refreshScopes = ['offline_access', 'online_access'] as const;

export function isRefreshScope(scope: string): scope is (typeof refreshScopes)[number] {
  return refreshScopes.some((name) => name === scope);
}

/** Where no browser's session is there to end it, a refresh token cannot be bound to one. */
export function withoutOnlineAccess(requested: string[]): string[] {
  return requested.filter((scope) => scope !== 'online_access');
}

/**
 * AZ-8, AT-11: scopes that are neither OpenID Connect's nor the client's at the resource server are dropped.
 * AC-15, RT-20: a scope that asks for a refresh token stays only if the resource server allows it and the client may
 * refresh.
 */
export function grantedScopes(
  requested: string[],
  client: Client,
  access: ResourceAccess | undefined,
): string[] {
  return requested.filter((scope) => {
    if (isRefreshScope(scope)) {
      return (
        client.grant_types.includes('refresh_token') && (access?.resourceServer[`allow_${scope}`] ?? true)
      );
    }
    return claimsOfScope.has(scope) || access?.scopes.includes(scope) === true;
  });
}
