import { acceptConsent } from '../../login/decisions.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import { claimsOfScope, isRefreshScope } from '../../oauth/issue/scopes.ts';
import { type ConsentGroup, type RegisteredApplication, renderConsent } from '../../pages/consent.tsx';
import { submitDecision } from './decision.ts';
import { type Screen, type ScreenRequest, screenPage } from './screen.ts';

export const consentScreen: Screen = {
  steps: ['consent'],

  async show(screen) {
    const { parsed, signedIn, form } = screen;
    const html = renderConsent({
      ...form,
      client_name: parsed.client.name,
      client_logo: parsed.client.logo_uri ?? undefined,
      user: signedIn?.user.email ?? signedIn?.user.name ?? '',
      groups: groupsOf(screen),
      registered: registeredOf(screen),
    });
    return screenPage(screen, html);
  },

  submit: (screen, fields) =>
    submitDecision(screen, fields, acceptConsent, 'The user denied the authorization request'),
};

/** DR-2: what a person may know of a client that nobody at the tenant has made. */
function registeredOf({ parsed: { client, request } }: ScreenRequest): RegisteredApplication | undefined {
  // Devices are not among the grants that it may have.
  if (client.registration === null || !('redirect_uri' in request)) return undefined;
  const { host, protocol } = new URL(request.redirect_uri);
  const { policy_uri, tos_uri } = client.registration;
  return { destination: host || protocol, policy_url: policy_uri, terms_url: tos_uri };
}

/** CN-6 */
function groupsOf({ parsed: { request, resourceServer }, tenant }: ScreenRequest): ConsentGroup[] {
  const describes = tenant.settings.flags.use_scope_descriptions_for_consent;
  const own = request.scope.filter((scope) => claimsOfScope.has(scope) || isRefreshScope(scope));
  const ofApi = request.scope.filter((scope) => !own.includes(scope));
  const profile = { permissions: own.map((scope) => ({ scope })) };
  if (resourceServer === undefined) return [profile];
  const permissions = ofApi.map((scope) => ({
    scope,
    description: describes ? descriptionOf(scope, resourceServer) : undefined,
  }));
  return [profile, { api_name: resourceServer.name, permissions }].filter(
    (group) => group.permissions.length > 0,
  );
}

function descriptionOf(scope: string, { scopes }: ResourceServer): string | undefined {
  return scopes.find(({ value }) => value === scope)?.description || undefined;
}
