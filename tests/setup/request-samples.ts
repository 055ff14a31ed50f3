// What both sides are asked about at a place of a request (request-differences.ts): values of every kind, every choice
// that either side names, and sizes one below, at and one above each bound that either side names.
import { z } from 'zod';
import type { Shape } from './shapes.ts';

/** What Auth0 says of one place of a request, and what our schemas say, each in its alternatives. */
export interface Place {
  auth0: Shape[];
  ours: z.ZodType[];
}

/** Values by what a difference calls them: `null`, `an empty text`, `129 characters`. */
export type Samples = Map<string, unknown>;

/** Auth0's, one by one: `string 1..128`, `'a'`, `null`; of a list or an object their bounds. */
export function wordsOf({ auth0 }: Place): string[] {
  return auth0.flatMap((shape) => {
    if (typeof shape === 'string') return shape.split(/ ~/)[0]?.split(' | ') ?? [];
    if (Array.isArray(shape)) return [`list ${shape[1] ?? ''}`];
    return [`object ${typeof shape['#'] === 'string' ? shape['#'] : ''}`];
  });
}

type Sized = 'string' | 'number' | 'list' | 'object';

interface Limits {
  bounds: Record<Sized, Set<number>>;
  /** Texts that are allowed. */
  choices: Set<string>;
}

/** What either side names. */
function limitsOf(place: Place): Limits {
  const limits: Limits = {
    bounds: { string: new Set(), number: new Set(), list: new Set(), object: new Set() },
    choices: new Set(),
  };
  for (const word of wordsOf(place)) {
    if (word.startsWith("'")) limits.choices.add(word.slice(1, -1));
    const [, kind, least, most] = /^(string|number|integer|list|object) (\S*)\.\.(\S*)/.exec(word) ?? [];
    if (kind === undefined) continue;
    const set = limits.bounds[kind === 'integer' ? 'number' : (kind as Sized)];
    for (const bound of [least, most]) if (bound) set.add(Number(bound));
  }
  for (const schema of place.ours)
    addLimitsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), limits);
  return limits;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function addLimitsOf(schema: JsonSchema, limits: Limits): void {
  for (const choice of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])])
    addLimitsOf(choice as JsonSchema, limits);
  for (const choice of schema.enum ?? []) if (typeof choice === 'string') limits.choices.add(choice);
  const add = (kind: Sized, ...bounds: (number | undefined)[]) => {
    for (const bound of bounds)
      if (bound !== undefined && Number.isSafeInteger(bound)) limits.bounds[kind].add(bound);
  };
  add('string', schema.minLength, schema.maxLength);
  add('number', schema.minimum, schema.maximum);
  add('list', schema.minItems, schema.maxItems);
  add('object', schema.minProperties, schema.maxProperties);
}

const around = (bounds: Set<number>) =>
  [...bounds].flatMap((bound) => [bound - 1, bound, bound + 1]).filter(Number.isSafeInteger);
/** Longer ones are never a matter of one more or less. */
const longest = 30_000;
const sizes = (bounds: Set<number>) => around(bounds).filter((size) => size > 0 && size < longest);

/** For a body, or a place in it. */
export function samplesOf(place: Place): Samples {
  const { bounds, choices } = limitsOf(place);
  const samples: Samples = new Map<string, unknown>([
    ['null', null],
    ['a boolean', true],
    ['a fraction', 7.5],
    ['a text', 'abcdefghijkl'],
    ['an empty text', ''],
    ['a list', ['abcdefghijkl']],
    ['an empty list', []],
    ['an empty object', {}],
    ['an unknown member', { a_member_that_nobody_knows: 1 }],
  ]);
  for (const choice of choices) samples.set(`'${choice}'`, choice);
  for (const number of [-1, 0, 7, ...around(bounds.number)]) samples.set(`${number}`, number);
  for (const size of sizes(bounds.string)) samples.set(`${size} characters`, 'a'.repeat(size));
  for (const size of sizes(bounds.list)) samples.set(`${size} items`, names(size));
  for (const size of sizes(bounds.object)) samples.set(`${size} members`, recordOf(size, place));
  return samples;
}

/** Its values are of the kind that Auth0 takes, so that their number alone is judged. */
function recordOf(size: number, { auth0 }: Place): Record<string, unknown> {
  const isOfLists = auth0.some(
    (shape) => typeof shape === 'object' && '*' in shape && Array.isArray(shape['*']),
  );
  return Object.fromEntries(names(size).map((name) => [name, isOfLists ? [] : name]));
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);

/** The same for a parameter in the query, which is a text whatever it means. */
export function textsOf(place: Place): Samples {
  const { bounds, choices } = limitsOf(place);
  const samples: Samples = new Map<string, unknown>(
    ['abcdefghijkl', '', 'true', 'false', '7', '7.5', '-1'].map((text) => [`'${text}'`, text]),
  );
  for (const choice of choices) samples.set(`'${choice}'`, choice);
  for (const number of around(bounds.number)) samples.set(`'${number}'`, `${number}`);
  for (const size of sizes(bounds.string)) samples.set(`${size} characters`, 'a'.repeat(size));
  return samples;
}

/** What a text in the query may stand for. */
export function readingsOf(text: string): unknown[] {
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(text);
  const isBoolean = text === 'true' || text === 'false';
  return [text, [text], ...(isNumber ? [Number(text)] : []), ...(isBoolean ? [text === 'true'] : [])];
}
