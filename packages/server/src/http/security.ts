// What every answer and every request has in common for safety's sake: headers, the Content-Security-Policy of each
// kind of page (contract LT-5), and the host that we answer to (GL-2).
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isPlainHost } from '../model/registered-url.ts';
import type { Log } from '../runtime/log.ts';
import { addressTest } from '../runtime/network/address-range.ts';
import { isLoopbackUrl } from '../runtime/settings/issuer.ts';

export const everyPage =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src https: data:; base-uri 'none'";

/** `callback`: browsers apply form-action to the redirects that follow a form's POST. */
export function interactivePolicy(callback: string | undefined): string {
  const formAction = callback === undefined ? "'self'" : `'self' ${formActionSource(callback)}`;
  return `${everyPage}; frame-ancestors 'none'; form-action ${formAction}`;
}

export function formPostPolicy(callback: string): string {
  return `${everyPage}; frame-ancestors 'none'; form-action ${formActionSource(callback)}`;
}

export function webMessagePolicy(targetOrigin: string): string {
  return `${everyPage}; frame-ancestors ${originSource(targetOrigin)}; form-action 'none'`;
}

/** /try talks to our own endpoints and has silent iframes of our own origin. */
export function tryPolicy(frameAncestors: "'none'" | "'self'"): string {
  return `${everyPage}; connect-src 'self'; frame-src 'self'; frame-ancestors ${frameAncestors}; form-action 'self'`;
}

/**
 * The dashboard calls our own API, asks silently in frames of our own origin, and keeps tokens in a worker. What its
 * components measure goes into stylesheets that carry the nonce.
 */
export function dashboardPolicy(nonce: string): string {
  return `default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' https: data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`;
}

/** A picture of a page, in a frame of our own: it runs nothing and sends nothing. */
export const previewPolicy =
  "default-src 'none'; style-src 'self'; img-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** The origin of an http(s) callback, the scheme of any other. */
function formActionSource(callback: string): string {
  const { origin, protocol } = new URL(callback);
  return origin === 'null' ? protocol : originSource(callback);
}

/** `'none'` for a host that would say more in a policy than where it is: such are not stored any more. */
export function originSource(url: string): string {
  const { origin, hostname } = new URL(url);
  return isPlainHost(hostname) ? origin : "'none'";
}

/**
 * GL-2: the Host header selects nothing but the configured issuer, and an absolute-form request line may name nothing
 * else; any other is 421. It stops DNS rebinding on localhost, and no link can be built from what a request says.
 */
export function addSecurity(server: FastifyInstance, issuer: string): void {
  const { host, protocol } = new URL(issuer);
  const headers = safetyHeaders(issuer);
  const accepted = new Set([host, `${host}:${protocol === 'https:' ? 443 : 80}`]);

  // Every request comes through here: a callback costs less than a promise.
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    const { url } = request;
    // A probe asks by address.
    const isOurs =
      url === '/health' || (accepted.has(request.headers.host?.toLowerCase() ?? '') && url.startsWith('/'));
    if (!isOurs) {
      const text = `This server answers at ${issuer} only. Set FREEHOLD_ISSUER to the address that people use.\n`;
      reply.code(421).type('text/plain; charset=utf-8').send(text);
    } else if (url.length > longestUrl) {
      const text = `The URL is longer than ${longestUrl} characters.\n`;
      reply.code(414).type('text/plain; charset=utf-8').send(text);
    } else {
      done();
    }
  });
}

const certificateHeaders = ['client-certificate', 'client-certificate-ca-verified'];

/** CA-11: whoever is no trusted proxy says nothing of certificates; here, so that nobody behind has to ask. */
export function dropForgedCertificates(server: FastifyInstance, trustedProxies: readonly string[]): void {
  const isTrustedPeer = addressTest(trustedProxies);
  server.addHook('onRequest', ({ headers, socket }, _reply, done) => {
    for (const name of certificateHeaders) {
      if (headers[name] !== undefined && !isTrustedPeer(socket.remoteAddress ?? '')) delete headers[name];
    }
    done();
  });
}

/** Once: behind a proxy that is not trusted all people have one address, and one who fails blocks all. */
export function warnOfUntrustedProxy(server: FastifyInstance, log: Pick<Log, 'warn'>): void {
  let warned = false;
  server.addHook('onRequest', (request, _reply, done) => {
    if (!warned && request.headers['x-forwarded-for'] !== undefined && !isTrusted(request)) {
      warned = true;
      const peer = request.socket.remoteAddress;
      log.warn({ peer }, 'X-Forwarded-For from a proxy that is not trusted: set FREEHOLD_TRUSTED_PROXIES');
    }
    done();
  });
}

/** Fastify takes the address of a trusted peer from the header. */
function isTrusted({ ips }: FastifyRequest): boolean {
  return ips !== undefined && ips.length > 1;
}

/**
 * What every answer carries, whatever it is. A loopback name is no host of ours alone: browsers would ask https of
 * whatever else is developed there, on any port.
 */
export function safetyHeaders(issuer: string): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    // With no-referrer Chrome would send `Origin: null` from our own forms (LT-4).
    'referrer-policy': 'same-origin',
    ...(isLoopbackUrl(issuer) || issuer.startsWith('http:')
      ? {}
      : { 'strict-transport-security': 'max-age=31536000' }),
  };
}

/** GL-12: a longer request line is refused with 414. */
export const longestUrl = 8192;
