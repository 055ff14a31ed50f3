// What the person may do, so that no screen offers what the server would refuse. The server alone decides.
import { createContext, type ReactNode, use } from 'react';
import { claimsOf } from './token.ts';

const AccessContext = createContext<ReadonlySet<string>>(new Set());

export function AccessProvider({
  permissions,
  children,
}: {
  permissions: ReadonlySet<string>;
  children: ReactNode;
}) {
  return <AccessContext value={permissions}>{children}</AccessContext>;
}

/** `may('update:clients')` */
export function useAccess(): (permission: string) => boolean {
  const permissions = use(AccessContext);
  return (permission) => permissions.has(permission);
}

const ofTheLogin = new Set(['openid', 'profile', 'email', 'offline_access']);

/** AT-10: the API enforces policies, so that a token's scopes are permissions that the person has. */
export function permissionsOf(token: string): ReadonlySet<string> {
  const { scope = '' } = claimsOf(token) as { scope?: string };
  return new Set(scope.split(' ').filter((name) => name !== '' && !ofTheLogin.has(name)));
}
