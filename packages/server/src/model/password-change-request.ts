// Somebody asked for a link to another password. Whether there is such a user is looked up later, outside of the
// request, so that the request takes the same time for everybody (CP-2).
import { z } from 'zod';

/** The kind of these deliveries. */
export const passwordChangeDelivery = 'password_change';

export const passwordChangeRequestSchema = z.strictObject({
  email: z.string(),
  connection: z.string(),
  client_id: z.string().optional(),
  client_name: z.string().optional(),
});
export type PasswordChangeRequest = z.infer<typeof passwordChangeRequestSchema>;
