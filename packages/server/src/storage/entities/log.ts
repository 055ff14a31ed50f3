import type { LogEvent, Requester } from '../../model/events.ts';
import type { TenantLog } from '../../oauth/ports.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const insert = prepare((db, p: Placeholders<Tables['log']>) =>
  db.insertInto('log').values({
    log_id: p.log_id,
    date: p.date,
    type: p.type,
    user_id: p.user_id,
    client_id: p.client_id,
    connection_id: p.connection_id,
    ip: p.ip,
    entry: p.entry,
  }),
);

const list = prepare((db, p: Placeholders<{ limit: number }>) =>
  db.selectFrom('log').selectAll().orderBy('log_id').limit(p.limit),
);

/** Digits. */
const timeLength = 15;

/** What the ids of this millisecond begin with: all earlier ids sort before it. */
export function firstLogId(milliseconds: number): string {
  return String(milliseconds).padStart(timeLength, '0');
}

/** Milliseconds. */
export function timeOfLogId(log_id: string): number {
  return Number(log_id.slice(0, timeLength));
}

/** Ids that sort by time, and by order of writing within one millisecond of one process. They are no secrets. */
export class LogIds {
  /** What no other process has. */
  readonly #process: string;
  #count = 0;

  constructor(random: Random) {
    this.#process = random.alphanumeric(15);
  }

  next(milliseconds: number): string {
    this.#count = (this.#count + 1) % 1_000_000;
    return `${firstLogId(milliseconds)}${String(this.#count).padStart(6, '0')}${this.#process}`;
  }
}

/** Characters. What a stranger can make longer must not fill the disk. */
const mostCharacters: Readonly<Record<string, number>> = { description: 1000, user_name: 254 };
const mostElsewhere = 400;

/** A copy in which every string, however deep it stands, is cut to what its place may hold. */
function bounded<Value extends object>(value: Value, most = mostElsewhere): Value {
  const copy = { ...value } as Record<string, unknown>;
  for (const name in copy) copy[name] = boundedMember(copy[name], mostCharacters[name] ?? most);
  return copy as Value;
}

function boundedMember(member: unknown, most: number): unknown {
  if (typeof member === 'string')
    return searchableText(member.length > most ? member.slice(0, most) : member);
  if (typeof member !== 'object' || member === null) return member;
  return Array.isArray(member) ? member.map((inner) => boundedMember(inner, most)) : bounded(member, most);
}

/** What PostgreSQL would not look for in JSON is shown by the sign for what cannot be shown. */
function searchableText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

export class SqlTenantLog implements TenantLog {
  readonly #executor: Executor;
  readonly #clock: Clock;
  readonly #ids: LogIds;

  constructor(executor: Executor, clock: Clock, ids: LogIds) {
    this.#executor = executor;
    this.#clock = clock;
    this.#ids = ids;
  }

  async write(event: LogEvent, requester: Requester): Promise<void> {
    const { type, user_id, client_id, connection_id, ...described } = bounded(event);
    const { ip, ...requested } = bounded(requester);
    const date = this.#clock.milliseconds();
    await insert.run(this.#executor, {
      log_id: this.#ids.next(date),
      date,
      type,
      user_id: user_id ?? null,
      client_id: client_id ?? null,
      connection_id: connection_id ?? null,
      ip,
      entry: JSON.stringify({ ...described, ...requested }),
    });
  }

  /** The entries of the tenant log, oldest first: at most `limit`. */
  async list(limit = 1000): Promise<Record<string, unknown>[]> {
    const rows = await list.all(this.#executor, { limit });
    return rows.map(({ entry, ...columns }) => ({ ...columns, ...(JSON.parse(entry) as object) }));
  }
}
