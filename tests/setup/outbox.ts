// The messages that wait where nothing is set that sends them, as a test reads them.
import { channels, type Message, messageSchema } from '../../packages/server/src/model/message.ts';
import type { Freehold } from './server.ts';

/** To this address or number, the newest first. */
export async function messagesTo(freehold: Pick<Freehold, 'stores'>, to: string): Promise<Message[]> {
  const { deliveries } = freehold.stores;
  const waiting = await Promise.all(channels.map((channel) => deliveries.list(channel, 1000)));
  return waiting
    .flat()
    .map(({ content }) => messageSchema.parse(content))
    .filter((message) => message.to === to);
}

/** The code in the newest message to this address or number. */
export async function codeSentTo(freehold: Pick<Freehold, 'stores'>, to: string): Promise<string> {
  const [message] = await messagesTo(freehold, to);
  if (message?.code === undefined) throw new Error(`No code was sent to ${to}`);
  return message.code;
}

/** Where the link in the newest message to this address or number leads; what was asked for is sent first. */
export async function linkSentTo(freehold: Pick<Freehold, 'stores' | 'composed'>, to: string): Promise<URL> {
  await freehold.composed.deliverDue();
  const [message] = await messagesTo(freehold, to);
  if (message?.url === undefined) throw new Error(`No link was sent to ${to}`);
  return new URL(message.url);
}
