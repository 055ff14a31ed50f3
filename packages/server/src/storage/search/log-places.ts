// Where Auth0's fields for the log stand, and what of a condition an index of the log answers.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LogField } from '../../management/logs/ports.ts';
import type { Condition } from '../../management/search/condition.ts';
import type { LogType } from '../../model/events.ts';
import { firstLogId } from '../entities/log.ts';
import type { Engine } from '../sql-dialects.ts';
import { conditionSql, type Subject } from './sql.ts';

const within = (member: string) => ({ column: 'entry', member });

export const log: Subject<LogField> = {
  table: 'log',
  id: 'log_id',
  places: {
    log_id: { column: 'log_id', indexed: 'whole' },
    date: { column: 'date' },
    type: { column: 'type', indexed: 'whole' },
    user_id: { column: 'user_id', indexed: 'present' },
    client_id: { column: 'client_id' },
    connection_id: { column: 'connection_id' },
    ip: { column: 'ip' },
    description: within('description'),
    client_name: within('client_name'),
    connection: within('connection'),
    hostname: within('hostname'),
    organization_id: within('organization_id'),
    user_name: within('user_name'),
    user_agent: within('user_agent'),
    strategy: within('strategy'),
    strategy_type: within('strategy_type'),
  },
};

export interface LogRange {
  /** Of which entries an index of their order is read: of one user or of one type, within a time; or of all. */
  readonly limits: readonly RawBuilder<SqlBool>[];
  /** The column by which that index is in the order of time. */
  readonly orderedBy: 'date' | 'log_id';
  /** What is left to ask of each. */
  readonly rest: readonly Condition<LogField>[];
}

export function rangeOf(condition: Condition<LogField>, engine: Engine): LogRange {
  const parts = conjuncts(condition);
  const limits: RawBuilder<SqlBool>[] = [];
  const rest: Condition<LogField>[] = [];
  const ofUser = parts.find((part) => isOfOne(part, 'user_id'));
  const ofType = ofUser === undefined ? parts.find(isOfRareType) : undefined;
  if (ofType !== undefined) limits.push(isOfRareTypeSql);
  const ofOne = ofUser ?? ofType;
  const orderedBy = ofUser === undefined ? 'log_id' : 'date';
  const at = orderedBy === 'date' ? timeAt : idAt;
  for (const part of parts) {
    if (part === ofOne) limits.push(conditionSql(part, log, engine));
    else if (part.kind === 'test' && part.field === 'date' && part.test.kind === 'range') {
      const { from, to } = part.test;
      if (from) limits.push(sql`${sql.ref(orderedBy)} >= ${at(from.value)}`);
      if (to) limits.push(sql`${sql.ref(orderedBy)} < ${at(to.value)}`);
    } else rest.push(part);
  }
  return { limits, orderedBy, rest };
}

function conjuncts(condition: Condition<LogField>): Condition<LogField>[] {
  if (condition.kind === 'and') return condition.of.flatMap(conjuncts);
  return condition.kind === 'all' ? [] : [condition];
}

/** What applications do all the time, of which there is no index: who looks for one of these meets it at once. */
const frequentTypes: readonly LogType[] = ['ssa', 'seacft', 'sertft', 'seccft'];

/** As the index has it, literally: neither engine would use it otherwise. */
export const isOfRareTypeSql = sql<SqlBool>`type not in (${sql.join(frequentTypes.map((type) => sql.lit(type)))})`;

function isOfRareType(condition: Condition<LogField>): boolean {
  if (condition.kind !== 'test' || condition.field !== 'type' || condition.test.kind !== 'equals')
    return false;
  return !(frequentTypes as readonly unknown[]).includes(condition.test.value);
}

function isOfOne(condition: Condition<LogField>, field: LogField): boolean {
  return condition.kind === 'test' && condition.field === field && condition.test.kind === 'equals';
}

function timeAt(milliseconds: string | number): number {
  return Math.max(0, Number(milliseconds));
}

/** Times are ids: those of a later millisecond sort behind it. */
function idAt(milliseconds: string | number): string {
  return firstLogId(timeAt(milliseconds));
}
