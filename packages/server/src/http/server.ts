// One tenant over HTTP. This folder turns requests into plain values for the core and its answers into bytes: routes,
// cookies, headers, error dialects. It knows nothing of SQL, and decides nothing about who may log in or get what.
// Each Fastify scope below has an error dialect of its own: OAuth JSON for applications, pages for people.
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import cookie from '@fastify/cookie';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { InvalidRequest, OAuthError } from '../oauth/errors.ts';
import { parseForm, parseJson } from '../oauth/parameters.ts';
import { loggedPath } from '../runtime/log.ts';
import { createCookies } from './cookies.ts';
import { errorPage } from './error-pages.ts';
import { limitRate } from './rate-limits.ts';
import { json, send } from './reply.ts';
import { addApiDescriptionRoutes } from './routes/api-description.ts';
import { addAuthorizeRoutes } from './routes/authorize.ts';
import { addDashboardRoutes } from './routes/dashboard.ts';
import { addDatabaseRoutes } from './routes/database.ts';
import { addActivationRoutes, addDeviceAuthorizationRoutes } from './routes/device.ts';
import { addExportRoutes } from './routes/exports.ts';
import { addHomeRoutes } from './routes/home.ts';
import { addLoginRoutes } from './routes/login.ts';
import { addLogoutRoutes } from './routes/logout.ts';
import { addManagementRoutes, managementPath } from './routes/management.ts';
import { addOAuthRoutes } from './routes/oauth.ts';
import { addPasswordlessRoutes } from './routes/passwordless.ts';
import { addPasswordlessLinkRoutes } from './routes/passwordless-link.ts';
import { addRegistrationRoutes } from './routes/registration.ts';
import { addSetUpRoutes } from './routes/set-up.ts';
import { addTicketRoutes } from './routes/tickets.ts';
import { addWellKnownRoutes } from './routes/well-known.ts';
import { addSecurity, dropForgedCertificates, safetyHeaders, warnOfUntrustedProxy } from './security.ts';
import type { Tenant } from './tenant.ts';
import { allowFont } from './theme.ts';

export interface ServerOptions {
  trustedProxies: readonly string[];
  tls: { certificate: string; key: string } | undefined;
}

/** Bytes; a login, a consent and every OAuth request need far less. */
const bodyLimit = 100 * 1024;
/** Characters, encoded: the identifier of an API may stand in a path. */
const longestParameter = 2000;
/** Milliseconds. */
const timeouts = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 72_000 };

export async function createServer(
  tenant: Tenant,
  { trustedProxies, tls }: ServerOptions,
): Promise<FastifyInstance> {
  const { log, random, issuer } = tenant;
  const options: FastifyServerOptions = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // What we log names its request itself: a logger for each would be made for nothing.
    childLoggerFactory: (logger) => logger,
    genReqId: () => random.hex(10),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    bodyLimit,
    forceCloseConnections: 'idle',
    rewriteUrl: ({ url = '/' }) => ownPath(url, issuer),
    // A path that cannot be decoded comes here past every hook.
    frameworkErrors: (_error, request, reply) => {
      answerNotFound(request, reply.headers(safetyHeaders(issuer)), tenant);
    },
    // Parameters are read from the raw query, strictly: nobody needs Fastify's reading of it.
    routerOptions: { querystringParser: () => ({}), maxParamLength: longestParameter },
    // HEAD would do what GET does and hide the answer.
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: refuseSchemas, buildSerializer: refuseSchemas } },
    ...(tls === undefined ? {} : { serverFactory: tlsServerFactory(tls) }),
  };
  const server = fastify(options);
  // Here, because Fastify sets none on a server that it has not made itself.
  Object.assign(server.server, timeouts);
  await server.register(cookie);
  addBodyParsers(server);
  addSecurity(server, issuer);
  refreshSettings(server, tenant);
  dropForgedCertificates(server, trustedProxies);
  warnOfUntrustedProxy(server, log);
  allowFont(server, tenant);
  addAccessLog(server, tenant);
  addNotFound(server, tenant);

  const cookies = createCookies(issuer);
  await server.register(async (scope) => addWellKnownRoutes(scope, tenant));
  await server.register(async (scope) => addHomeRoutes(scope, tenant));
  await server.register(async (scope) => addApiDescriptionRoutes(scope, tenant));
  const { dashboardFiles } = tenant;
  if (dashboardFiles !== undefined)
    await server.register(async (scope) => addDashboardRoutes(scope, dashboardFiles, tenant));
  await server.register(async (limited) => {
    limitRate(limited, tenant);
    await limited.register(async (scope) => addOAuthRoutes(scope, tenant));
    await limited.register(async (scope) => addManagementRoutes(scope, tenant), { prefix: managementPath });
    await limited.register(async (scope) => addDeviceAuthorizationRoutes(scope, tenant));
    await limited.register(async (scope) => addDatabaseRoutes(scope, tenant));
    await limited.register(async (scope) => addPasswordlessRoutes(scope, tenant));
    await limited.register(async (scope) => addAuthorizeRoutes(scope, tenant, cookies));
    await limited.register(async (scope) => addTicketRoutes(scope, tenant));
    await limited.register(async (scope) => addExportRoutes(scope, tenant));
    await limited.register(async (scope) => addPasswordlessLinkRoutes(scope, tenant, cookies));
    await limited.register(async (scope) => addLoginRoutes(scope, tenant, cookies));
    await limited.register(async (scope) => addActivationRoutes(scope, tenant, cookies));
    await limited.register(async (scope) => addLogoutRoutes(scope, tenant, cookies));
    await limited.register(async (scope) => addSetUpRoutes(scope, tenant, cookies));
    await limited.register(async (scope) => addRegistrationRoutes(scope, tenant));
  });
  return server;
}

/** Requests are parsed by the core: without this Fastify would load two compilers that nobody asks for. */
function refuseSchemas(): never {
  throw new Error('Routes declare no schema here');
}

/** In front of a body there is nothing but these two forms (contract TK-1, TK-3). */
function addBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseForm(decoded(body)),
  );
  server.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseJson(decoded(body)),
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new InvalidRequest('The request body is not UTF-8', { cause });
  }
}

/**
 * RFC 9112 §3.2.2: "a server MUST accept the absolute-form in requests"; one that names another host stays as it is
 * and is refused (security.ts). Some libraries put the well-known path behind the issuer's slash: `//.well-known/…`.
 */
function ownPath(url: string, issuer: string): string {
  if (url.startsWith(issuer)) return url.slice(issuer.length - 1);
  return url.startsWith('//.well-known/') ? url.slice(1) : url;
}

/** With a database that is away, what needs none is served by the settings of before. */
function refreshSettings(server: FastifyInstance, tenant: Tenant): void {
  const { log, oncePerMinute } = tenant;
  server.addHook('onRequest', (_request, _reply, done) => {
    const refreshing = tenant.refreshSettings();
    if (refreshing === undefined) return done();
    const goOn = (err: unknown) => {
      if (oncePerMinute.take('settings').allowed) log.error({ err }, 'the settings could not be read again');
      done();
    };
    refreshing.then(() => done(), goOn);
  });
}

/** One line per request, at `debug`: what mattered stands in the tenant log. */
function addAccessLog(server: FastifyInstance, { log }: Tenant): void {
  if (!log.isLevelEnabled('debug')) return;
  server.addHook('onResponse', async (request, reply) => {
    const { method, id, ip } = request;
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    const line = {
      method,
      path: loggedPath(request.url),
      status: reply.statusCode,
      ip,
      milliseconds,
      request_id: id,
    };
    log.debug(line, 'answered');
  });
}

function addNotFound(server: FastifyInstance, tenant: Tenant): void {
  server.setNotFoundHandler(async (request, reply) => answerNotFound(request, reply, tenant));
}

function answerNotFound(request: FastifyRequest, reply: FastifyReply, tenant: Tenant): FastifyReply {
  if (request.headers.accept?.includes('text/html')) {
    const error = new PageNotFound('There is no such page here');
    return send(reply, errorPage(error, request, tenant));
  }
  return send(reply, json({ statusCode: 404, error: 'Not Found', message: 'Not Found' }, 404));
}

class PageNotFound extends OAuthError {
  readonly error = 'not_found';
  readonly status = 404;
}

function tlsServerFactory({ certificate, key }: { certificate: string; key: string }) {
  // Fastify leaves the timeouts of a server that it did not make to whoever made it.
  return (handler: RequestListener) => createHttpsServer({ cert: certificate, key }, handler);
}
