// What an exchange of a refresh token is for: the API that it was issued for, or, where the client's `policies` allow
// it, another one (Auth0's multi-resource refresh tokens; contract RT-3, RT-18, RT-19). It shapes the access token
// alone: the family keeps its audience and its whole scope (RR-10).
import { parseSpaceDelimited } from '../parameters.ts';
import type { OAuthStores } from '../ports.ts';
import { findRemaining, type GrantRequest, type Remaining } from './grants/grant.ts';
import type { RefreshTokenFamily } from './ports.ts';

export interface RefreshedAccess extends Remaining {
  /** RT-18: a policy of the client gave it. */
  byPolicy: boolean;
}

/** `remaining`: what is left of the authorization itself. Undefined if more scope is asked for than was granted. */
export async function findRefreshedAccess(
  family: RefreshTokenFamily,
  remaining: Remaining,
  { client, parameters }: Pick<GrantRequest, 'client' | 'parameters'>,
  stores: OAuthStores,
): Promise<RefreshedAccess | undefined> {
  const asked = parameters.get('scope');
  const requested = asked === undefined ? undefined : parseSpaceDelimited(asked);
  const policies = client.is_first_party ? (client.refresh_token.policies ?? []) : [];
  // RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted by the resource owner"
  if (policies.length === 0 && requested?.some((name) => !family.scope.includes(name))) return undefined;
  const audience = parameters.get('audience') ?? family.audience;
  // RT-19: an audience of no policy is passed over.
  const policy = policies.find((candidate) => candidate.audience === audience);
  const byPolicy = policy && (await findByPolicy(policy, family, client, stores));
  const { resourceServer, scope } = byPolicy ?? remaining;
  return {
    resourceServer,
    scope: requested === undefined ? scope : scope.filter((name) => requested.includes(name)),
    byPolicy: byPolicy !== undefined,
  };
}

/** RT-18: at an API that asks nobody for consent; what was granted already, and what the policy adds. */
async function findByPolicy(
  { audience, scope }: { audience: string; scope: string[] },
  family: RefreshTokenFamily,
  client: GrantRequest['client'],
  stores: OAuthStores,
): Promise<Remaining | undefined> {
  const union = [...new Set([...family.scope, ...scope])];
  const found = await findRemaining({ audience, scope: union }, client, stores);
  const { resourceServer } = found ?? {};
  if (resourceServer === undefined || resourceServer.is_system) return undefined;
  return resourceServer.skip_consent_for_verifiable_first_party_clients ? found : undefined;
}
