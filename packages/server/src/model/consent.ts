// Consent (contract CN-2 to CN-4): whether a user has yet to agree to what a client is about to be given.
import type { Client } from './client.ts';
import type { ResourceServer } from './resource-server.ts';

interface Asked {
  user_id: string;
  /** Null: the user's own claims alone. */
  audience: string | null;
  scope: readonly string[];
}

type Find = (
  user_id: string,
  client_id: string,
  audience: string,
) => Promise<{ scope: readonly string[] } | undefined>;

/** Where it is written down what a user has agreed to. */
interface UserGrants {
  find: Find;
}

/**
 * AT-14: where something is given in this transaction. Whoever is deleting the grant is waited for; whoever comes after
 * waits, and takes back what was given, too.
 */
export function held({ userGrants }: { userGrants: { lock: Find } }): { userGrants: UserGrants } {
  return { userGrants: { find: (...key) => userGrants.lock(...key) } };
}

/** A first-party client asks only for APIs that do not skip consent; a third-party client always asks. */
export async function isConsentMissing(
  { user_id, audience, scope }: Asked,
  { client_id, is_first_party }: Pick<Client, 'client_id' | 'is_first_party'>,
  resourceServer: ResourceServer | undefined,
  { userGrants }: { userGrants: UserGrants },
): Promise<boolean> {
  const skips =
    resourceServer === undefined || resourceServer.skip_consent_for_verifiable_first_party_clients;
  if (is_first_party && skips) return false;
  const grant = await userGrants.find(user_id, client_id, audience ?? '');
  // CN-2: "Changing requested scopes beyond the grant ⇒ consent again."
  return grant === undefined || !scope.every((name) => grant.scope.includes(name));
}
