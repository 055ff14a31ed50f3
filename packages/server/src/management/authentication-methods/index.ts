import type { Route } from '../route.ts';
import * as routes from './authentication-methods.ts';

export const authenticationMethodRoutes: readonly Route[] = [
  routes.listAuthenticationMethods,
  routes.createAuthenticationMethod,
  routes.replaceAuthenticationMethods,
  routes.deleteAuthenticationMethods,
  routes.getAuthenticationMethod,
  routes.updateAuthenticationMethod,
  routes.deleteAuthenticationMethod,
];
