// One tenant over HTTP. This folder turns requests into plain values for the core and its answers into bytes: routes,
// cookies, headers, error dialects. It knows nothing of SQL, and decides nothing about who may log in or get what.
// Each Fastify scope below has an error dialect of its own: OAuth JSON for applications, pages for people.
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { parseForm, parseJson } from '../oauth/parameters.ts';
import { InvalidRequest } from '../oauth/errors.ts';
import { loggedPath } from '../runtime/log.ts';
import { addAuthorizeRoutes } from './authorize-routes.ts';
import { createCookies } from './cookies.ts';
import { errorPage } from './error-pages.ts';
import { addHomeRoutes } from './home-routes.ts';
import { addLoginRoutes } from './login-routes.ts';
import { addLogoutRoutes } from './logout-routes.ts';
import { addOAuthRoutes } from './oauth-routes.ts';
import { json, send } from './reply.ts';
import { addSecurity, longestUrl } from './security.ts';
import type { Tenant } from './tenant.ts';
import { addWellKnownRoutes } from './well-known-routes.ts';

export interface ServerOptions {
  trustedProxies: readonly string[];
  tls: { certificate: string; key: string } | undefined;
}

/** Bytes; a login, a consent and every OAuth request need far less. */
const bodyLimit = 100 * 1024;

export async function createServer(tenant: Tenant, { trustedProxies, tls }: ServerOptions): Promise<FastifyInstance> {
  const { log, random, issuer } = tenant;
  const options: FastifyServerOptions = {
    loggerInstance: log,
    disableRequestLogging: true,
    genReqId: () => random.hex(10),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => ownPath(url, issuer),
    // Parameters are read from the raw query, strictly: nobody needs Fastify's reading of it.
    routerOptions: { querystringParser: () => ({}), maxParamLength: 200 },
    exposeHeadRoutes: true,
    ...(tls === undefined ? {} : { serverFactory: tlsServerFactory(tls) }),
  };
  const server = fastify(options);
  await server.register(cookie);
  addBodyParsers(server);
  addSecurity(server, issuer);
  addUrlLimit(server);
  addAccessLog(server, tenant);
  addNotFound(server, tenant);

  const cookies = createCookies(issuer);
  await server.register(async (scope) => addOAuthRoutes(scope, tenant));
  await server.register(async (scope) => addWellKnownRoutes(scope, tenant));
  await server.register(async (scope) => addAuthorizeRoutes(scope, tenant, cookies));
  await server.register(async (scope) => addLoginRoutes(scope, tenant, cookies));
  await server.register(async (scope) => addLogoutRoutes(scope, tenant, cookies));
  await server.register(async (scope) => addHomeRoutes(scope, tenant));
  return server;
}
