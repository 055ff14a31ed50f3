// How many tokens Auth0 gives a day and an hour: of a client, an organization and, where they say nothing, the tenant. Kept,
// and without effect here.
import { z } from 'zod';
import { filled } from '../model/members.ts';

const count = z.int().min(1).max(2_147_483_647);

export const tokenQuota = z.strictObject({
  client_credentials: filled(
    z.strictObject({ enforce: z.boolean(), per_day: count, per_hour: count }).partial(),
  ),
});
