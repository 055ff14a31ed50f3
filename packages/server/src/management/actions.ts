// Actions: there are none. That is answered, not refused, because Auth0's tools look for the actions that a database runs
// before they import it, and give up where they may not (contract §0, §2.1).
import { z } from 'zod';
import { route } from './route.ts';
import { queryBoolean, queryInteger } from './wire.ts';

/** What actions run at, in Auth0. */
const triggers = [
  'post-login',
  'credentials-exchange',
  'pre-user-registration',
  'post-user-registration',
  'post-change-password',
  'send-phone-message',
  'custom-phone-provider',
  'custom-email-provider',
  'password-reset-post-challenge',
  'custom-token-exchange',
  'event-stream',
  'password-hash-migration',
  'login-post-identifier',
  'signup-post-identifier',
] as const;

export const actionRoutes = [
  route({
    method: 'GET',
    path: '/actions/actions',
    summary: 'Get actions',
    scopes: ['read:actions'],
    query: z.strictObject({
      triggerId: z.enum(triggers).optional(),
      actionName: z.string().max(300).optional(),
      deployed: queryBoolean.optional(),
      installed: queryBoolean.optional(),
      page: queryInteger(0, 1_000_000_000).default(0),
      per_page: queryInteger(1, 100).default(20),
    }),
    status: 200,
    response: z.object({
      actions: z.array(z.never()),
      total: z.int(),
      page: z.int(),
      per_page: z.int(),
    }),
    answer: async ({ query: { page, per_page } }) => ({ actions: [], total: 0, page, per_page }),
  }),
];
