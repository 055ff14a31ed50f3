// The pushed authorization request endpoint (RFC 9126; contract PA-1 to PA-6): a client hands in its request itself, and
// sends the browser with a reference to it. What it pushed is judged at once, by the parser of /authorize.

import type { Client } from '../../model/client.ts';
import { isPublicClient } from '../../model/client.ts';
import { aboutClient } from '../../model/events.ts';
import type { Random } from '../../runtime/random.ts';
import { parseAuthorizationRequest, RefusedRequest, type RequestPorts } from '../authorize/request.ts';
import {
  pushedRequestHash,
  type ResolvedRequest,
  requestUriPrefix,
  resolveRequestObject,
} from '../authorize/resolved-request.ts';
import { UnanswerableRequest } from '../authorize/response-target.ts';
import {
  EndpointDisabled,
  InvalidDpopProof,
  InvalidRequest,
  OAuthError,
  UnauthorizedClient,
} from '../errors.ts';
import { assertNothingRepeated, Parameters } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { type DpopPorts, parseDpopProof } from '../proof/dpop.ts';
import { recordRefusal } from '../record-refusal.ts';
import {
  authenticateClient,
  type ClientAuthenticationPorts,
  type ClientRequest,
} from '../token/client-authentication.ts';

export interface PushPorts extends ClientAuthenticationPorts, DpopPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
  random: Random;
  /** As /authorize reads a request. */
  reading: RequestPorts;
}

/** RFC 9126 §2.2. */
export interface PushedResponse {
  request_uri: string;
  expires_in: number;
}

/** PA-3, in seconds, where the client has no `par_request_expiry`. */
const defaultExpiry = 30;
/** They prove the client and are no part of what it asks. */
const clientCredentials = ['client_secret', 'client_assertion', 'client_assertion_type'];

/** Throws an OAuthError. */
export async function pushAuthorizationRequest(
  request: ClientRequest & { dpop: string | string[] | undefined },
  ports: PushPorts,
): Promise<PushedResponse> {
  const { unitOfWork, clock, random } = ports;
  const request_uri = `${requestUriPrefix}${random.token()}`;
  const hash = pushedRequestHash(request_uri);
  const { client, parameters } = await admit(request, hash, ports);
  const expires_in = client.par_request_expiry ?? defaultExpiry;
  await unitOfWork.transaction(({ pushedRequests }) =>
    pushedRequests.insert({
      hash,
      client_id: client.client_id,
      parameters: [...parameters.pairs],
      browser: null,
      expires_at: clock.now() + expires_in,
      spent_at: null,
    }),
  );
  return { request_uri, expires_in };
}

async function admit(
  request: ClientRequest & { dpop: string | string[] | undefined },
  hash: string,
  ports: PushPorts,
) {
  const { reading } = ports;
  let client: Client | undefined;
  try {
    if (!reading.settings.pushed_authorization_requests_supported) {
      throw new EndpointDisabled('Pushed Authorization Requests are not enabled for this tenant');
    }
    assertNothingRepeated(request.parameters);
    client = await authenticateClient(request, ports);
    const pushed = await resolvePush(request.parameters, client, hash, ports);
    const resolved = await bindToProof(pushed, request.dpop, ports);
    await parseAuthorizationRequest(resolved, reading);
    return { client, parameters: resolved.parameters };
  } catch (thrown) {
    const error = refusalOf(thrown);
    await recordRefusal(error, { type: 'fpar', ...aboutClient(client) }, request.requester, ports);
    throw error;
  }
}

async function resolvePush(
  sent: Parameters,
  client: Client,
  hash: string,
  { unitOfWork, issuer, clock }: PushPorts,
): Promise<ResolvedRequest> {
  // PA-1
  if (isPublicClient(client)) throw new UnauthorizedClient('A public client cannot push its requests');
  // RFC 9126 §2.1: "The request_uri authorization request parameter is one exception, and it MUST NOT be provided."
  if (sent.get('request_uri') !== undefined) throw new InvalidRequest('request_uri must not be pushed');
  const asked = sent.pairs.filter(([name]) => !clientCredentials.includes(name) && name !== 'client_id');
  // CA-10: its authentication may have said who the client is.
  const request = new Parameters([['client_id', client.client_id], ...asked]);
  const ports = { stores: unitOfWork.read, issuer, now: clock.now() };
  const resolved = await resolveRequestObject(request, ports);
  // PA-2, in both dialects.
  resolved.parameters.getRequired('redirect_uri');
  return { ...resolved, pushed: hash };
}

/**
 * RFC 9449 §10.1: "the authorization server … checks the provided DPoP proof JWT … and behaves as if the contained public
 * key's thumbprint was provided using dpop_jkt"
 */
async function bindToProof(
  resolved: ResolvedRequest,
  dpop: string | string[] | undefined,
  ports: PushPorts,
): Promise<ResolvedRequest> {
  if (dpop === undefined) return resolved;
  const proved = { method: 'POST', url: `${ports.issuer}oauth/par`, needsNonce: false };
  const { jkt, jti, until } = parseDpopProof(dpop, proved, ports);
  const { parameters } = resolved;
  const asked = parameters.get('dpop_jkt');
  if (asked !== undefined && asked !== jkt) {
    throw new InvalidDpopProof('dpop_jkt is not the key of the DPoP proof');
  }
  const identifier = { purpose: 'dpop_proof', id: [jkt, jti], now: ports.clock.now(), until } as const;
  const isFirst = await ports.unitOfWork.transaction(({ usedIdentifiers }) =>
    usedIdentifiers.claimOnce(identifier),
  );
  if (!isFirst) throw new InvalidDpopProof('The DPoP proof was used before');
  return asked === undefined
    ? { ...resolved, parameters: new Parameters([...parameters.pairs, ['dpop_jkt', jkt]]) }
    : resolved;
}

function refusalOf(thrown: unknown): OAuthError {
  const cause =
    thrown instanceof UnanswerableRequest || thrown instanceof RefusedRequest ? thrown.cause : thrown;
  if (cause instanceof OAuthError) return cause;
  throw thrown;
}
