// How many members an object may have, in a schema.
import type { z } from 'zod';

/** One at least: Auth0's `minProperties: 1`. */
export function filled<Schema extends z.ZodObject>(schema: Schema): Schema {
  const checked = schema.check(({ value, issues }) => {
    if (Object.keys(value as object).length > 0) return;
    issues.push({ code: 'too_small', origin: 'object', minimum: 1, inclusive: true, input: value });
  });
  return checked.meta({ ...schema.meta(), minProperties: 1 });
}

/** Auth0's `maxProperties`. */
export function atMost<Schema extends z.ZodRecord>(maximum: number, schema: Schema): Schema {
  const checked = schema.check(({ value, issues }) => {
    if (Object.keys(value as object).length <= maximum) return;
    issues.push({ code: 'too_big', origin: 'object', maximum, inclusive: true, input: value });
  });
  return checked.meta({ ...schema.meta(), maxProperties: maximum });
}
