// From a mail to what is sent: subject, HTML and plain text. Values are escaped in HTML, and lie in one line in the
// subject.
import { Liquid, type Template } from 'liquidjs';
import { type Message, type MessageTemplate, mailTemplates } from '../model/message.ts';
import type { TenantSettings } from '../model/tenant.ts';
import { htmlLayout, type MailText, mailTexts, textLayout } from './templates.ts';
import { limits, oneLine, valuesOf } from './values.ts';

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
export function createMailWriter(tenant: () => MailTenant): (mail: Message) => WrittenMail {
  const plain = new Liquid(limits);
  const escaping = new Liquid({ ...limits, outputEscape: 'escape' });
  const layouts = { html: escaping.parse(htmlLayout), text: plain.parse(textLayout) };
  const parsed = new Map<MessageTemplate, Record<keyof MailText, Template[]>>();
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
    const values = mailValuesOf(mail, tenant());
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

function mailValuesOf(mail: Message, tenant: MailTenant) {
  return {
    ...valuesOf(mail, tenant),
    user: { email: mail.to },
    picture_url: tenant.picture_url,
    support: tenant.support_email ?? tenant.support_url,
  };
}
