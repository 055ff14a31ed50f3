// What both kinds of logout are tried on: a client that people leave, with every kind of Allowed Logout URL.
import { expect } from 'vitest';
import { Agent, type Answer } from './agent.ts';
import { authorizationUrl, getTokens, newPkce, sampleTenant, spa, users } from './flow.ts';
import { type Freehold, startFreehold } from './server.ts';

export const bye = 'https://app.example/bye';

export function startWithLeaver(): Promise<Freehold> {
  const tenant = sampleTenant({ tenant: { allowed_logout_urls: ['https://tenant.example/out'] } });
  tenant.clients = [
    spa,
    {
      ...spa,
      name: 'Leaver',
      client_id: 'leaver',
      allowed_logout_urls: [
        'https://*.wild.example/out',
        'https://{organization_name}.placeholder.example/out',
        bye,
        'https://app.example/Case',
        'https://app.example/query?a=1',
        'https://app.example:8443/port',
      ],
    },
    { ...spa, name: 'No logout', client_id: 'none', allowed_logout_urls: [] },
  ];
  return startFreehold({ tenant, users });
}

export async function signInAtLeaver(freehold: Freehold) {
  return getTokens(freehold, {
    authorize: { client_id: 'leaver', scope: 'openid offline_access' },
    token: { client_id: 'leaver' },
  });
}

export async function hasSession(freehold: Freehold, agent: Agent): Promise<boolean> {
  const { location } = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
  return location?.searchParams.has('code') === true;
}

/** LO-8, LO-11: whether it is taken for an ID token, whose client alone allows the URL. */
export async function isIdTokenHint(
  freehold: Freehold,
  id_token_hint: string,
  [post_logout_redirect_uri = '']: string[] = spa.allowed_logout_urls,
): Promise<boolean> {
  const url = query('/oidc/logout', { id_token_hint, post_logout_redirect_uri });
  const answer = await new Agent(freehold.issuer).send(url);
  expect([
    [302, post_logout_redirect_uri],
    [400, undefined],
  ]).toContainEqual([answer.status, answer.location?.href]);
  return answer.status === 302;
}

export function query(path: string, parameters: Record<string, string>): string {
  return `${path}?${new URLSearchParams(parameters)}`;
}

export function expectSignedOutPage(answer: Answer): void {
  expect([answer.status, answer.headers.location]).toEqual([200, undefined]);
  expect(answer.text).toContain('You are logged out');
}
