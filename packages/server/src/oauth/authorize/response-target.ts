// Where an authorization request is answered to: client, callback and response mode, in the order of AZ-51. As long as
// these are not trusted an error can only be shown to the person (RFC 6749 §4.1.2.1).
import type { Client } from '../../model/client.ts';
import type { Dialect } from '../dialect.ts';
import * as errors from '../errors.ts';
import { type Parameters, parseSpaceDelimited } from '../parameters.ts';
import type { ClientStore } from '../ports.ts';
import {
  isAllowedCallback,
  isPattern,
  matchesSubdomainWildcard,
  onlyCallback,
  withoutFragment,
} from './redirect-uri.ts';
import type { ResponseType } from './response-type.ts';

export const responseModes = ['query', 'fragment', 'form_post', 'web_message'] as const;
export type ResponseMode = (typeof responseModes)[number];

/** Where an answer goes once client and callback are trusted. */
export interface ResponseTarget {
  client_id: string;
  redirect_uri: string;
  response_mode: ResponseMode;
  state: string | null;
}

/** The request cannot be answered to a callback: it is shown to the person (AZ-50). */
export class UnanswerableRequest extends Error {
  override readonly cause: errors.OAuthError;
  readonly status: number;
  readonly client: Client | undefined;
  /** AZ-55: shown as "Callback URL mismatch." */
  readonly mismatchedCallback: string | undefined;

  constructor(
    cause: errors.OAuthError,
    at: { status?: number; client?: Client; mismatchedCallback?: string } = {},
  ) {
    super(cause.message);
    this.cause = cause;
    this.status = at.status ?? cause.status;
    this.client = at.client;
    this.mismatchedCallback = at.mismatchedCallback;
  }
}

export interface TargetPorts {
  stores: { clients: Pick<ClientStore, 'find'> };
  dialect: Dialect;
}

// GL-10: one of these twice, and it is not known what to answer where.
const decidesTheAnswer = ['client_id', 'redirect_uri', 'response_type', 'response_mode', 'state'];

/** Throws UnanswerableRequest. */
export async function parseTarget(parameters: Parameters, ports: TargetPorts) {
  for (const name of decidesTheAnswer) {
    if (parameters.repeated.has(name)) {
      throw new UnanswerableRequest(new errors.InvalidRequest(`Parameter '${name}' must not be repeated`));
    }
  }
  if (parameters.get('response_type') === undefined) throw missing('response_type');
  const client_id = parameters.get('client_id');
  if (client_id === undefined) throw missing('client_id');
  const client = await ports.stores.clients.find(client_id);
  if (client === undefined) {
    const cause = new errors.InvalidRequest(`Unknown client: ${errors.reflected(client_id)}`);
    throw new UnanswerableRequest(cause);
  }
  const redirect_uri_sent = parameters.get('redirect_uri') ?? null;
  const target: ResponseTarget = {
    client_id,
    redirect_uri: resolveCallback(redirect_uri_sent, client, ports.dialect),
    response_mode: parseResponseMode(parameters),
    state: parameters.get('state') ?? null,
  };
  assertMessageMayBeSent(target, client);
  return { client, target, redirect_uri_sent };
}

function missing(name: string, client?: Client): UnanswerableRequest {
  return new UnanswerableRequest(
    new errors.InvalidRequest(`Missing required parameter: ${name}`),
    client === undefined ? {} : { client },
  );
}

function resolveCallback(sent: string | null, client: Client, dialect: Dialect): string {
  if (sent === null) {
    const only = dialect.absentRedirectUriMeansOnlyCallback ? onlyCallback(client) : undefined;
    if (only === undefined) {
      const cause = new errors.InvalidRequest('The request is missing a required parameter: redirect_uri');
      throw new UnanswerableRequest(cause, { client });
    }
    return only;
  }
  const redirect_uri = withoutFragment(sent);
  if (!isAllowedCallback(client, redirect_uri)) {
    const description = `${errors.reflected(redirect_uri)} is not in the list of allowed callback URLs`;
    throw new UnanswerableRequest(new errors.InvalidRequest(description), {
      status: 403,
      client,
      mismatchedCallback: redirect_uri,
    });
  }
  return redirect_uri;
}

/** RM-1, RM-11: an error takes the way that success would have taken. */
function parseResponseMode(parameters: Parameters): ResponseMode {
  const asked = responseModes.find((mode) => mode === parameters.get('response_mode'));
  const carriesToken = parseSpaceDelimited(parameters.get('response_type')).some((type) => type !== 'code');
  if (carriesToken && (asked === undefined || asked === 'query')) return 'fragment';
  return asked ?? 'query';
}

export function assertResponseMode(parameters: Parameters, response_type: ResponseType): void {
  const asked = parameters.get('response_mode');
  if (asked === undefined) return;
  if (!responseModes.some((mode) => mode === asked)) {
    throw new errors.InvalidRequest(`Unsupported response mode: ${errors.reflected(asked)}`);
  }
  // OAuth 2.0 Multiple Response Types §3.0: the query encoding MUST NOT be used for a response that carries a token
  // (RM-2).
  if (asked === 'query' && response_type.some((value) => value !== 'code')) {
    throw new errors.InvalidRequest('response_mode query must not carry tokens');
  }
}

/** RM-7: no message may reach an origin that is not registered, not even an error. */
function assertMessageMayBeSent({ response_mode, redirect_uri }: ResponseTarget, client: Client): void {
  if (response_mode !== 'web_message' || isAllowedWebOrigin(client, redirect_uri)) return;
  const cause = new errors.InvalidRequest(
    'The origin of redirect_uri is not in the list of Allowed Web Origins',
  );
  throw new UnanswerableRequest(cause, { client });
}

/** RM-8: the comparison is of origins only; the wildcard is CB-4's. */
function isAllowedWebOrigin(client: Client, redirect_uri: string): boolean {
  const { origin } = new URL(redirect_uri);
  if (origin === 'null') return false;
  return client.web_origins.some((entry) =>
    isPattern(entry)
      ? client.is_first_party && matchesSubdomainWildcard(entry, origin)
      : URL.canParse(entry) && new URL(entry).origin === origin,
  );
}
