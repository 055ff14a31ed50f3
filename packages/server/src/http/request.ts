// From a Fastify request to the plain values that the core takes.
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Visitor } from '../login/authorization.ts';
import type { Requester } from '../model/events.ts';
import { InvalidRequest } from '../oauth/errors.ts';
import { parseJsonObject } from '../oauth/json-object.ts';
import { Parameters, parseForm } from '../oauth/parameters.ts';
import type { ForwardedCertificate } from '../oauth/proof/client-certificate.ts';
import type { ClientRequest } from '../oauth/token/client-authentication.ts';
import { capped } from '../runtime/log.ts';
import type { Cookies } from './cookies.ts';

const nothing = new Parameters([]);
const queries = new WeakMap<FastifyRequest, Parameters>();

/** Parsed when somebody asks, and once. Throws InvalidRequest. */
export function queryOf(request: FastifyRequest): Parameters {
  const question = request.url.indexOf('?');
  if (question < 0) return nothing;
  const known = queries.get(request);
  if (known !== undefined) return known;
  const query = parseForm(request.url.slice(question + 1));
  queries.set(request, query);
  return query;
}

/** The parsed body (server.ts's content type parsers); nothing where there was none. */
export function bodyOf(request: FastifyRequest): Parameters {
  return request.body instanceof Parameters ? request.body : nothing;
}

/** The body of an endpoint that takes forms alone. Throws InvalidRequest. */
export function formOf(request: FastifyRequest): Parameters {
  if (request.headers['content-type']?.toLowerCase().startsWith('application/json')) {
    throw new InvalidRequest('The request body must be application/x-www-form-urlencoded');
  }
  return bodyOf(request);
}

/** Of an endpoint where clients prove themselves. */
export function clientRequestOf(request: FastifyRequest): ClientRequest {
  const { authorization } = request.headers;
  const certificate = certificateOf(request);
  return { parameters: bodyOf(request), authorization, certificate, requester: requesterOf(request) };
}

/** RFC 6750 §2.1, RFC 9449 §7.1: the token in the header Authorization. */
export function tokenInHeader({
  headers,
}: FastifyRequest): { scheme: 'Bearer' | 'DPoP'; token: string } | undefined {
  const sent = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i.exec(headers.authorization ?? '');
  if (sent?.[2] === undefined) return undefined;
  return { scheme: sent[1]?.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token: sent[2] };
}

/** Of the client in front of a trusted proxy; from anybody else the headers do not come this far (security.ts). */
export function certificateOf({ headers }: FastifyRequest): ForwardedCertificate | undefined {
  const { 'client-certificate': certificate, 'client-certificate-ca-verified': caVerified } = headers;
  if (typeof certificate !== 'string') return undefined;
  return { certificate, caVerified: typeof caVerified === 'string' ? caVerified : undefined };
}

export function requesterOf(request: FastifyRequest): Requester {
  const auth0_client = readAuth0Client(auth0ClientOf(request));
  return {
    ip: addressOf(request),
    user_agent: capped(request.headers['user-agent'] ?? '', 400),
    // Not `request.hostname`, which a proxy's X-Forwarded-Host may fill in: this one was compared (security.ts).
    hostname: (request.headers.host ?? '').replace(/:\d+$/, ''),
    ...(auth0_client === undefined ? {} : { auth0_client }),
  };
}

/** A trusted proxy that passes on what is no address is the nearest that we know. */
export function addressOf({ ip, socket }: FastifyRequest): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
}

export function visitorOf(request: FastifyRequest, cookies: Cookies): Visitor {
  return {
    session: cookies.readSession(request),
    browser: cookies.readBrowser(request),
    requester: requesterOf(request),
  };
}

/** AZ-39: what a login in progress leaves in the tenant log names it as its application does. */
export function correlated(visitor: Visitor, correlation_id: string | null): Visitor {
  if (correlation_id === null) return visitor;
  return { ...visitor, requester: { ...visitor.requester, correlation_id } };
}

/** GL-6: a header, or at /authorize, where a browser sends none of an SDK's, a parameter of the query. */
function auth0ClientOf(request: FastifyRequest): string | string[] | undefined {
  const { 'auth0-client': header } = request.headers;
  if (header !== undefined || !request.url.startsWith('/authorize?')) return header;
  return queryOf(request).get('auth0Client');
}

/** GL-6: base64 of JSON with the SDK's name and version; anything else is ignored. */
function readAuth0Client(sent: string | string[] | undefined): string | undefined {
  if (typeof sent !== 'string' || sent.length > 2000) return undefined;
  const parsed = parseJsonObject(Buffer.from(sent, 'base64').toString());
  return parsed === undefined ? undefined : capped(JSON.stringify(parsed), 200);
}
