// How many members an object may have, in a schema, and Auth0's metadata, which are bounded so.
import { z } from 'zod';

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

const short = z.string().max(255);

/** Auth0's metadata: names and texts of at most 255 characters. */
export function metadataOf(most: number) {
  return atMost(most, z.record(short, short));
}

/** As they are sent: a member that is `null` is taken away. */
export function metadataEntryOf(most: number) {
  return atMost(most, z.record(short, short.nullable()));
}
