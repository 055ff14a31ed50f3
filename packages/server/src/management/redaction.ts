// What of a body a log entry may show: everything that its schema knows but what it marks as secret. Of a body that was
// refused, that is less: what stands where the schema does not expect it may be a secret in the wrong place.
import { z } from 'zod';

export const redacted = '[REDACTED]';

/** The value, with what `secret()` marks in the schema taken out, however deep it stands, and what it does not know. */
export function redact(schema: z.ZodType | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (schema === undefined || schema instanceof z.ZodNever || schema.meta()?.secret === true) return redacted;
  if (schema instanceof z.ZodObject) return isRecord(value) ? redactMembers(schema, value) : redacted;
  if (schema instanceof z.ZodArray)
    return Array.isArray(value) ? value.map((item) => redact(schema.element as z.ZodType, item)) : redacted;
  if (schema instanceof z.ZodRecord)
    return isRecord(value)
      ? mapMembers(value, (member) => redact(schema.valueType as z.ZodType, member))
      : redacted;
  if (schema instanceof z.ZodUnion) return redactChoice(schema.options as z.ZodType[], value);
  if (schema instanceof z.ZodAny || schema instanceof z.ZodUnknown) return value;
  const inner = innerOf(schema);
  if (inner !== undefined) return redact(inner, value);
  return typeof value === 'object' ? redacted : value;
}

function redactMembers(schema: z.ZodObject, value: Record<string, unknown>): Record<string, unknown> {
  return mapMembers(value, (member, name) =>
    redact(
      (Object.hasOwn(schema.shape, name) ? schema.shape[name] : schema.def.catchall) as z.ZodType,
      member,
    ),
  );
}

/** As every branch has it that takes the value; where none does, nothing of it is shown. */
function redactChoice(options: readonly z.ZodType[], value: unknown): unknown {
  const taking = options.filter((option) => option.safeParse(value).success);
  if (taking.length === 0) return redacted;
  return taking.reduce<unknown>((left, option) => redact(option, left), value);
}

/** Whether what stands at this place, or what it stands in, is marked as secret. */
export function isSecretAt(schema: z.ZodType | undefined, steps: readonly PropertyKey[]): boolean {
  if (schema === undefined) return false;
  if (schema.meta()?.secret === true) return true;
  if (schema instanceof z.ZodUnion)
    return schema.options.some((option) => isSecretAt(option as z.ZodType, steps));
  const inner = innerOf(schema);
  if (inner !== undefined) return isSecretAt(inner, steps);
  const [step, ...rest] = steps;
  if (step === undefined) return false;
  if (schema instanceof z.ZodArray) return isSecretAt(schema.element as z.ZodType, rest);
  if (schema instanceof z.ZodRecord) return isSecretAt(schema.valueType as z.ZodType, rest);
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, step)) return false;
  return isSecretAt(schema.shape[String(step)] as z.ZodType, rest);
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

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
