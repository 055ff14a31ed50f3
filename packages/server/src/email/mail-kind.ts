// This folder writes mails and hands them to the mail server. It knows neither why one is sent nor who may cause it,
// and builds no link: a mail brings its own. Mails are deliveries, so they are stored with the change that they tell of
// and tried again until they are sent or of no use any more.
import type { Delivery, DeliveryKind, DeliveryOutcome } from '../model/delivery.ts';
import type { LogEvent } from '../model/events.ts';
import { type Mail, mailDelivery, mailSchema } from '../model/mail.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { MailRefused, type MailTransport } from './smtp.ts';
import type { WrittenMail } from './write-mail.ts';

export interface MailKindPorts {
  transport: MailTransport;
  write(mail: Mail): WrittenMail;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

const minute = 60;
const hour = 60 * minute;
/** Half a day in all: what a mail server needs after an accident. */
const retries = [10, minute, 5 * minute, 15 * minute, hour, 2 * hour, 4 * hour, 4 * hour];

export function createMailKind({ transport, write, clock, log }: MailKindPorts): DeliveryKind {
  return {
    kind: mailDelivery,
    retries,
    async attempt(delivery: Delivery): Promise<DeliveryOutcome> {
      const mail = mailSchema.parse(delivery.content);
      if (clock.now() >= delivery.created_at + mail.lifetime) {
        return { outcome: 'refused', event: failureOf(mail, 'What the mail brings has expired') };
      }
      try {
        await transport.send(write(mail));
        return { outcome: 'sent' };
      } catch (err) {
        log.warn({ err, delivery: delivery.id, template: mail.template }, 'a mail was not sent');
        const isFinal = err instanceof MailRefused;
        const event = failureOf(mail, isFinal ? err.message : 'The mail server could not be reached');
        return { outcome: isFinal ? 'refused' : 'failed', event };
      }
    },
  };
}

function failureOf(mail: Mail, description: string): LogEvent {
  const { client_id, client_name, connection, connection_id, user_id, to, template } = mail;
  const about = { client_id, client_name, connection, connection_id, user_id, user_name: to };
  return { type: 'fn', description, ...about, details: { template } };
}
