// Logging out: Auth0's /v2/logout and OpenID Connect's RP-initiated logout (contract LO-*).
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findParked, park } from '../../login/parked-request.ts';
import { endSession, findSession } from '../../login/sessions.ts';
import {
  type Logout,
  type LogoutPorts,
  parseAuth0Logout,
  parseOidcLogout,
} from '../../oauth/endpoints/logout.ts';
import { InvalidRequest } from '../../oauth/errors.ts';
import { readIdTokenHint } from '../../oauth/issue/tokens.ts';
import { Parameters } from '../../oauth/parameters.ts';
import { renderLogoutConfirmation, renderSignedOut } from '../../pages/logout.tsx';
import type { Cookies } from '../cookies.ts';
import { errorPageHandler, lostTransaction } from '../error-pages.ts';
import { formToken, isOwnForm } from '../forms.ts';
import { page, pageContext } from '../page-context.ts';
import { type Reply, redirect, send } from '../reply.ts';
import { formOf, queryOf, visitorOf } from '../request.ts';
import { interactivePolicy, longestUrl } from '../security.ts';
import type { Tenant } from '../tenant.ts';

const confirmationPath = '/u/logout';

export function addLogoutRoutes(server: FastifyInstance, tenant: Tenant, cookies: Cookies): void {
  server.setErrorHandler(errorPageHandler(tenant));
  const ports: LogoutPorts = {
    clients: tenant.unitOfWork.read.clients,
    readIdTokenHint: (id_token_hint) => readIdTokenHint(id_token_hint, tenant),
    get settings() {
      return tenant.settings;
    },
  };

  server.get('/v2/logout', async (request, reply) => {
    const logout = await recordingRefusal(request, () => parseAuth0Logout(queryOf(request), ports));
    return send(reply, await end(logout, request, 302, false));
  });

  server.get('/oidc/logout', async (request, reply) =>
    send(reply, await oidcLogout(queryOf(request), request)),
  );

  // LT-3: over http a cross-site POST carries no cookie of ours.
  server.post('/oidc/logout', { bodyLimit: longestUrl }, async (request, reply) => {
    const parameters = formOf(request);
    await recordingRefusal(request, () => parseOidcLogout(parameters, ports));
    const handle = await park('logout', parameters.pairs, tenant);
    return send(reply, redirect(`/oidc/logout/posted?state=${handle}`, 303));
  });

  server.get('/oidc/logout/posted', async (request, reply) => {
    const pairs = await findParked('logout', queryOf(request).get('state'), tenant);
    if (pairs === undefined) return send(reply, await lostTransaction(undefined, request, tenant));
    return send(reply, await oidcLogout(new Parameters(pairs), request));
  });

  server.post(confirmationPath, { bodyLimit: longestUrl }, async (request, reply) =>
    send(reply, await confirmed(request)),
  );

  async function oidcLogout(parameters: Parameters, request: FastifyRequest): Promise<Reply> {
    const logout = await recordingRefusal(request, () => parseOidcLogout(parameters, ports));
    const { session } = visitorOf(request, cookies);
    const signedIn = await findSession(session, tenant.clock.now(), tenant.unitOfWork.read.sessions);
    if (signedIn === undefined || !logout.needsConfirmation(signedIn.session.sid))
      return end(logout, request, 302, signedIn !== undefined);
    return askToConfirm(parameters, logout, request);
  }

  async function askToConfirm(
    parameters: Parameters,
    logout: Logout,
    request: FastifyRequest,
  ): Promise<Reply> {
    const visitor = visitorOf(request, cookies);
    const browser = visitor.browser ?? tenant.random.token();
    const state = await park('confirm-logout', parameters.pairs, tenant);
    const csrf = formToken(tenant.formKey, browser, state, 'logout');
    const html = renderLogoutConfirmation({
      page: pageContext(tenant),
      action: confirmationPath,
      csrf,
      state,
    });
    const answer = page(html, 200, interactivePolicy(logout.location));
    return visitor.browser === undefined ? { ...answer, cookies: [cookies.browser(browser)] } : answer;
  }

  async function confirmed(request: FastifyRequest): Promise<Reply> {
    const fields = formOf(request);
    const { browser } = visitorOf(request, cookies);
    const state = fields.get('state');
    const pairs = await findParked('confirm-logout', state, tenant);
    if (pairs === undefined || state === undefined || browser === undefined)
      return lostTransaction(undefined, request, tenant);
    const expected = formToken(tenant.formKey, browser, state, 'logout');
    if (!isOwnForm(request, tenant.issuer, expected, fields.get('csrf')))
      return lostTransaction(undefined, request, tenant);
    return end(await parseOidcLogout(new Parameters(pairs), ports), request, 303, true);
  }

  /**
   * `isMeant`: whether the person who is logged in wants it. RP-Initiated Logout §3: "the OP MUST NOT perform
   * post-logout redirection unless the OP has other means of confirming the legitimacy of the post-logout redirection
   * target", and of a client that registered itself there are none.
   */
  async function end(
    logout: Logout,
    request: FastifyRequest,
    status: 302 | 303,
    isMeant: boolean,
  ): Promise<Reply> {
    const ended = isTopLevelNavigation(request);
    if (ended) await endSession(visitorOf(request, cookies), logout.client, tenant);
    const { client, location } = logout;
    const leadsOn = isMeant || client === undefined || client.registration === null;
    const answer =
      location === undefined || !leadsOn
        ? page(renderSignedOut({ page: pageContext(tenant) }))
        : redirect(location, status);
    return ended ? { ...answer, cookies: [cookies.endSession()] } : answer;
  }

  async function recordingRefusal(request: FastifyRequest, parse: () => Promise<Logout>): Promise<Logout> {
    try {
      return await parse();
    } catch (error) {
      if (error instanceof InvalidRequest) {
        const { requester } = visitorOf(request, cookies);
        const { message: description } = error;
        await tenant.unitOfWork.transaction(({ log }) => log.write({ type: 'flo', description }, requester));
      }
      throw error;
    }
  }
}

/** LO-1: an image or a frame on another site ends nobody's session. */
function isTopLevelNavigation(request: FastifyRequest): boolean {
  const destination = request.headers['sec-fetch-dest'];
  return destination === undefined || destination === 'document';
}
