// The UserInfo endpoint (OpenID Connect Core §5.3; contract UI-*): claims of the user that an access token is for.
import type { TenantSettings } from '../../model/tenant.ts';
import { dialectOf } from '../dialect.ts';
import { InsufficientScope, InvalidToken } from '../errors.ts';
import { claimsOf } from '../issue/claims.ts';
import { readAccessToken, type TokenPorts } from '../issue/tokens.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';

export interface UserinfoPorts extends TokenPorts {
  unitOfWork: UnitOfWork<Pick<OAuthStores, 'authorizations' | 'users'>>;
  settings: TenantSettings;
}

/** Throws InvalidToken (401) or InsufficientScope (403). */
export async function answerUserinfo(
  access_token: string | undefined,
  ports: UserinfoPorts,
): Promise<Record<string, unknown>> {
  const token = access_token === undefined ? undefined : await readAccessToken(access_token, ports);
  if (token === undefined) throw invalidToken();
  const { authorizations, users } = ports.unitOfWork.read;
  const user = await authorizations.findTokenSubject(token);
  if (user === undefined) throw invalidToken();
  if (!token.scope.includes('openid'))
    throw new InsufficientScope('The access token was not granted the scope openid');
  const identities = token.scope.includes('identities') ? await users.listIdentities(user.user_id) : [];
  return { sub: user.user_id, ...claimsOf(user, token.scope, dialectOf(ports.settings), identities) };
}

function invalidToken(): InvalidToken {
  return new InvalidToken('The access token is invalid or has expired');
}
