// The client credentials grant (RFC 6749 §4.4; contract CC-*): the client acts for itself, with what its client grant
// of subject type `client` gives it.
import { isPublicClient } from '../../../model/client.ts';
import { AccessDenied, InvalidRequest, reflected } from '../../errors.ts';
import { findResourceAccess, requestedAudience } from '../../issue/resource-access.ts';
import { parseSpaceDelimited } from '../../parameters.ts';
import { type ProvenGrant, refused } from './grant.ts';

export const clientCredentialsGrant: ProvenGrant = {
  grant_type: 'client_credentials',
  success: 'seccft',
  failure: 'feccft',

  // RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
  admits: (client) => !isPublicClient(client),

  async exchange({ client, parameters, settings }, stores) {
    const audience = requestedAudience(parameters, settings) ?? parameters.getRequired('audience');
    const event = { audience: reflected(audience) };
    // CC-7: no client grant can allow one yet.
    if (parameters.get('organization') !== undefined) {
      return refused(new InvalidRequest('parameter organization is not allowed for this client'), { event });
    }
    const access = await findResourceAccess(audience, client, stores, 'client');
    if (access === 'unknown') return refused(unknownService(audience), { event });
    if (access === 'denied') return refused(missingClientGrant(client.client_id, audience), { event });
    const requested = parseSpaceDelimited(parameters.get('scope'));
    const beyond = requested.filter((scope) => !access.scopes.includes(scope));
    if (beyond.length > 0) return refused(scopesNotGranted(beyond), { event });
    // CC-4: without `scope`, all that the client grant has.
    const scope = requested.length > 0 ? requested : access.scopes;
    return {
      outcome: 'authorized',
      subject_type: 'client',
      resourceServer: access.resourceServer,
      scope,
      gty: 'client-credentials',
      event: { audience, scope },
    };
  },
};

function unknownService(audience: string): AccessDenied {
  return new AccessDenied(`Service not enabled within domain: ${reflected(audience)}`);
}

function missingClientGrant(client_id: string, audience: string): AccessDenied {
  return new AccessDenied(
    `Client "${client_id}" is not authorized to access resource server "${reflected(audience)}". You need to create a "client-grant" associated to this API.`,
  );
}

/** CC-5. */
function scopesNotGranted(scopes: string[]): AccessDenied {
  return new AccessDenied(`Client has not been granted scopes: ${reflected(scopes.join(', '))}`);
}
