// Values at the edges of what either side says of a place in a request, by the words for them.
import { z } from 'zod';
import type { Shape } from './shapes.ts';

/** What Auth0 says of a place, and what we say of it, each in its alternatives. */
export interface Place {
  auth0: Shape[];
  ours: z.ZodType[];
}

/** A value by the words for it. */
export type Samples = Map<string, unknown>;

/** Auth0's, one by one: `string 1..128`, `'a'`, `null`; of a list or an object their bounds. */
export function wordsOf({ auth0 }: Place): string[] {
  return auth0.flatMap((shape) => {
    if (typeof shape === 'string') return shape.split(/ ~/)[0]?.split(' | ') ?? [];
    if (Array.isArray(shape)) return [`list ${shape[1] ?? ''}`];
    return [`object ${typeof shape['#'] === 'string' ? shape['#'] : ''}`];
  });
}

interface Limits {
  lengths: Set<number>;
  numbers: Set<number>;
  items: Set<number>;
  choices: Set<string>;
}

/** What either side names: bounds, and texts that are allowed. */
function limitsOf(place: Place): Limits {
  const limits: Limits = { lengths: new Set(), numbers: new Set(), items: new Set(), choices: new Set() };
  for (const word of wordsOf(place)) {
    if (word.startsWith("'")) limits.choices.add(word.slice(1, -1));
    const [, name = '', least = '', most = ''] = /^(\w+) (\S*)\.\.(\S*)/.exec(word) ?? [];
    const kind = name === 'string' ? 'lengths' : name === 'list' ? 'items' : 'numbers';
    if (name !== '' && name !== 'object')
      for (const bound of [least, most]) if (bound !== '') limits[kind].add(Number(bound));
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
  const add = (kind: 'lengths' | 'numbers' | 'items', ...bounds: (number | undefined)[]) => {
    for (const bound of bounds)
      if (bound !== undefined && Number.isSafeInteger(bound)) limits[kind].add(bound);
  };
  add('lengths', schema.minLength, schema.maxLength);
  add('numbers', schema.minimum, schema.maximum);
  add('items', schema.minItems, schema.maxItems);
}

const around = (bounds: Set<number>) =>
  [...bounds].flatMap((bound) => [bound - 1, bound, bound + 1]).filter(Number.isSafeInteger);
/** Longer ones are never a matter of one more or less. */
const longest = 30_000;

export function samplesOf(place: Place): Samples {
  const { lengths, numbers, items, choices } = limitsOf(place);
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
  for (const number of [-1, 0, 7, ...around(numbers)]) samples.set(`${number}`, number);
  for (const length of around(lengths))
    if (length > 0 && length < longest) samples.set(`${length} characters`, 'a'.repeat(length));
  for (const length of around(items))
    if (length > 0 && length < longest)
      samples.set(
        `${length} items`,
        Array.from({ length }, (_, index) => `a${index}`),
      );
  return samples;
}

export function textsOf(place: Place): Samples {
  const { lengths, numbers, choices } = limitsOf(place);
  const samples: Samples = new Map<string, unknown>(
    ['abcdefghijkl', '', 'true', 'false', '7', '7.5', '-1'].map((text) => [`'${text}'`, text]),
  );
  for (const choice of choices) samples.set(`'${choice}'`, choice);
  for (const number of around(numbers)) samples.set(`'${number}'`, `${number}`);
  for (const length of around(lengths))
    if (length > 0 && length < longest) samples.set(`${length} characters`, 'a'.repeat(length));
  return samples;
}

/** What a text in the query may stand for. */
export function readingsOf(text: string): unknown[] {
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(text);
  const isBoolean = text === 'true' || text === 'false';
  return [text, [text], ...(isNumber ? [Number(text)] : []), ...(isBoolean ? [text === 'true'] : [])];
}
