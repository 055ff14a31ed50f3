// This folder describes the Management API v2: its routes, what each takes, asks for and answers. It must not know HTTP
// or SQL. Here is what happens to every request, in order: 1 who calls · 2 may they · 3 is it well-formed ·
// 4 the route's own work, writes in one transaction with their log entry · 5 the answer, stripped to its schema.

import type { Requester } from '../model/events.ts';
import type { PresentedToken } from '../oauth/proof/presented-token.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import { assertFreshLogin, assertScope, identifyCaller } from './authorization.ts';
import { openCheckpoint, sealCheckpoint } from './checkpoints.ts';
import { ManagementError } from './errors.ts';
import { selectFields, splitFields } from './fields.ts';
import { isWritable, readerOf } from './index.ts';
import { recordChange, recordRefusal } from './log.ts';
import type { ManagementPorts, ManagementStores } from './ports.ts';
import { type Call, type Caller, type Route, statusOf } from './route.ts';
import { path as inPath, query as inQuery, parsed, payload } from './validation.ts';

export interface ManagementRequest {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | string[]>>;
  /** `null` where none was sent; a ManagementError where it could not be read. */
  body: unknown;
  presented: PresentedToken | undefined;
  requester: Requester;
  /** RFC 9110 §13.1.1 */
  ifMatch: string | undefined;
  /** As it was asked for, without the query. */
  path: string;
}

export interface ManagementAnswer {
  status: number;
  /** Undefined for no content. */
  body: unknown;
  headers: Record<string, string>;
  caller: Caller;
}

type AnyCall = Call<unknown, unknown, unknown>;

/** Throws ManagementError. */
export async function answerManagementRequest(
  route: Route,
  request: ManagementRequest,
  ports: ManagementPorts,
): Promise<ManagementAnswer> {
  let caller: Caller | undefined;
  try {
    caller = await identifyCaller(request.presented, request.requester, ports);
    assertScope(route, caller, request.params);
    const call = callOf(route, request, caller, ports);
    if (route.freshLogin) assertFreshLogin(caller, ports);
    const prepared = await route.prepare?.(call, ports);
    const answer =
      route.method === 'GET'
        ? await read(route, call, ports.unitOfWork.read, ports, prepared)
        : await change(route, call, request, ports, prepared);
    const tag = isWritable(route) && route.method === 'GET' && !call.fields ? { etag: tagOf(answer) } : {};
    const status = statusOf(route, answer);
    const body =
      status === 204 ? undefined : selectFields(route, call.fields, sealCheckpoint(route, answer, ports));
    return { status, body, headers: tag, caller };
  } catch (error) {
    if (error instanceof ManagementError) await recordRefusal(error, route, request, caller, ports);
    throw error;
  }
}

function callOf(
  route: Route,
  { params, query, body }: ManagementRequest,
  caller: Caller,
  ports: ManagementPorts,
): AnyCall {
  if (body instanceof ManagementError) throw body;
  const { fields, rest: others } = splitFields(route, query);
  const rest = openCheckpoint(route, others, ports);
  return {
    params: route.params && parsed(route.params, params, inPath),
    query: route.query ? parsed(route.query, rest, inQuery) : refuseAll(rest),
    body: route.body && parsed(route.body, body, payload),
    fields,
    caller,
  };
}

function refuseAll(query: Readonly<Record<string, unknown>>): undefined {
  const names = Object.keys(query);
  if (names.length === 0) return undefined;
  const named = names.join(',').slice(0, 200);
  throw new ManagementError(
    400,
    `Query validation error: 'Additional properties not allowed: ${named}'.`,
    inQuery.errorCode,
  );
}

/** Stripped to what the route's schema says. */
async function read(
  route: Route,
  call: AnyCall,
  stores: ManagementStores,
  ports: ManagementPorts,
  prepared: unknown,
): Promise<unknown> {
  return route.response.parse(await route.answer(call, stores, ports, prepared));
}

function change(
  route: Route,
  call: AnyCall,
  request: ManagementRequest,
  ports: ManagementPorts,
  prepared: unknown,
): Promise<unknown> {
  return ports.unitOfWork.transaction(async (stores) => {
    const isMet = await isUnchanged(route, call, request, stores, ports);
    const answer = await read(route, call, stores, ports, prepared);
    // Nothing was refused: it deletes what was not there.
    if (!isMet) throw outrun();
    await recordChange(answer, route, request, call.caller, stores);
    return answer;
  });
}

/**
 * RFC 9110 §13.1.1: whoever says which state they changed is told if somebody else was there before. Such changes are
 * made one after the other: between two that began at once, one would be lost unseen. False where there is nothing to
 * change: the change is tried all the same, because its own refusal says more (§13.2.1).
 */
async function isUnchanged(
  route: Route,
  call: AnyCall,
  { ifMatch, query }: ManagementRequest,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<boolean> {
  const reader = ifMatch === undefined ? undefined : readerOf(route);
  if (ifMatch === undefined || reader === undefined) return true;
  await stores.tenant.lock();
  const asked = reader.query && parsed(reader.query, query, inQuery);
  const whole = { ...call, query: asked, body: undefined, fields: undefined };
  const current = await absentAsUndefined(read(reader, whole, stores, ports, undefined));
  if (current === undefined) return false;
  if (ifMatch.trim() !== '*' && !strongTags(ifMatch).includes(tagOf(current))) throw outrun();
  return true;
}

async function absentAsUndefined(reading: Promise<unknown>): Promise<unknown> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ManagementError && error.status === 404) return undefined;
    throw error;
  }
}

/** A weak one never matches: the comparison is the strong one. */
function strongTags(ifMatch: string): string[] {
  const tags = ifMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.filter((tag) => !tag.startsWith('W/'));
}

function outrun(): ManagementError {
  const message = 'Somebody else has changed this in the meantime. Read it again.';
  return new ManagementError(412, message, 'precondition_failed');
}

function tagOf(answer: unknown): string {
  return `"${sha256(JSON.stringify(answer))}"`;
}
