import type { Route } from '../route.ts';
import { organizationClientGrantRoutes } from './client-grants.ts';
import { organizationConnectionRoutes } from './connection-routes.ts';
import { invitationRoutes } from './invitations.ts';
import { memberRoutes } from './members.ts';
import { organizationItselfRoutes } from './organizations.ts';

export const organizationRoutes: readonly Route[] = [
  ...organizationItselfRoutes,
  ...organizationConnectionRoutes,
  ...organizationClientGrantRoutes,
  ...memberRoutes,
  ...invitationRoutes,
];
