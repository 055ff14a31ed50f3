// An object that says something.
import type { z } from 'zod';

/** With a member at least: Auth0's `minProperties: 1`. */
export function filled<Schema extends z.ZodObject>(schema: Schema): Schema {
  const checked = schema.check(({ value, issues }) => {
    if (Object.keys(value as object).length > 0) return;
    issues.push({ code: 'too_small', origin: 'object', minimum: 1, inclusive: true, input: value });
  });
  return checked.meta({ ...schema.meta(), minProperties: 1 });
}
