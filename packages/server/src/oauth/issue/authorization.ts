// What tokens are minted from, whichever way it was granted: by a grant at the token endpoint, or at the authorization
// endpoint. Reads what the tokens tell of the user, and lets permissions narrow the scope.
import type { Client } from '../../model/client.ts';
import { isCurrentUserScope, type ResourceServer } from '../../model/resource-server.ts';
import type { Identity, User } from '../../model/user.ts';
import type { Random } from '../../runtime/random.ts';
import type { UserStore } from '../ports.ts';
import type { Confirmation } from './confirmation.ts';

const jtiBytes = 12;

/** What was granted, before permissions narrow it. */
export type Granted = GrantedByUser | GrantedToClient;

interface Terms {
  /** What the access token is good for. */
  scope: string[];
  /** AT-5: only `refresh_token`, `password` and `client-credentials` stand in a token. */
  gty: string | undefined;
}

/** A user allows the client something. */
export interface GrantedByUser extends Terms {
  subject_type: 'user';
  user: User;
  /** Undefined: the access token is for /userinfo alone. */
  resourceServer: ResourceServer | undefined;
  aid: string;
  epoch: number;
  /** Undefined: no browser's session stands behind it. */
  sid: string | undefined;
  /** ID-12: only where the ID token shall tell it. */
  auth_time: number | undefined;
  /** When the user logged in, as far as that is known, for an access token that has to tell it. */
  authenticated_at?: number | undefined;
  nonce: string | undefined;
  acr: string | undefined;
  /** RFC 8693 §4.1: who acts for the user. */
  act?: Actor;
  /** The access token ends then, if its lifetime does not end before. */
  ends_at?: number;
}

/** Each actor, by `client_id`, and who acted before. */
export interface Actor {
  sub: string;
  act?: Actor;
}

/** CC-6: the client acts for itself. It has no session and no ID token, and there is nothing to refresh. */
export interface GrantedToClient extends Terms {
  subject_type: 'client';
  resourceServer: ResourceServer;
}

/** Ready to be written into tokens. */
export type Authorization = UserAuthorization | ClientAuthorization;

interface Recipient {
  client: Client;
  /** Undefined: whoever has the access token may use it. */
  cnf: Confirmation | undefined;
  /** Of the access token, if that is a JWT: drawn before it is made, so that the log can tell it (LG-6). */
  jti: string;
  /** AT-10: present where the resource server's tokens carry them. */
  permissions: string[] | undefined;
}

export interface UserAuthorization extends GrantedByUser, Recipient {
  identities: Identity[];
}

export interface ClientAuthorization extends GrantedToClient, Recipient {}

export interface AuthorizationPorts {
  users: Pick<UserStore, 'listPermissions' | 'listIdentities'>;
  random: Random;
}

export async function authorizationOf(
  granted: Granted,
  recipient: Pick<Recipient, 'client' | 'cnf'>,
  ports: AuthorizationPorts,
): Promise<Authorization> {
  if (granted.subject_type === 'user') return userAuthorizationOf(granted, recipient, ports);
  const permissions = carriesPermissions(granted.resourceServer) ? granted.scope : undefined;
  return { ...granted, ...recipient, jti: ports.random.token(jtiBytes), permissions };
}

export async function userAuthorizationOf(
  granted: GrantedByUser,
  recipient: Pick<Recipient, 'client' | 'cnf'>,
  { users, random }: AuthorizationPorts,
): Promise<UserAuthorization> {
  const { user, resourceServer, scope, aid, epoch } = granted;
  const permissions = resourceServer?.enforce_policies
    ? await users.listPermissions(user.user_id, resourceServer.identifier)
    : undefined;
  return {
    ...granted,
    ...recipient,
    // AT-16: our own endpoints read the authorization and the epoch from it.
    jti: `${aid}.${epoch}.${random.token(jtiBytes)}`,
    identities: scope.includes('identities') ? await users.listIdentities(user.user_id) : [],
    permissions: carriesPermissions(resourceServer) ? permissions : undefined,
    scope: permittedScope(scope, permissions, resourceServer),
  };
}

function carriesPermissions(resourceServer: ResourceServer | undefined): boolean {
  return resourceServer?.token_dialect?.endsWith('_authz') === true;
}

/** AT-10: with `enforce_policies` on, requested ∩ the user's permissions. */
function permittedScope(
  scope: string[],
  permissions: string[] | undefined,
  resourceServer: ResourceServer | undefined,
): string[] {
  if (permissions === undefined) return scope;
  return scope.filter(
    (name) =>
      permissions.includes(name) ||
      !resourceServer?.scopes.some(({ value }) => value === name) ||
      (resourceServer.is_system && isCurrentUserScope(name)),
  );
}
