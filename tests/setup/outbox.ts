// The mail that waits where no mail server is set, as a test reads it.
import { type Mail, mailDelivery, mailSchema } from '../../packages/server/src/model/mail.ts';
import type { Freehold } from './server.ts';

/** To this address, the newest first. */
export async function mailsTo(freehold: Pick<Freehold, 'stores'>, to: string): Promise<Mail[]> {
  const waiting = await freehold.stores.deliveries.list(mailDelivery, 1000);
  return waiting.map(({ content }) => mailSchema.parse(content)).filter((mail) => mail.to === to);
}

/** The code in the newest mail to this address. */
export async function codeSentTo(freehold: Pick<Freehold, 'stores'>, to: string): Promise<string> {
  const [mail] = await mailsTo(freehold, to);
  if (mail?.code === undefined) throw new Error(`No code was sent to ${to}`);
  return mail.code;
}

/** Where the link in the newest mail to this address leads; what was asked for is sent first. */
export async function linkSentTo(freehold: Pick<Freehold, 'stores' | 'composed'>, to: string): Promise<URL> {
  await freehold.composed.deliverDue();
  const [mail] = await mailsTo(freehold, to);
  if (mail?.url === undefined) throw new Error(`No link was sent to ${to}`);
  return new URL(mail.url);
}
