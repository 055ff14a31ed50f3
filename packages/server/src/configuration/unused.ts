// What Auth0 knows of a thing and this server has no use for: its kind is checked, it is kept beside the thing in the
// model's member `unused`, and whoever reads the thing is told it again.
import { z } from 'zod';
import type { Path } from './findings.ts';

/** A member that may be given and has no effect. In lists nothing can be marked. */
export function noEffect<Schema extends z.ZodType>(schema: Schema): z.ZodOptional<Schema> {
  return schema.optional().meta({ noEffect: true });
}

/** The members of `entry` that have no effect, each with its place. `null` is as good as absent. */
export function* eachUnused(schema: unknown, entry: unknown, path: Path = []): Generator<[Path, unknown]> {
  const object = unwrapped(schema);
  if (!(object instanceof z.ZodObject) || !isRecord(entry)) return;
  for (const [key, member] of Object.entries(object.shape)) {
    const value = entry[key];
    if (value === undefined || value === null) continue;
    const at = [...path, key];
    if (isMarked(member)) yield [at, value];
    else yield* eachUnused(member, value, at);
  }
}

/** What the model keeps as `unused`: the members of `entry` that have no effect, nested as they stand in it. */
export function unusedOf(schema: z.ZodType, entry: object): Record<string, unknown> {
  const unused: Record<string, unknown> = {};
  for (const [path, value] of eachUnused(schema, entry)) {
    const parent = path.slice(0, -1).reduce<Record<string, unknown>>((at, step) => {
      at[step] ??= {};
      return at[step] as Record<string, unknown>;
    }, unused);
    parent[String(path.at(-1))] = value;
  }
  return unused;
}

/** `known`, and what has no effect where it stood. */
export function withUnused(
  known: Readonly<Record<string, unknown>>,
  unused: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const whole = { ...known };
  for (const [key, value] of Object.entries(unused)) {
    const beside = whole[key];
    whole[key] = isRecord(beside) && isRecord(value) ? withUnused(beside, value) : value;
  }
  return whole;
}

function isMarked(schema: unknown): boolean {
  for (let inner = schema; inner instanceof z.ZodType; inner = inner.unwrap()) {
    if (inner.meta()?.noEffect === true) return true;
    if (!isWrapper(inner)) return false;
  }
  return false;
}

/** The schema inside of what says that it may be absent. */
export function unwrapped(schema: unknown): unknown {
  return isWrapper(schema) ? unwrapped(schema.unwrap()) : schema;
}

function isWrapper(schema: unknown): schema is z.ZodOptional | z.ZodNullable | z.ZodDefault | z.ZodPrefault {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  );
}

export function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}
