// `fields` and `include_fields`: which members of a thing, or of each in a list, are answered.
import { z } from 'zod';
import { isRecord } from './redaction.ts';
import type { Fields, Route } from './route.ts';
import { query as inQuery, invalidQuery, parsed } from './validation.ts';
import { queryBoolean } from './wire.ts';

type Sent = Readonly<Record<string, unknown>>;

const fieldsSchema = z.strictObject({
  fields: z.string().max(2000).optional(),
  include_fields: queryBoolean.default(true),
});

/** What of the query chooses members, and the rest of it. Throws ManagementError 400. */
export function splitFields(route: Route, sent: Sent): { fields: Fields | undefined; rest: Sent } {
  if (!route.fields) return { fields: undefined, rest: sent };
  const { fields: names, include_fields, ...rest } = sent;
  const chosen = {
    ...(names === undefined ? {} : { fields: names }),
    ...(include_fields === undefined ? {} : { include_fields }),
  };
  const { fields, include_fields: include } = parsed(fieldsSchema, chosen, inQuery);
  if (fields === undefined || fields === '') return { fields: undefined, rest };
  const wanted = new Set(fields.split(',').map((name) => name.trim()));
  const known = membersOf(route.response, route.list);
  const unknown = [...wanted].filter((name) => known !== undefined && !known.includes(name));
  if (unknown.length > 0) throw invalidQuery(`Invalid fields: ${unknown.join(',').slice(0, 200)}`, 'fields');
  return { fields: { names: wanted, include }, rest };
}

/** Of a list, those of its items; undefined where any may be. */
function membersOf(schema: z.ZodType, list?: string): string[] | undefined {
  if (schema instanceof z.ZodArray) return membersOf(schema.element as z.ZodType);
  if (schema instanceof z.ZodUnion) return membersOf(schema.options[0] as z.ZodType);
  if (!(schema instanceof z.ZodObject)) return undefined;
  if (list !== undefined) return membersOf(schema.shape[list] as z.ZodType);
  const { catchall } = schema.def;
  return catchall === undefined || catchall instanceof z.ZodNever ? Object.keys(schema.shape) : undefined;
}

export function selectFields({ list }: Route, fields: Fields | undefined, answer: unknown): unknown {
  if (fields === undefined) return answer;
  if (Array.isArray(answer)) return answer.map((item) => select(item, fields));
  if (!isRecord(answer)) return answer;
  const items = list === undefined ? undefined : answer[list];
  if (list === undefined || !Array.isArray(items)) return select(answer, fields);
  return { ...answer, [list]: items.map((item) => select(item, fields)) };
}

function select(item: unknown, { names, include }: Fields): unknown {
  if (!isRecord(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name) === include));
}
