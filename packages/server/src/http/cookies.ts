// Our two cookies (contract SE-6, SE-7): the session's secret, and the browser's, which login transactions are bound
// to (LT-1). Over https both have the `__Host-` prefix; over http their names end in the port, because browsers share
// cookies between ports.
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';

export interface Cookie {
  name: string;
  value: string;
  options: CookieSerializeOptions;
}

export interface Cookies {
  readSession(request: FastifyRequest): string | undefined;
  readBrowser(request: FastifyRequest): string | undefined;
  /** SE-8: `expires_at` is left out for a cookie that goes with the browser window. */
  session(secret: string, expires_at: number | undefined): Cookie;
  browser(secret: string): Cookie;
  endSession(): Cookie;
}

/** A secret of ours: 32 bytes in base64url. Nothing else is even looked up. */
const secretForm = /^[A-Za-z0-9_-]{43}$/;

export function createCookies(issuer: string): Cookies {
  const { protocol, port } = new URL(issuer);
  const secure = protocol === 'https:';
  const nameOf = (kind: string) => (secure ? `__Host-freehold_${kind}` : `freehold_${kind}_${port || '80'}`);
  const [sessionName, browserName] = [nameOf('session'), nameOf('browser')];
  const base: CookieSerializeOptions = { path: '/', httpOnly: true, secure };
  // Silent authentication in another site's iframe needs SameSite=None, which needs Secure.
  const sessionOptions: CookieSerializeOptions = { ...base, sameSite: secure ? 'none' : 'lax' };

  function read(request: FastifyRequest, name: string): string | undefined {
    const value = request.cookies[name];
    return value !== undefined && secretForm.test(value) ? value : undefined;
  }

  return {
    readSession: (request) => read(request, sessionName),
    readBrowser: (request) => read(request, browserName),
    session: (value, expires_at) => ({
      name: sessionName,
      value,
      options:
        expires_at === undefined
          ? sessionOptions
          : { ...sessionOptions, expires: new Date(expires_at * 1000) },
    }),
    browser: (value) => ({ name: browserName, value, options: { ...base, sameSite: 'lax' } }),
    endSession: () => ({
      name: sessionName,
      value: '',
      options: { ...sessionOptions, expires: new Date(0) },
    }),
  };
}
