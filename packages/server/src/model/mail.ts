// What a mail is before it is written out: which one, to whom, and what only this one says. It is sent as a delivery.
import { z } from 'zod';
import type { Random } from '../runtime/random.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import type { Requester } from './events.ts';

/** EM-1, by Auth0's names; `passwordless_email` is what Auth0 keeps with the connection. */
export const mailTemplates = ['verify_email', 'reset_email', 'passwordless_email'] as const;
export type MailTemplate = (typeof mailTemplates)[number];

export const mailSchema = z.strictObject({
  template: z.enum(mailTemplates),
  to: z.string(),
  /** One of the two: what is typed, or where the button leads. */
  code: z.string().optional(),
  url: z.string().optional(),
  /** Seconds that the code or the link is good for. */
  lifetime: z.int(),
  /** The application that it is about; the tenant stands in where there is none. */
  client_id: z.string().optional(),
  client_name: z.string().optional(),
  connection: z.string(),
  connection_id: z.string(),
  user_id: z.string().optional(),
});
export type Mail = z.infer<typeof mailSchema>;

/** The kind of the deliveries that are mail. */
export const mailDelivery = 'mail';

/** To be added in the transaction of the change that the mail tells of. */
export function newMail(
  mail: Mail,
  requester: Requester,
  surroundings: { now: number; random: Random },
): Delivery {
  return newDelivery({ kind: mailDelivery, content: mail, requester }, surroundings);
}
