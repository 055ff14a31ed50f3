// Token revocation (RFC 7009; contract RV-*): a refresh token of the client's own ends its whole authorization.
import { aboutClient, aboutUser, type LogEvent, type Requester } from '../../model/events.ts';
import { longestAccessTokenLifetime } from '../../model/resource-server.ts';
import type { Session } from '../../model/session.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { orderedHash } from '../../runtime/cryptography/ordered-token.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { admitTokenRequest } from '../token/admit-client.ts';
import type { ClientAuthenticationPorts, ClientRequest } from '../token/client-authentication.ts';

export interface RevocationPorts<Stores extends OAuthStores> extends ClientAuthenticationPorts {
  unitOfWork: UnitOfWork<Stores>;
  /** RV-8: in the transaction of the revocation. */
  endSession(session: Pick<Session, 'sid' | 'user_id'>, requester: Requester, stores: Stores): Promise<void>;
  settings: TenantSettings;
}

/**
 * Returns without a word also for a token that is unknown, spent, another client's or of another kind (RV-3).
 * Throws InvalidRequest or InvalidClient.
 */
export async function revokeToken<Stores extends OAuthStores>(
  request: ClientRequest,
  ports: RevocationPorts<Stores>,
): Promise<void> {
  const { unitOfWork, clock, settings } = ports;
  const { client, token } = await admitTokenRequest(request, ports);
  const hash = orderedHash(token);
  await unitOfWork.transaction(async (stores) => {
    const { authorizations, refreshTokens, userGrants, log } = stores;
    const family = (await refreshTokens.find(hash))?.family;
    if (family === undefined || family.client_id !== client.client_id) return;
    const now = clock.now();
    const until = now + longestAccessTokenLifetime;
    if (settings.flags.revoke_refresh_token_grant) {
      // RV-5. Before its own authorization: whoever takes back locks codes first, then families.
      const { user_id, client_id } = family;
      const audience = family.audience ?? '';
      await userGrants.delete(user_id, client_id, audience);
      await authorizations.revokeAuthorizations({ user_id, client_id, audience }, now, until);
    }
    await authorizations.revokeAuthorization(family.aid, now, until, 'revoked');
    if (family.online) await ports.endSession(family, request.requester, stores);
    const user = await stores.users.find(family.user_id);
    const event: LogEvent = {
      type: 'srrt',
      ...aboutClient(client),
      user_id: family.user_id,
      ...(user && aboutUser(user)),
    };
    await log.write(event, request.requester);
  });
}
