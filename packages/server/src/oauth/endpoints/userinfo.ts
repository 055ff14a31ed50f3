// The UserInfo endpoint (OpenID Connect Core §5.3; contract UI-*): claims of the user that an access token is for.
import { isStrictThirdParty } from '../../model/client.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { dialectOf } from '../dialect.ts';
import { AccessDenied, InsufficientScope } from '../errors.ts';
import { claimsOf } from '../issue/claims.ts';
import type { TokenPorts } from '../issue/tokens.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import type { DpopPorts } from '../proof/dpop.ts';
import { acceptAccessToken, invalidToken, type PresentedToken } from '../proof/presented-token.ts';

export interface UserinfoPorts extends TokenPorts, DpopPorts {
  unitOfWork: UnitOfWork<Pick<OAuthStores, 'authorizations' | 'users'>>;
  settings: TenantSettings;
}

/** Throws InvalidToken, InvalidDpopProof, UseDpopNonce (401), InsufficientScope or AccessDenied (403). */
export async function answerUserinfo(
  presented: PresentedToken | undefined,
  ports: UserinfoPorts,
): Promise<Record<string, unknown>> {
  const token = await acceptAccessToken(presented, ports);
  // UI-11
  if (isStrictThirdParty(token)) throw new AccessDenied('Third-party clients may not ask who the user is');
  const { authorizations, users } = ports.unitOfWork.read;
  const user = await authorizations.findTokenSubject(token);
  if (user === undefined) throw invalidToken();
  if (!token.scope.includes('openid'))
    throw new InsufficientScope('The access token was not granted the scope openid');
  const identities = token.scope.includes('identities') ? await users.listIdentities(user.user_id) : [];
  return { sub: user.user_id, ...claimsOf(user, token.scope, dialectOf(ports.settings), identities) };
}
