// The device authorization endpoint (RFC 8628 §3.1, §3.2; contract DV-1 to DV-4): a device that cannot show a login
// page gets a code to show instead, and one to ask with.

import { type Client, isPublicClient } from '../../model/client.ts';
import { aboutClient, type Requester } from '../../model/events.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { maskedUserCode, userCodeAlphabets, userCodeLength } from '../../model/user-code.ts';
import type { Clock } from '../../runtime/clock.ts';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import { orderedId } from '../../runtime/cryptography/ordered-token.ts';
import type { Random } from '../../runtime/random.ts';
import type { DeviceCode } from '../device-codes.ts';
import { InvalidClient, UnauthorizedClient } from '../errors.ts';
import { findRequestedAccess } from '../issue/resource-access.ts';
import { grantedScopes, withoutOnlineAccess } from '../issue/scopes.ts';
import { assertNothingRepeated, type Parameters, parseSpaceDelimited } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { recordRefusal } from '../record-refusal.ts';
import { deviceCodeGrant } from '../token/grants/device-code.ts';

export interface DeviceAuthorizationPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
  clock: Clock;
  random: Random;
  settings: TenantSettings;
  issuer: string;
}

/** RFC 8628 §3.2 */
export interface DeviceAuthorizationResponse {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

/** DV-2, both in seconds. */
const deviceCodeLifetime = 900;
const pollingInterval = 5;
/** Of billions of user codes: whoever draws so many that others have has no random numbers. */
const mostDraws = 10;

/** Throws InvalidRequest, InvalidClient, UnauthorizedClient or AccessDenied. */
export async function authorizeDevice(
  parameters: Parameters,
  requester: Requester,
  ports: DeviceAuthorizationPorts,
): Promise<DeviceAuthorizationResponse> {
  const { unitOfWork, issuer } = ports;
  const { client_id, scope, audience } = await admit(parameters, requester, ports);
  for (let draw = 0; draw < mostDraws; draw += 1) {
    const { row, device_code, user_code } = drawCodes({ client_id, scope, audience }, ports);
    if (!(await unitOfWork.transaction(({ deviceCodes }) => deviceCodes.insert(row)))) continue;
    return {
      device_code,
      user_code,
      verification_uri: `${issuer}activate`,
      verification_uri_complete: `${issuer}activate?user_code=${encodeURIComponent(user_code)}`,
      expires_in: deviceCodeLifetime,
      interval: pollingInterval,
    };
  }
  throw new Error('Every user code that was drawn is in use');
}

async function admit(
  parameters: Parameters,
  requester: Requester,
  { unitOfWork, settings, issuer }: DeviceAuthorizationPorts,
): Promise<Pick<DeviceCode, 'client_id' | 'scope' | 'audience'>> {
  let client: Client | undefined;
  try {
    assertNothingRepeated(parameters);
    const client_id = parameters.getRequired('client_id');
    client = await unitOfWork.read.clients.find(client_id);
    if (client === undefined) throw new InvalidClient('Client authentication failed', { usedBasic: false });
    assertMayUseDevices(client);
    const requested = withoutOnlineAccess(parseSpaceDelimited(parameters.get('scope')));
    const access = await findRequestedAccess(parameters, client, {
      settings,
      issuer,
      stores: unitOfWork.read,
    });
    const scope = grantedScopes(requested, client, access);
    return { client_id, scope, audience: access?.resourceServer.identifier ?? null };
  } catch (error) {
    await recordRefusal(error, { type: 'fdeaz', ...aboutClient(client) }, requester, { unitOfWork });
    throw error;
  }
}

/** DV-4; a client that registered itself never has the grant type (DR-2). */
function assertMayUseDevices(client: Client): void {
  const { grant_type } = deviceCodeGrant;
  if (!client.grant_types.includes(grant_type))
    throw new UnauthorizedClient(`Grant type '${grant_type}' not allowed for the client.`);
  if (client.app_type !== 'native' || !isPublicClient(client))
    throw new UnauthorizedClient('Only a native client without a secret may authorize devices.');
}

function drawCodes(
  requested: Pick<DeviceCode, 'client_id' | 'scope' | 'audience'>,
  { clock, random, settings }: DeviceAuthorizationPorts,
): { row: DeviceCode; device_code: string; user_code: string } {
  const { charset, mask } = settings.device_flow;
  const device_code = random.token();
  const characters = random.characters(userCodeAlphabets[charset], userCodeLength(mask));
  const now = clock.now();
  const row: DeviceCode = {
    ...requested,
    hash: sha256(device_code),
    user_code: sha256(characters),
    aid: orderedId({ clock, random }),
    interval: pollingInterval,
    polled_at: null,
    created_at: now,
    expires_at: now + deviceCodeLifetime,
    denied_at: null,
    approved_at: null,
    user_id: null,
    epoch: null,
    sid: null,
    ended_at: null,
  };
  return { row, device_code, user_code: maskedUserCode(characters, mask) };
}
