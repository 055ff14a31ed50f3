// A session and a refresh token as the Management API tells them (contract §3.5, SE-10).
import { z } from 'zod';
import { metadataOf } from '../../model/members.ts';
import { noSession } from '../../oauth/ports.ts';
import { isoTime, present } from '../wire.ts';
import type { RefreshTokenDetails, SessionDetails } from './ports.ts';

/** `null` and an empty object take away what there was. */
export const metadataField = metadataOf(25)
  .nullable()
  .transform((metadata) => (metadata && Object.keys(metadata).length > 0 ? metadata : null));

const metadataSchema = z.record(z.string(), z.unknown());

export const sessionSchema = z.object({
  id: z.string(),
  user_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  authenticated_at: z.string(),
  idle_expires_at: z.string(),
  expires_at: z.string(),
  last_interacted_at: z.string(),
  device: z.object({
    initial_ip: z.string(),
    initial_user_agent: z.string(),
    last_ip: z.string(),
    last_user_agent: z.string(),
  }),
  clients: z.array(z.object({ client_id: z.string() })),
  authentication: z.object({
    methods: z.array(z.object({ name: z.string(), timestamp: z.string() })),
  }),
  cookie: z.object({ mode: z.enum(['persistent', 'non-persistent']) }),
  session_metadata: metadataSchema.optional(),
});
type SessionBody = z.infer<typeof sessionSchema>;

/** Auth0's names of how somebody logged in: elsewhere, unless it was here. */
const methodsHere: Readonly<Record<string, string>> = { auth0: 'pwd', email: 'email', sms: 'sms' };

export function sessionBody({ session, session_metadata, strategy, clients }: SessionDetails): SessionBody {
  const { initial_ip, initial_user_agent, last_ip, last_user_agent } = session;
  const timestamp = isoTime(session.authenticated_at);
  return {
    id: session.sid,
    user_id: session.user_id,
    created_at: isoTime(session.created_at),
    updated_at: isoTime(session.updated_at),
    authenticated_at: timestamp,
    idle_expires_at: isoTime(session.idle_expires_at),
    expires_at: isoTime(session.expires_at),
    last_interacted_at: isoTime(session.last_interacted_at),
    device: { initial_ip, initial_user_agent, last_ip, last_user_agent },
    clients: clients.map((client_id) => ({ client_id })),
    authentication: {
      methods: strategy === null ? [] : [{ name: methodsHere[strategy] ?? 'federated', timestamp }],
    },
    cookie: { mode: session.persistent ? 'persistent' : 'non-persistent' },
    ...present({ session_metadata }),
  };
}

export const refreshTokenSchema = z.object({
  id: z.string(),
  user_id: z.string(),
  created_at: z.string(),
  idle_expires_at: z.string().nullable(),
  expires_at: z.string().nullable(),
  client_id: z.string(),
  session_id: z.string().nullable(),
  rotating: z.boolean(),
  resource_servers: z.array(z.object({ audience: z.string(), scopes: z.string() })),
  device: z
    .object({
      initial_ip: z.string(),
      initial_user_agent: z.string(),
      last_ip: z.string(),
      last_user_agent: z.string(),
    })
    .optional(),
  refresh_token_metadata: metadataSchema.optional(),
  last_exchanged_at: z.string().optional(),
});
type RefreshTokenBody = z.infer<typeof refreshTokenSchema>;

/** `userinfo`: the audience of a refresh token that is for no other API. */
export function refreshTokenBody(
  { family, refresh_token_metadata, issued_at, device }: RefreshTokenDetails,
  userinfo: string,
): RefreshTokenBody {
  const isExchanged = family.counter > 0 && issued_at !== null;
  return {
    id: family.aid,
    user_id: family.user_id,
    created_at: isoTime(family.created_at),
    idle_expires_at: family.idle_at === null ? null : isoTime(family.idle_at),
    expires_at: family.absolute_at === null ? null : isoTime(family.absolute_at),
    client_id: family.client_id,
    session_id: family.sid === noSession ? null : family.sid,
    rotating: family.rotating,
    resource_servers: [{ audience: family.audience ?? userinfo, scopes: family.scope.join(' ') }],
    ...present({
      device,
      refresh_token_metadata,
      last_exchanged_at: isExchanged ? isoTime(issued_at) : undefined,
    }),
  };
}
