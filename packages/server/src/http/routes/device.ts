// Devices that cannot show a login page (RFC 8628; contract DV-*): the endpoint that gives them their codes, and the
// pages where a person enters the one, compares it and hears how it ended.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { confirmDevice, findDevice, findWaiting, refuseDevice } from '../../login/device-activation.ts';
import { findSession } from '../../login/sessions.ts';
import { maskedUserCode, typedUserCode } from '../../model/user-code.ts';
import { authorizeDevice } from '../../oauth/endpoints/device-authorization.ts';
import {
  renderActivated,
  renderActivationDenied,
  renderDeviceConfirmation,
  renderUserCode,
} from '../../pages/device.tsx';
import { en } from '../../pages/texts/en.ts';
import type { Cookies } from '../cookies.ts';
import { addEndpoint } from '../endpoint.ts';
import { errorPageHandler, lostDevice } from '../error-pages.ts';
import { oauthErrorHandler } from '../errors.ts';
import { formToken, isOwnForm } from '../forms.ts';
import { page, pageContext } from '../page-context.ts';
import { activationPaths, deviceAuthorizationPath, resumeUrl } from '../paths.ts';
import { json, noStore, type Reply, redirect, send } from '../reply.ts';
import { formOf, queryOf, requesterOf, visitorOf } from '../request.ts';
import { longestUrl } from '../security.ts';
import type { Tenant } from '../tenant.ts';

export function addDeviceAuthorizationRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));

  addEndpoint(server, tenant, {
    url: deviceAuthorizationPath,
    methods: ['POST'],
    async answer(request) {
      return json(await authorizeDevice(formOf(request), requesterOf(request), tenant), 200, noStore);
    },
    // DV-12
    cors: { withWebOrigins: () => true },
  });
}

export function addActivationRoutes(server: FastifyInstance, tenant: Tenant, cookies: Cookies): void {
  server.setErrorHandler(errorPageHandler(tenant));
  // RFC 8628 §3.3.1: the code may come with the address; the person compares it all the same.
  server.get(activationPaths.enter, async (request, reply) => {
    const typed = queryOf(request).get('user_code');
    return send(reply, typed === undefined ? enterCode('') : await compareCode(typed, request));
  });
  server.post(activationPaths.enter, { bodyLimit: longestUrl }, async (request, reply) =>
    send(reply, await decide(request)),
  );
  server.get(activationPaths.allowed, async (_request, reply) =>
    send(reply, page(renderActivated({ page: pageContext(tenant) }))),
  );
  server.get(activationPaths.denied, async (_request, reply) =>
    send(reply, page(renderActivationDenied({ page: pageContext(tenant) }))),
  );

  function enterCode(user_code: string, error?: string, status = 200): Reply {
    const { charset } = tenant.settings.device_flow;
    const html = renderUserCode({
      page: pageContext(tenant),
      action: activationPaths.enter,
      charset,
      user_code,
      error,
    });
    return page(html, status);
  }

  async function compareCode(typed: string, request: FastifyRequest): Promise<Reply> {
    const visitor = visitorOf(request, cookies);
    const found = await findDevice(typed, visitor.requester, tenant);
    if (found.outcome !== 'found') {
      const status = found.outcome === 'too_many_codes' ? 429 : 400;
      return enterCode(typed.slice(0, 40), en.user_code.errors[found.outcome], status);
    }
    const user_code = typedUserCode(typed);
    const browser = visitor.browser ?? tenant.random.token();
    const signedIn = await findSignedIn(visitor.session);
    const html = renderDeviceConfirmation({
      page: pageContext(tenant),
      action: activationPaths.enter,
      csrf: tokenFor(browser, user_code, signedIn?.user.user_id),
      state: user_code,
      user_code: maskedUserCode(user_code, tenant.settings.device_flow.mask),
      client_name: found.device.client.name,
      user: signedIn && (signedIn.user.email ?? signedIn.user.name),
    });
    const answer = page(html);
    return visitor.browser === undefined ? { ...answer, cookies: [cookies.browser(browser)] } : answer;
  }

  /** LT-1, LT-4: by the browser that compared the code, and the user that the page named. */
  async function decide(request: FastifyRequest): Promise<Reply> {
    const fields = formOf(request);
    const visitor = visitorOf(request, cookies);
    const user_code = fields.get('state');
    if (user_code === undefined || visitor.browser === undefined) return lostDevice(request, tenant);
    const signedIn = await findSignedIn(visitor.session);
    const expected = tokenFor(visitor.browser, user_code, signedIn?.user.user_id);
    if (!isOwnForm(request, tenant.issuer, expected, fields.get('csrf'))) return lostDevice(request, tenant);
    const device = await findWaiting(user_code, tenant);
    if (device === undefined) return lostDevice(request, tenant);
    if (fields.get('action') !== 'accept') {
      await refuseDevice(device, visitor.requester, tenant);
      return redirect(activationPaths.denied, 303);
    }
    return redirect(resumeUrl(await confirmDevice(device, visitor.browser, tenant)), 303);
  }

  function findSignedIn(session: string | undefined) {
    return findSession(session, tenant.clock.now(), tenant.unitOfWork.read.sessions);
  }

  function tokenFor(browser: string, user_code: string, user_id: string | undefined): string {
    return formToken(tenant.formKey, browser, user_code, 'device-confirmation', user_id);
  }
}
