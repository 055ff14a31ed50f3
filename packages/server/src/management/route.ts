// A route of the Management API: one operation of Auth0's, described whole. The mechanism (answer.ts) does for each
// what each needs: who calls, may they, is what they sent well-formed, one transaction, its log entry, and an answer
// stripped to its schema, so that a new column cannot leak.
import type { z } from 'zod';
import type { Client } from '../model/client.ts';
import type { Requester } from '../model/events.ts';
import type { User } from '../model/user.ts';
import type { ManagementPorts, ManagementStores } from './ports.ts';

/** Who calls: a client for itself, or a person through the dashboard. */
export interface Caller {
  client: Client;
  /** Undefined: the client acts for itself. */
  user: User | undefined;
  /** The token's, as far as the grant of the client and the permissions of the person give them now. */
  scopes: ReadonlySet<string>;
  /** Whom they may make an administrator, or change as one, follows from these: a person's own, whatever part the token is for. */
  permissions: ReadonlySet<string>;
  /** Seconds: when the person logged in, if the token tells it. */
  auth_time: number | undefined;
  requester: Requester;
}

export interface Call<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** Which members the query asks for; undefined where it does not choose. */
  fields: Fields | undefined;
  caller: Caller;
}

export interface Fields {
  names: ReadonlySet<string>;
  /** Whether they are wanted, or all others. */
  include: boolean;
}

export interface Described<Params, Query, Body, Result, Prepared> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below /api/v2, its parameters in braces, as in Auth0's specification. */
  path: `/${string}`;
  summary: string;
  /** Any of them suffices. */
  scopes: readonly [string, ...string[]];
  /** Scopes that suffice where the parameter `param` names the caller's own user. */
  currentUser?: { scopes: readonly [string, ...string[]]; param: string };
  /** RFC 9470: a person must have logged in within the last five minutes. */
  freshLogin?: boolean;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  status: 200 | 201 | 202 | 204;
  /** The status where the answer is null: what was to be deleted was there no more. */
  absent?: 204;
  /** `z.null()` where nothing is answered. */
  response: z.ZodType<unknown, Result>;
  /** The member that holds the items of a page (pagination.ts). */
  list?: string;
  /** Whether `from` and `next` are checkpoints of it. */
  byCheckpoint?: boolean;
  /** Whether the query may choose the members of the answer: `fields` and `include_fields`. */
  fields?: boolean;
  /** What must not wait inside a transaction: hashing, fetching. */
  prepare?(call: Call<Params, Query, Body>, ports: ManagementPorts): Promise<Prepared>;
  /**
   * GET reads what is committed. Everything else runs in one transaction, which the log entry `sapi` is part of; what
   * it throws takes all of it back. It may be run again from the start.
   */
  answer(
    call: Call<Params, Query, Body>,
    stores: ManagementStores,
    ports: ManagementPorts,
    prepared: Prepared,
  ): Promise<NoInfer<Result>>;
}

/** What the mechanism knows of a route: what was sent has been parsed by the route's own schemas. */
export type Route = Described<unknown, unknown, unknown, unknown, unknown>;

export function route<
  Params = undefined,
  Query = undefined,
  Body = undefined,
  Result = null,
  Prepared = undefined,
>(described: Described<Params, Query, Body, Result, Prepared>): Route {
  return described as Route;
}

/** What a route answers with that was not refused. */
export function statusOf({ status, absent }: Route, answer: unknown): number {
  return answer === null && absent !== undefined ? absent : status;
}
