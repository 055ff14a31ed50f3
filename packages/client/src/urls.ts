// What goes into a URL of the flow, and what comes out of one.

import { CallbackInvalid, RequestFailed } from './errors.ts';

/** Plain http is for a server on this machine only. */
export function isLoopbackHttp(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** "OpenID Connect requests MUST contain the openid scope value" OIDC Core §3.1.2.1 */
export function withOpenid(scope: string): string {
  return scope.split(' ').includes('openid') ? scope : `openid ${scope}`;
}

export function callbackParameters(callback: string | URL | URLSearchParams): URLSearchParams {
  if (callback instanceof URLSearchParams) return callback;
  const { searchParams, hash } = new URL(callback);
  return searchParams.has('state') ? searchParams : new URLSearchParams(hash.slice(1));
}

export function withOneCode(parameters: URLSearchParams): URLSearchParams {
  const [code, ...more] = parameters.getAll('code');
  if (!code || more.length > 0) throw new CallbackInvalid('the callback carries no code, or several');
  return parameters;
}

export function endpoint(address: string | undefined, name: string): URL {
  if (address === undefined) throw new RequestFailed(`the discovery document names no ${name}`);
  return new URL(address);
}

export function withParameters(url: URL, parameters: Record<string, string | number | undefined>): URL {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}
