// Client authentication (RFC 6749 §2.3; contract CA-*). `authenticateClient` is the only maker of AuthenticatedClient:
// whoever needs the proof asks for the type.
import { type Client, isPublicClient } from '../../model/client.ts';
import { equalInConstantTime } from '../../runtime/hash.ts';
import { InvalidClient, InvalidRequest, reflected } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { ClientStore } from '../ports.ts';

declare const authenticated: unique symbol;
/** A client that proved to be itself in this request, as far as its registration asks for. */
export type AuthenticatedClient = Client & { readonly [authenticated]: true };

/** What the discovery document lists. */
export const tokenEndpointAuthMethodsSupported = [
  'client_secret_basic',
  'client_secret_post',
  'none',
] as const;

interface Credentials {
  client_id: string;
  client_secret: string | undefined;
  method: (typeof tokenEndpointAuthMethodsSupported)[number];
}

/** Throws InvalidClient (401), or InvalidRequest where the request itself is malformed. */
export async function authenticateClient(
  parameters: Parameters,
  authorization: string | undefined,
  clients: ClientStore,
): Promise<AuthenticatedClient> {
  const credentials = parseCredentials(parameters, authorization);
  const client = await clients.find(credentials.client_id);
  if (client !== undefined && (await proves(client, credentials, clients)))
    return client as AuthenticatedClient;
  throw new InvalidClient('Client authentication failed', {
    usedBasic: credentials.method === 'client_secret_basic',
    event: {
      ...(client === undefined ? {} : { client_id: client.client_id, client_name: client.name }),
      details: { requested_client_id: reflected(credentials.client_id) },
    },
  });
}

function parseCredentials(parameters: Parameters, authorization: string | undefined): Credentials {
  const client_id = parameters.get('client_id');
  const client_secret = parameters.get('client_secret');
  if (
    parameters.get('client_assertion') !== undefined ||
    parameters.get('client_assertion_type') !== undefined
  ) {
    throw new InvalidRequest('client_assertion is not supported');
  }
  if (authorization !== undefined && /^basic(?: |$)/i.test(authorization)) {
    const basic = parseBasic(authorization);
    // RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
    if (client_secret !== undefined || (client_id !== undefined && client_id !== basic.client_id)) {
      throw new InvalidRequest('The request authenticates the client in more than one way');
    }
    return { ...basic, method: 'client_secret_basic' };
  }
  if (client_id === undefined) throw new InvalidRequest('Missing required parameter: client_id');
  return { client_id, client_secret, method: client_secret === undefined ? 'none' : 'client_secret_post' };
}

/** RFC 6749 §2.3.1: both halves are form-encoded before base64 (CA-2). */
function parseBasic(authorization: string): { client_id: string; client_secret: string } {
  const text = Buffer.from(authorization.slice('basic'.length).trim(), 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) throw new InvalidRequest('The Authorization header is malformed');
  const client_id = formDecoded(text.slice(0, colon));
  if (client_id.includes('\0') || !client_id.isWellFormed())
    throw new InvalidRequest('The Authorization header is malformed');
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

async function proves(
  client: Client,
  { client_secret, method }: Credentials,
  clients: ClientStore,
): Promise<boolean> {
  // CA-12: a secret that a public client sends is ignored.
  if (isPublicClient(client)) return true;
  // CA-13: the registered method is the only one accepted; unset means post or Basic.
  if (client_secret === undefined || (client.token_endpoint_auth_method ?? method) !== method) return false;
  const expected = await clients.findSecret(client.client_id);
  return expected !== undefined && equalInConstantTime(client_secret, expected);
}
