// Consent where nobody can be asked (contract CN-3, CN-4): what would have to be asked must have been agreed to before.
import type { User } from '../../../model/user.ts';
import type { ResourceAccess } from '../../issue/resource-access.ts';
import type { OAuthStores } from '../../ports.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';

export async function isConsentMissing(
  { user_id }: User,
  { client_id, is_first_party }: AuthenticatedClient,
  { resourceServer }: ResourceAccess,
  scope: string[],
  { userGrants }: Pick<OAuthStores, 'userGrants'>,
): Promise<boolean> {
  if (is_first_party && resourceServer.skip_consent_for_verifiable_first_party_clients) return false;
  const grant = await userGrants.find(user_id, client_id, resourceServer.identifier);
  return grant === undefined || !scope.every((name) => grant.scope.includes(name));
}
