// From a mail to what is sent: subject, HTML and plain text. Values are escaped in HTML, and lie in one line in the
// subject.
import { Liquid, type Template } from 'liquidjs';
import { type Mail, type MailTemplate, mailTemplates } from '../model/mail.ts';
import type { TenantSettings } from '../model/tenant.ts';
import { htmlLayout, type MailText, mailTexts, textLayout } from './templates.ts';

export interface WrittenMail {
  to: string;
  subject: string;
  html: string;
  text: string;
}

export type MailTenant = Pick<
  TenantSettings,
  'friendly_name' | 'picture_url' | 'support_email' | 'support_url'
>;

/** The templates are read once. */
export function createMailWriter(tenant: MailTenant): (mail: Mail) => WrittenMail {
  // What a template may cost is bounded, whoever will write it.
  const limits = { parseLimit: 100_000, renderLimit: 1000, memoryLimit: 1_000_000 };
  const plain = new Liquid(limits);
  const escaping = new Liquid({ ...limits, outputEscape: 'escape' });
  const layouts = { html: escaping.parse(htmlLayout), text: plain.parse(textLayout) };
  const parsed = new Map<MailTemplate, Record<keyof MailText, Template[]>>();
  for (const template of mailTemplates) {
    const { subject, heading, lead, button, note } = mailTexts[template];
    parsed.set(template, {
      subject: plain.parse(subject),
      heading: plain.parse(heading),
      lead: plain.parse(lead),
      button: plain.parse(button),
      note: plain.parse(note),
    });
  }

  return (mail) => {
    const texts = parsed.get(mail.template);
    if (texts === undefined) throw new Error(`There is no template ${mail.template}`);
    const values = valuesOf(mail, tenant);
    const said = (part: keyof MailText) => oneLine(String(plain.renderSync(texts[part], values)));
    const parts = {
      ...values,
      heading: said('heading'),
      lead: said('lead'),
      button: said('button'),
      note: said('note'),
    };
    return {
      to: mail.to,
      subject: said('subject'),
      html: String(escaping.renderSync(layouts.html, parts)),
      text: String(plain.renderSync(layouts.text, parts)),
    };
  };
}

function valuesOf(mail: Mail, tenant: MailTenant) {
  return {
    application: { name: mail.client_name ?? tenant.friendly_name },
    user: { email: mail.to },
    code: mail.code,
    url: mail.url,
    lifetime: inWords(mail.lifetime),
    friendly_name: tenant.friendly_name,
    picture_url: tenant.picture_url,
    support: tenant.support_email ?? tenant.support_url,
  };
}

/** RFC 5322 §2.1.1: a header is one line, whatever the value that stands in it. */
function oneLine(text: string): string {
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
