// This folder writes messages and hands them to whoever sends them: the mail server, or a sender of text messages. It
// knows neither why one is sent nor who may cause it, and builds no link: a message brings its own. Messages are
// deliveries, so they are stored with the change that they tell of and tried again until they are sent or of no use any
// more.
import type { Delivery, DeliveryKind, DeliveryOutcome } from '../model/delivery.ts';
import type { LogEvent } from '../model/events.ts';
import { type Channel, type Message, messageSchema } from '../model/message.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';

export interface MessageSender<Written> {
  /**
   * Resolves once somebody else has taken it over, within the longest that a delivery's attempt may take. Throws
   * MessageRefused where another try would fare no better.
   */
  send(message: Written): Promise<void>;
}

export class MessageRefused extends Error {
  override name = 'MessageRefused';
}

export interface MessageKindPorts<Written> {
  channel: Channel;
  sender: MessageSender<Written>;
  write(message: Message): Written;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

const minute = 60;
const hour = 60 * minute;
/** Half a day in all: what a mail server needs after an accident. */
const retries = [10, minute, 5 * minute, 15 * minute, hour, 2 * hour, 4 * hour, 4 * hour];

const unreachable: Record<Channel, string> = {
  mail: 'The mail server could not be reached',
  sms: 'The sender of text messages could not be reached',
};

export function createMessageKind<Written>({
  channel,
  sender,
  write,
  clock,
  log,
}: MessageKindPorts<Written>): DeliveryKind {
  return {
    kind: channel,
    retries,
    async attempt(delivery: Delivery): Promise<DeliveryOutcome> {
      const message = messageSchema.parse(delivery.content);
      if (clock.now() >= delivery.created_at + message.lifetime) {
        return { outcome: 'refused', event: failureOf(message, 'What the message brings has expired') };
      }
      try {
        await sender.send(write(message));
        return { outcome: 'sent' };
      } catch (err) {
        log.warn({ err, delivery: delivery.id, template: message.template }, 'a message was not sent');
        const isFinal = err instanceof MessageRefused;
        const event = failureOf(message, isFinal ? err.message : unreachable[channel]);
        return { outcome: isFinal ? 'refused' : 'failed', event };
      }
    },
  };
}

function failureOf(message: Message, description: string): LogEvent {
  const { client_id, client_name, connection, connection_id, user_id, to, template } = message;
  const about = { client_id, client_name, connection, connection_id, user_id, user_name: to };
  return { type: 'fn', description, ...about, details: { template } };
}
