// From a message to the text of an SMS, and the port to whoever sends it.
import { Liquid, type Template } from 'liquidjs';
import { type Message, type MessageTemplate, textTemplates } from '../model/message.ts';
import type { TenantSettings } from '../model/tenant.ts';
import type { MessageSender } from './message-kind.ts';
import { smsTexts } from './templates.ts';
import { limits, oneLine, valuesOf } from './values.ts';

export interface WrittenText {
  /** E.164 */
  to: string;
  text: string;
}

/** A provider of text messages; none is built in. */
export type SmsSender = MessageSender<WrittenText>;

/** The templates are read once. */
export function createTextWriter(
  tenant: () => Pick<TenantSettings, 'friendly_name'>,
): (message: Message) => WrittenText {
  const plain = new Liquid(limits);
  const parsed = new Map<MessageTemplate, Template[]>(
    textTemplates.map((template) => [template, plain.parse(smsTexts[template])]),
  );
  return (message) => {
    const template = parsed.get(message.template);
    if (template === undefined) throw new Error(`There is no template ${message.template}`);
    return { to: message.to, text: oneLine(String(plain.renderSync(template, valuesOf(message, tenant())))) };
  };
}
