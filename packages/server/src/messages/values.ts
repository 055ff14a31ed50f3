// What every template may say, and what one may cost.
import type { Message } from '../model/message.ts';
import type { TenantSettings } from '../model/tenant.ts';

/** Of Liquid: what a template may cost is bounded, whoever will write it. */
export const limits = { parseLimit: 100_000, renderLimit: 1000, memoryLimit: 1_000_000 };

export function valuesOf(message: Message, { friendly_name }: Pick<TenantSettings, 'friendly_name'>) {
  return {
    application: { name: message.client_name ?? friendly_name },
    code: message.code,
    url: message.url,
    lifetime: inWords(message.lifetime),
    inviter: { name: message.inviter_name },
    organization: { name: message.organization_name },
    friendly_name,
  };
}

/** RFC 5322 §2.1.1: a header is one line, whatever the value that stands in it. So is a text message. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

const units = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3600 },
  { name: 'minute', seconds: 60 },
  { name: 'second', seconds: 1 },
];

/** In the largest unit that comes out even. */
function inWords(seconds: number): string {
  const { name, seconds: size } = units.find((unit) => seconds % unit.seconds === 0) ?? {
    name: 'second',
    seconds: 1,
  };
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
