// Client grants of an organization: there are none. That is answered, not refused, because Auth0's tools pass over every
// organization whose client grants they may not see.
import { z } from 'zod';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { queryList } from '../wire.ts';
import { existingOrganization, organizationParams } from './wire.ts';

const listed = paginated('client_grants', z.never(), {
  filters: {
    audience: z.string().max(600).optional(),
    client_id: z.string().max(100).optional(),
    grant_ids: queryList(z.string().max(100)).optional(),
  },
});

export const organizationClientGrantRoutes = [
  route({
    method: 'GET',
    path: '/organizations/{id}/client-grants',
    summary: 'Get client grants associated to an organization',
    scopes: ['read:organization_client_grants'],
    params: organizationParams,
    ...listed.route,
    answer: async ({ params, query }, stores) => {
      await existingOrganization(params.id, stores);
      return listed.none(query);
    },
  }),
];
