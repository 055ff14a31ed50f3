// What the endpoints beside the token endpoint begin with: the client proves itself, and a refusal is recorded.

import { aboutClient } from '../../model/events.ts';
import { InvalidClient } from '../errors.ts';
import { assertNothingRepeated } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { recordRefusal } from '../record-refusal.ts';
import {
  type AuthenticatedClient,
  authenticateClient,
  type ClientAuthenticationPorts,
  type ClientRequest,
} from './client-authentication.ts';

export interface AdmitPorts extends ClientAuthenticationPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
}

/** The client and the parameter `token`. Throws InvalidRequest or InvalidClient. */
export async function admitTokenRequest(
  request: ClientRequest,
  ports: AdmitPorts,
  mayAsk: (client: AuthenticatedClient) => boolean = () => true,
): Promise<{ client: AuthenticatedClient; token: string }> {
  const { parameters, requester } = request;
  try {
    assertNothingRepeated(parameters);
    const client = await authenticateClient(request, ports);
    if (!mayAsk(client)) {
      const event = aboutClient(client);
      throw new InvalidClient('Client authentication failed', { usedBasic: false, event });
    }
    return { client, token: parameters.getRequired('token') };
  } catch (error) {
    await recordRefusal(error, { type: 'f' }, requester, ports);
    throw error;
  }
}
