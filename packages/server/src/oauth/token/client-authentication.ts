// Client authentication (RFC 6749 §2.3; contract CA-*). `authenticateClient` is the only maker of AuthenticatedClient:
// whoever needs the proof asks for the type.
import { authenticationMethodOf, type Client } from '../../model/client.ts';
import { aboutClient, type Requester } from '../../model/events.ts';
import type { Clock } from '../../runtime/clock.ts';
import { equalInConstantTime } from '../../runtime/cryptography/hash.ts';
import { InvalidClient, InvalidRequest, reflected } from '../errors.ts';
import { isUnstorable, type Parameters } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import {
  type ForwardedCertificate,
  findCertificateFault,
  parseClientCertificate,
} from '../proof/client-certificate.ts';
import type { Jws } from '../proof/jws.ts';
import type { KeySets } from '../proof/key-sets.ts';
import { findAssertion, findAssertionFault } from './client-assertion.ts';

declare const authenticated: unique symbol;
/** A client that proved to be itself in this request, as far as its registration asks for. */
export type AuthenticatedClient = Client & { readonly [authenticated]: true };

/** What the discovery document lists; certificates come by a trusted proxy alone. */
export const authenticationMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'];
export const certificateMethods = ['tls_client_auth', 'self_signed_tls_client_auth'];

/** A request by a client, at whatever endpoint clients prove themselves. */
export interface ClientRequest {
  parameters: Parameters;
  /** The header Authorization. */
  authorization: string | undefined;
  /** From a trusted proxy. */
  certificate: ForwardedCertificate | undefined;
  requester: Requester;
}

export interface ClientAuthenticationPorts {
  unitOfWork: UnitOfWork<Pick<OAuthStores, 'clients' | 'usedIdentifiers'>>;
  keySets: KeySets;
  clock: Clock;
  issuer: string;
}

type Credentials = { client_id: string } & (
  | { method: 'none' }
  | { method: 'client_secret_basic' | 'client_secret_post'; client_secret: string }
  | { method: 'private_key_jwt'; assertion: Jws }
);

/** Throws InvalidClient (401), or InvalidRequest where the request itself is malformed. */
export async function authenticateClient(
  request: ClientRequest,
  ports: ClientAuthenticationPorts,
): Promise<AuthenticatedClient> {
  const credentials = parseCredentials(request);
  const { client_id, method } = credentials;
  const client = await ports.unitOfWork.read.clients.find(client_id);
  const fault =
    client === undefined ? 'unknown client' : await findFault(client, credentials, request, ports);
  if (client !== undefined && fault === undefined) return client as AuthenticatedClient;
  throw new InvalidClient('Client authentication failed', {
    usedBasic: method === 'client_secret_basic',
    event: {
      ...aboutClient(client),
      details: { requested_client_id: reflected(client_id), fault },
    },
  });
}

function parseCredentials({ parameters, authorization }: ClientRequest): Credentials {
  const client_id = parameters.get('client_id');
  const client_secret = parameters.get('client_secret');
  const asserted = findAssertion(parameters);
  const basic = parseBasic(authorization);
  // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
  const methods = [basic, asserted, client_secret].filter((method) => method !== undefined);
  const proved = basic ?? asserted;
  if (methods.length > 1 || (proved !== undefined && (client_id ?? proved.client_id) !== proved.client_id)) {
    throw new InvalidRequest('The request authenticates the client in more than one way');
  }
  if (basic !== undefined) return { ...basic, method: 'client_secret_basic' };
  if (asserted !== undefined) return { ...asserted, method: 'private_key_jwt' };
  if (client_id === undefined) throw new InvalidRequest('Missing required parameter: client_id');
  if (client_secret === undefined) return { client_id, method: 'none' };
  return { client_id, client_secret, method: 'client_secret_post' };
}

/** RFC 6749 §2.3.1: both halves are form-encoded before base64 (CA-2). */
function parseBasic(
  authorization: string | undefined,
): { client_id: string; client_secret: string } | undefined {
  if (authorization === undefined || !/^basic(?: |$)/i.test(authorization)) return undefined;
  const text = Buffer.from(authorization.slice('basic'.length).trim(), 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) throw new InvalidRequest('The Authorization header is malformed');
  const client_id = formDecoded(text.slice(0, colon));
  if (isUnstorable(client_id)) throw new InvalidRequest('The Authorization header is malformed');
  return { client_id, client_secret: formDecoded(text.slice(colon + 1)) };
}

/** Many clients send Basic credentials unencoded: what does not decode is taken as it stands. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Undefined if the client is proved; else why not, for the tenant log alone. */
async function findFault(
  client: Client,
  credentials: Credentials,
  { certificate }: ClientRequest,
  ports: ClientAuthenticationPorts,
): Promise<string | undefined> {
  const registered = authenticationMethodOf(client);
  // CA-12: a secret that a public client sends is ignored.
  if (registered === 'none' && credentials.method !== 'private_key_jwt') return undefined;
  // CA-13: the registered method is the only one accepted; unset means post or Basic.
  // RFC 8705 §2: the request names the client, and TLS has proved it.
  if (credentials.method === 'none' && certificateMethods.some((method) => method === registered)) {
    return findCertificateFault(parseClientCertificate(certificate), client, ports.clock.now());
  }
  const isRegistered =
    registered === null ? 'client_secret' in credentials : credentials.method === registered;
  if (!isRegistered) return `the client does not authenticate by ${credentials.method}`;
  if ('assertion' in credentials) {
    return findAssertionFault(credentials.assertion, client, ports.clock.now(), ports);
  }
  if (!('client_secret' in credentials)) return undefined;
  const expected = await ports.unitOfWork.read.clients.findSecret(client.client_id);
  const isRight = expected !== undefined && equalInConstantTime(credentials.client_secret, expected);
  return isRight ? undefined : 'wrong client_secret';
}
