// What of a body a log entry may show: everything but what its schema marks as secret.
import { z } from 'zod';

const redacted = '[REDACTED]';

/** The value, with what `secret()` marks in the schema taken out, however deep it stands. */
export function redact(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined || value === null || value === undefined) return value;
  if (schema.meta()?.secret === true) return redacted;
  if (schema instanceof z.ZodObject) return redactMembers(schema, value);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((item) => redact(schema.element as z.ZodType, item));
  if (schema instanceof z.ZodRecord && isRecord(value))
    return mapMembers(value, (member) => redact(schema.valueType as z.ZodType, member));
  if (schema instanceof z.ZodUnion)
    // Whichever branch it was: what any of them marks is taken out.
    return schema.options.reduce<unknown>((left, option) => redact(option as z.ZodType, left), value);
  const inner = innerOf(schema);
  return inner === undefined ? value : redact(inner, value);
}

function redactMembers(schema: z.ZodObject, value: unknown): unknown {
  if (!isRecord(value)) return value;
  return mapMembers(value, (member, name) =>
    Object.hasOwn(schema.shape, name)
      ? redact(schema.shape[name] as z.ZodType, member)
      : redact(schema.def.catchall as z.ZodType | undefined, member),
  );
}

/** The schema that another one wraps. */
export function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodReadonly
  )
    return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodLazy) return schema.unwrap() as z.ZodType;
  return undefined;
}

function mapMembers(
  value: Record<string, unknown>,
  convert: (member: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, convert(member, name)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
