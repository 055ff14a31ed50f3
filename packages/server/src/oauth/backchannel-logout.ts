// Telling a client that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4 to §2.8; contract BC-1 to
// BC-3): a logout token, made anew for each attempt, because it lives for two minutes only.
import { backchannelLogout, type LogoutNotice, logoutNoticeSchema } from '../model/backchannel-logout.ts';
import type { Client } from '../model/client.ts';
import type { Delivery, DeliveryKind, DeliveryOutcome } from '../model/delivery.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Outbound, OutboundFailed, OutboundRefused } from '../runtime/network/outbound.ts';
import type { Random } from '../runtime/random.ts';
import type { Keys } from './issue/keys.ts';
import type { ClientStore, UnitOfWork } from './ports.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** BC-2, in seconds. */
const logoutTokenLifetime = 120;
/** In seconds: an application that is down for a while, or deployed anew, hears of it all the same. */
const retries = [10, 60, 600, 3600];

export interface BackchannelLogoutPorts {
  unitOfWork: UnitOfWork<{ clients: Pick<ClientStore, 'find'> }>;
  outbound: Outbound;
  keys: Pick<Keys, 'sign'>;
  clock: Clock;
  random: Random;
  issuer: string;
}

export function backchannelLogoutKind(ports: BackchannelLogoutPorts): DeliveryKind {
  return {
    kind: backchannelLogout,
    retries,
    async attempt(delivery) {
      const notice = logoutNoticeSchema.parse(delivery.content);
      const client = await ports.unitOfWork.read.clients.find(notice.client_id);
      // Taken away since: nobody is told behind the administrator's back.
      const isRegistered = client?.oidc_logout?.backchannel_logout_urls.includes(notice.url);
      if (client === undefined || !isRegistered) {
        return ended('refused', 'the address is no longer registered', notice, client, delivery);
      }
      const [outcome, description] = await post(notice, await logoutToken(notice, delivery, ports), ports);
      return ended(outcome, description, notice, client, delivery);
    },
  };
}

/** Back-Channel Logout §2.4; "A nonce Claim MUST NOT be present." */
function logoutToken(
  { client_id, sub, sid }: LogoutNotice,
  delivery: Delivery,
  ports: BackchannelLogoutPorts,
) {
  const iat = ports.clock.now();
  const claims = {
    iss: ports.issuer,
    sub,
    aud: client_id,
    iat,
    exp: iat + logoutTokenLifetime,
    // Another at each attempt: the receiver may remember those it has seen.
    jti: ports.random.token(16),
    sid,
    events: { [logoutEvent]: {} },
    trace_id: delivery.id,
  };
  return ports.keys.sign(claims, 'RS256', 'JWT');
}

type Ending = [outcome: DeliveryOutcome['outcome'], description: string];

async function post({ url }: LogoutNotice, logout_token: string, { outbound }: BackchannelLogoutPorts) {
  try {
    const { status } = await outbound.send({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token }).toString(),
    });
    return judged(status);
  } catch (error) {
    if (error instanceof OutboundRefused) return ['refused', error.message] satisfies Ending;
    if (error instanceof OutboundFailed) return ['failed', error.message] satisfies Ending;
    throw error;
  }
}

/**
 * Back-Channel Logout §2.8: "the RP MUST respond with HTTP 200 OK"; "some Web frameworks will substitute an HTTP 204 No
 * Content response". BC-3: 400 is no, and is not asked again.
 */
function judged(status: number): Ending {
  if (status === 200 || status === 204) return ['sent', `answered with ${status}`];
  return [status === 400 ? 'refused' : 'failed', `answered with ${status}`];
}

function ended(
  outcome: Ending[0],
  description: string,
  { client_id, url, sub, sid }: LogoutNotice,
  client: Client | undefined,
  { attempts }: Delivery,
): DeliveryOutcome {
  const type = outcome === 'sent' ? 'oidc_backchannel_logout_succeeded' : 'oidc_backchannel_logout_failed';
  const details = { session_id: sid, backchannel_logout_url: url, attempts };
  return {
    outcome,
    event: { type, description, client_id, client_name: client?.name, user_id: sub, details },
  };
}
