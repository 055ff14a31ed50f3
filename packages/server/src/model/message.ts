// What a message to a person is before it is written out: which one, to whom, and what only this one says. It goes by
// mail or as a text message, as a delivery.
import { z } from 'zod';
import type { Random } from '../runtime/random.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import type { Requester } from './events.ts';

/** EM-1, by Auth0's names; `passwordless_email` is what Auth0 keeps with the connection. */
export const mailTemplates = [
  'verify_email',
  'reset_email',
  'passwordless_email',
  'user_invitation',
] as const;
export type MailTemplate = (typeof mailTemplates)[number];

export const textTemplates = ['passwordless_sms'] as const;
export type TextTemplate = (typeof textTemplates)[number];

export type MessageTemplate = MailTemplate | TextTemplate;

export const messageSchema = z.strictObject({
  template: z.enum([...mailTemplates, ...textTemplates]),
  /** An e-mail address or a telephone number. */
  to: z.string(),
  /** One of the two: what is typed, or where the button leads. */
  code: z.string().optional(),
  url: z.string().optional(),
  /** Seconds that the code or the link is good for. */
  lifetime: z.int(),
  /** The application that it is about; the tenant stands in where there is none. */
  client_id: z.string().optional(),
  client_name: z.string().optional(),
  connection: z.string().optional(),
  connection_id: z.string().optional(),
  user_id: z.string().optional(),
  /** Of an invitation: who invites, and to what. */
  inviter_name: z.string().optional(),
  organization_name: z.string().optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** The ways that messages go, each a kind of deliveries. */
export const channels = ['mail', 'sms'] as const;
export type Channel = (typeof channels)[number];

export function channelOf({ template }: Pick<Message, 'template'>): Channel {
  return textTemplates.some((each) => each === template) ? 'sms' : 'mail';
}

/** To be added in the transaction of the change that the message tells of. */
export function newMessage(
  message: Message,
  requester: Requester,
  surroundings: { now: number; random: Random },
): Delivery {
  return newDelivery({ kind: channelOf(message), content: message, requester }, surroundings);
}
