// How values stand on the wire: what schemas of routes are made of.
import { z } from 'zod';

/** A point in time, in epoch seconds, as Auth0's API tells it. */
export function isoTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString();
}

/** `2020-01-31T12:00:00.000Z` and its like, in epoch seconds. */
export const timestamp = z.iso
  .datetime({ offset: true })
  .transform((text) => Math.floor(Date.parse(text) / 1000));

export const connectionIdField = z.string().regex(/^con_[A-Za-z0-9]{16}$/);

/** In a query, where everything is text. */
export const queryBoolean = z.enum(['true', 'false']).transform((text) => text === 'true');

export function queryInteger(least: number, most: number) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'Expected type integer but found type string')
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}

/** One value or several: `strategy=auth0&strategy=sms`. */
export function queryList<Item extends z.ZodType>(item: Item) {
  return z.union([z.array(item), item.transform((one) => [one])]);
}

/** Auth0 leaves out what is not set. */
export function present<Value extends object>(
  value: Value,
): { [Name in keyof Value]?: Exclude<Value[Name], null | undefined> } {
  const set = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(set) as { [Name in keyof Value]?: Exclude<Value[Name], null | undefined> };
}

type WithoutNull<Schema extends z.ZodType> = z.ZodOptional<
  z.ZodType<NonNullable<z.output<Schema>>, NonNullable<z.input<Schema>>>
>;

/** Those members of an entry for which `null` is as good as nothing in the tenant file, and is refused by Auth0's API. */
export function withoutNull<
  Shape extends Record<string, z.ZodType>,
  const Names extends readonly (keyof Shape)[],
>(shape: Shape, names: Names): { [Name in Names[number]]: WithoutNull<Shape[Name]> } {
  const named = Object.entries(shape).filter(([name]) => names.includes(name));
  // What marks a member marks what it is wrapped in.
  const members = named.map(([name, schema]) => [
    name,
    bare(schema)
      .optional()
      .meta({ ...schema.meta() }),
  ]);
  return Object.fromEntries(members);
}

function bare(schema: z.ZodType): z.ZodType {
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return isWrapped ? bare(schema.unwrap() as z.ZodType) : schema;
}

/** Marks what no log entry may show: passwords, secrets, keys. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), secret: true }) as Schema;
}
