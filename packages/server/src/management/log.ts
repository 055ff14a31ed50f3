// What a call leaves in the tenant log: `sapi` for a change, in its transaction, and `fapi` for a refusal (contract
// §3.1), both without what schemas mark as secret.
import { aboutClient, aboutUser, type LogEvent } from '../model/events.ts';
import { networkOf } from '../runtime/network/ip-address.ts';
import type { ManagementRequest } from './answer.ts';
import { errorBody, ManagementError } from './errors.ts';
import type { ManagementPorts, ManagementStores } from './ports.ts';
import { redact } from './redaction.ts';
import { type Caller, type Route, statusOf } from './route.ts';

/** Characters of JSON: a body beyond is not kept. */
const longestBody = 10_000;

/** What of a route, or of an operation that is not served, stands in an entry. */
type Operation = Pick<Route, 'method' | 'scopes'> & Partial<Pick<Route, 'currentUser' | 'body'>>;

export async function recordChange(
  answer: unknown,
  route: Route,
  request: ManagementRequest,
  caller: Caller,
  { log }: Pick<ManagementStores, 'log'>,
): Promise<void> {
  const body = brief(redact(route.response, answer));
  const response = { statusCode: statusOf(route, answer), ...(body === null ? {} : { body }) };
  const event = eventOf('sapi', route.summary, route, request, caller, response);
  await log.write(event, request.requester);
}

/** A read that is refused for its content leaves nothing; who may not call, and a change that was refused, do. */
export async function recordRefusal(
  error: ManagementError,
  route: Operation,
  request: ManagementRequest,
  caller: Caller | undefined,
  { unitOfWork, oncePerMinute }: ManagementPorts,
): Promise<void> {
  const isForCaller = error.status === 401 || error.status === 403;
  if (route.method === 'GET' && !isForCaller) return;
  // Anybody can come without a token, or with one that every user of an application gets, as often as they like.
  const who = caller === undefined ? networkOf(request.requester.ip) : caller.user?.user_id;
  const isAnybody = caller === undefined || (caller.user !== undefined && caller.permissions.size === 0);
  if (isAnybody && !oncePerMinute.take(`fapi ${who}`).allowed) return;
  const response = { statusCode: error.status, body: errorBody(error) };
  const event = eventOf('fapi', error.message, route, request, caller, response);
  await unitOfWork.transaction(({ log }) => log.write(event, request.requester));
}

function eventOf(
  type: 'sapi' | 'fapi',
  description: string,
  route: Operation,
  { path, query, body, requester }: ManagementRequest,
  caller: Caller | undefined,
  response: Record<string, unknown>,
): LogEvent {
  return {
    type,
    description,
    ...aboutClient(caller?.client),
    ...(caller?.user && aboutUser(caller.user)),
    details: {
      request: {
        method: route.method.toLowerCase(),
        path,
        query,
        ...(body === null || body instanceof ManagementError
          ? {}
          : { body: brief(redact(route.body, body)) }),
        userAgent: requester.user_agent,
        ip: requester.ip,
        channel: 'api',
        ...(caller && { auth: authenticationOf(caller, route) }),
      },
      response,
    },
  };
}

/** Of the scopes, those that open this route: an owner's token has hundreds. */
function authenticationOf({ scopes, user }: Caller, route: Operation) {
  const opening = [...route.scopes, ...(route.currentUser?.scopes ?? [])].filter((scope) =>
    scopes.has(scope),
  );
  return {
    strategy: 'jwt',
    credentials: { scopes: opening },
    ...(user && { user: { user_id: user.user_id, name: user.name, email: user.email } }),
  };
}

function brief(body: unknown): unknown {
  const text = JSON.stringify(body) ?? 'null';
  return text.length > longestBody ? `[${text.length} characters]` : body;
}
