// What the endpoints beside the token endpoint begin with: the client proves itself, and a refusal is recorded.
import type { LogEvent } from '../../model/events.ts';
import { InvalidClient, OAuthError } from '../errors.ts';
import { assertNothingRepeated } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
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
      const event = { client_id: client.client_id, client_name: client.name };
      throw new InvalidClient('Client authentication failed', { usedBasic: false, event });
    }
    return { client, token: parameters.getRequired('token') };
  } catch (error) {
    if (error instanceof OAuthError) {
      const event: LogEvent = { type: 'f', description: error.message, ...error.event };
      await ports.unitOfWork.transaction(({ log }) => log.write(event, requester));
    }
    throw error;
  }
}
