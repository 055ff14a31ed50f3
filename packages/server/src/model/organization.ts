// What an organization is: contract row OR-1. Its login flows are not part of this server yet.
import { z } from 'zod';

export const organizationSchema = z.strictObject({
  id: z.string(),
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,49}$/,
      'must be 1 to 50 lower-case letters, digits, hyphens or underscores',
    ),
  display_name: z.string().max(255).nullable(),
  metadata: z.record(z.string().max(255), z.string().max(255)),
  /** Connection ids. */
  connections: z.array(z.string()),
  created_at: z.int(),
});
export type Organization = z.infer<typeof organizationSchema>;
