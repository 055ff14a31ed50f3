// The way out for mail: one SMTP server, which the operator names. Links and codes travel in it, so the connection is
// encrypted, or goes to this very machine.
import { createTransport } from 'nodemailer';
import type { SmtpSettings } from '../runtime/settings/smtp-settings.ts';
import { MessageRefused, type MessageSender } from './message-kind.ts';
import type { WrittenMail } from './write-mail.ts';

/** Milliseconds. All of one attempt stays below the longest that a delivery's attempt may take. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export function createSmtpTransport({
  url,
  from,
  requiresTls,
}: Omit<SmtpSettings, 'insecureAllowPlain'>): MessageSender<WrittenMail> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isImplicitTls = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isImplicitTls ? 465 : 587),
    secure: isImplicitTls,
    requireTLS: requiresTls,
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...timeouts,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, html, text }) {
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, html, text });
      } catch (cause) {
        throw isFinal(cause) ? new MessageRefused('The mail server refused the mail', { cause }) : cause;
      }
    },
  };
}

/** RFC 5321 §4.2.1: 5yz is a "Permanent Negative Completion reply"; of the recipient alone, for a login can be mended. */
function isFinal(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  return responseCode !== undefined && responseCode >= 500 && /^(RCPT TO|DATA)$/.test(command ?? '');
}
