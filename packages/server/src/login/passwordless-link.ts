// A link in place of a code (contract PS-4): it carries the code, sealed, with what the application asked for, so that
// whoever opens it in time is logged in and led on to /authorize. It is good as often and as long as its code.
import type { Client } from '../model/client.ts';
import { isDatabase, type PasswordlessConnection } from '../model/connection.ts';
import { aboutClient, aboutConnection, type Requester } from '../model/events.ts';
import { type PasswordlessClaim, type PasswordlessPorts, proveCode } from './passwordless.ts';
import { beginSession, type SessionPorts, type SignedIn } from './sessions.ts';

export interface PasswordlessLinkPorts extends PasswordlessPorts, SessionPorts {}

/** What an opened link says; whether its code is still good is seen when it is followed. */
export interface OpenedLink {
  client: Client;
  connection: PasswordlessConnection;
  identifier: string;
  code: string;
  /** For the authorization request that follows. */
  authParams: Record<string, string>;
}

/** Undefined for what is no link of ours, or of a client or connection that is no more. */
export async function openLink(
  link: string | undefined,
  { links, unitOfWork }: PasswordlessLinkPorts,
): Promise<OpenedLink | undefined> {
  const sealed = link === undefined ? undefined : links.open(link);
  if (sealed === undefined) return undefined;
  const { client_id, connection_id, identifier, code, authParams } = sealed;
  if (typeof client_id !== 'string' || typeof identifier !== 'string' || typeof code !== 'string')
    return undefined;
  const { clients, connections } = unitOfWork.read;
  const client = await clients.find(client_id);
  const connection = (await connections.listForClient(client_id)).find(({ id }) => id === connection_id);
  if (client === undefined || connection === undefined || isDatabase(connection)) return undefined;
  return { client, connection, identifier, code, authParams: authParams as Record<string, string> };
}

export type Followed =
  | { outcome: 'logged_in'; secret: string; persistent: boolean; expires_at: number }
  | { outcome: 'refused' };

export async function followLink(
  { client, connection, identifier, code }: OpenedLink,
  previous: SignedIn | undefined,
  requester: Requester,
  ports: PasswordlessLinkPorts,
): Promise<Followed> {
  const claim: PasswordlessClaim & { code: string } = { connection, client, identifier, code, requester };
  const about = { ...aboutClient(client), ...aboutConnection(connection), user_name: identifier };
  return ports.unitOfWork.transaction(async (stores): Promise<Followed> => {
    const verdict = await proveCode(claim, stores, ports);
    if (verdict.outcome === 'refused') {
      const description = 'The link is not valid';
      await stores.log.write({ ...about, type: 'f', description, user_id: verdict.user_id }, requester);
      return { outcome: 'refused' };
    }
    const { user } = verdict;
    const event = { ...about, user_id: user.user_id };
    if (user.blocked) {
      await stores.log.write({ ...event, type: 'f', description: 'user is blocked' }, requester);
      return { outcome: 'refused' };
    }
    const { session, secret } = await beginSession(user, connection.id, previous, requester, stores, ports);
    await stores.users.recordLogin(user.user_id, session.authenticated_at, requester.ip);
    await stores.log.write({ ...event, type: 's', details: { session_id: session.sid } }, requester);
    return { outcome: 'logged_in', secret, persistent: session.persistent, expires_at: session.expires_at };
  });
}
