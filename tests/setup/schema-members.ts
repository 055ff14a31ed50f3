// What stands in a schema, however deep.
import { z } from 'zod';
import { innerOf } from '../../packages/server/src/management/redaction.ts';

export interface Member {
  /** Names of members; `0` in a list, `any` in a record. */
  path: readonly string[];
  schema: z.ZodType;
  /** Whether it, or what it stands in, is marked by `secret()`. */
  isSecret: boolean;
}

/** Deeper than any schema; one that refers to itself ends here. */
const deepest = 12;

export function* membersOf(
  schema: z.ZodType | undefined,
  path: readonly string[] = [],
  isInSecret = false,
): Generator<Member> {
  if (schema === undefined || path.length > deepest) return;
  const isSecret = isInSecret || schema.meta()?.secret === true;
  // What wraps another is marked by that.
  if (path.length > 0 && innerOf(schema) === undefined) yield { path, schema, isSecret };
  for (const [name, inner] of within(schema))
    yield* membersOf(inner, name === undefined ? path : [...path, name], isSecret);
}

function within(schema: z.ZodType): [name: string | undefined, schema: z.ZodType][] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape) as [string, z.ZodType][];
  if (schema instanceof z.ZodArray) return [['0', schema.element as z.ZodType]];
  if (schema instanceof z.ZodRecord) return [['any', schema.valueType as z.ZodType]];
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => [undefined, option as z.ZodType]);
  const inner = innerOf(schema);
  return inner === undefined ? [] : [[undefined, inner]];
}

/** `value` at that place, and nothing else. */
export function valueAt([name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const member = valueAt(rest, value);
  return name === '0' ? [member] : { [name]: member };
}

export const isText = (schema: z.ZodType): boolean => schema instanceof z.ZodString;
