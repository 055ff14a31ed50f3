// Where a schema of a route takes what Auth0's description refuses, as a body or in the query, or refuses what that takes.
// Both are walked at once, from the whole down to each member that either side knows: a `Place` is what both say of it.
// There both are asked about the same values (request-samples.ts), those at the edges of what either side says, and
// whatever one takes and the other does not is a difference. What Auth0 says is a `Shape` (shapes.ts).
import { z } from 'zod';
import { innerOf } from '../../packages/server/src/management/redaction.ts';
import { shapes } from './management-api.ts';
import { type Place, readingsOf, type Samples, samplesOf, textsOf, wordsOf } from './request-samples.ts';
import { misfits, type Shape } from './shapes.ts';

/** Deeper than any body. */
const deepest = 10;

/** As `colors.primary: accepts null`; whatever is in a list is `0`, in a record `*`. */
export function differencesOfBody(auth0: Shape, ours: z.ZodType): Generator<string> {
  return differencesOf({ auth0: alternativesOf(auth0), ours: [ours] }, []);
}

/** As `per_page: accepts 101`. In the query everything is text. */
export function* differencesOfQuery(auth0: Record<string, Shape>, ours: z.ZodObject): Generator<string> {
  const known = membersOf([auth0]);
  for (const [name, member] of known) {
    const schema = ours.shape[name];
    if (!(schema instanceof z.ZodType)) continue;
    const place = { auth0: alternativesOf(member.shape), ours: [schema] };
    if (member.isRequired === mayBeAbsent(schema))
      yield `${name}: ${member.isRequired ? 'accepts' : 'refuses'} nothing`;
    yield* differing(place, textsOf(place), (text) => readingsOf(text as string), name);
  }
  for (const name of Object.keys(ours.shape))
    if (!known.has(name)) yield `${name}: is no parameter of Auth0's`;
}

function* differencesOf(place: Place, path: string[]): Generator<string> {
  if (path.length > deepest) return;
  const at = path.join('.');
  yield* differing(place, samplesOf(place), (value) => [value], at);
  const theirs = membersOf(place.auth0);
  const ours = place.ours.flatMap(membersIn);
  for (const name of new Set(ours.filter(([, schema]) => !takesAnything(schema)).map(([name]) => name)))
    if (!theirs.has(name)) yield `${[...path, name].join('.')}: is no member of Auth0's`;
  if (place.ours.some(takesAnything)) return;
  for (const [name, { shape, isRequired }] of theirs) {
    const below = [...path, name];
    const schemas = ours.filter(([known]) => known === name).map(([, schema]) => schema);
    if (schemas.length === 0) {
      // Of a record both have been asked already: by an unknown member.
      if (name !== '*') yield `${below.join('.')}: is unknown to us`;
      continue;
    }
    const isNamed = name !== '0' && name !== '*';
    if (isNamed && isRequired === schemas.some(mayBeAbsent))
      yield `${below.join('.')}: ${isRequired ? 'accepts' : 'refuses'} nothing`;
    yield* differencesOf({ auth0: alternativesOf(shape), ours: schemas }, below);
  }
}

/** What no format takes that has a grammar at all. */
const malformed = 'no <format> \\ {takes this';

/** What the place itself does with these values. `readings`: what a value may stand for, of which one may be right. */
function* differing(place: Place, samples: Samples, readings: (value: unknown) => unknown[], at: string) {
  const words = wordsOf(place);
  const format = formatIn(words);
  if (format !== undefined && place.ours.some((schema) => takes(schema, malformed)))
    yield `${at}: accepts what is no ${format}`;
  for (const [name, value] of samples) {
    const isRight = readings(value).some((reading) => place.auth0.some((shape) => fits(reading, shape)));
    const isTaken = place.ours.some((schema) => takes(schema, value));
    // What a format means is told by its name alone.
    const isGuessed = typeof value === 'string' && format !== undefined;
    if (isTaken && !isRight) yield `${at}: accepts ${name}`;
    else if (isRight && !isTaken && !isGuessed)
      yield `${at}: refuses ${isUnbounded(words, value) ? 'what is large' : name}`;
  }
}

/** The name of the format that a text must have; undefined where any text will do. */
function formatIn(words: string[]): string | undefined {
  const formats = words.map((word) => /^string.* :(\S+)/.exec(word)?.[1]);
  const isPlain = words.some((word, index) => word.startsWith('string') && formats[index] === undefined);
  return isPlain ? undefined : formats.find((format) => format !== undefined);
}

/** Whether the value is large, and Auth0 names no bound: what refuses it is a bound of our own. */
function isUnbounded(words: string[], value: unknown): boolean {
  const bounds = words.map((word) => / (\S*)\.\.(\S*)/.exec(word)?.[2] ?? '');
  return isLarge(value) && bounds.every((most) => most === '');
}

/** Larger than the samples that stand for their kind alone. */
function isLarge(value: unknown): boolean {
  if (typeof value === 'number') return value > 10;
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value) > 10;
  return typeof value === 'string' ? value.length > 12 : Array.isArray(value) && value.length > 1;
}

function alternativesOf(shape: Shape): Shape[] {
  if (typeof shape === 'string') {
    const named = shape.startsWith('#') ? shapes[shape.slice(1)] : undefined;
    return named === undefined ? [shape] : alternativesOf(named);
  }
  const choices = Array.isArray(shape) ? undefined : shape['|'];
  return Array.isArray(choices) ? (choices as Shape[]).flatMap(alternativesOf) : [shape];
}

/** By their names, without the mark of what may be absent. Required is what each alternative that has it requires. */
function membersOf(alternatives: Shape[]): Map<string, { shape: Shape; isRequired: boolean }> {
  const members = new Map<string, { shape: Shape; isRequired: boolean }>();
  for (const alternative of alternatives) {
    if (typeof alternative === 'string') continue;
    const entries = Array.isArray(alternative)
      ? [['0', alternative[0]] as const]
      : Object.entries(alternative);
    for (const [key, shape] of entries) {
      if (key === '#') continue;
      const name = key.replace(/\?$/, '');
      const before = members.get(name);
      const isRequired = !key.endsWith('?') && (before?.isRequired ?? true);
      const all = before === undefined ? (shape as Shape) : { '|': [before.shape, shape as Shape] };
      members.set(name, { shape: all, isRequired });
    }
  }
  return members;
}

/** Whether the value itself is right, whatever is wrong inside. */
function fits(value: unknown, shape: Shape): boolean {
  const isEmpty = JSON.stringify(value) === '{}';
  const wrong = [...misfits(value, shape, { shapes, strict: true })];
  return !wrong.some((text) => isEmpty || /^ must (?:be|not have|have \S*\.\.)/.test(text));
}

function takes(schema: z.ZodType, value: unknown): boolean {
  if (schema.safeParse(value).success) return true;
  if (typeof value !== 'object' || JSON.stringify(value) === '{}') return false;
  return optionsOf(schema).some((option) => {
    const { error } = option.safeParse(value);
    return error === undefined || error.issues.every(({ path }) => path.length > 0);
  });
}

/** What is inside of whatever wraps it; the branches of a choice. */
function optionsOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => optionsOf(option as z.ZodType));
  const inner = innerOf(schema);
  return inner === undefined ? [schema] : optionsOf(inner);
}

/** What is directly in it, by the names of `membersOf`. */
function membersIn(schema: z.ZodType): [name: string, schema: z.ZodType][] {
  return optionsOf(schema).flatMap((option): [string, z.ZodType][] => {
    if (option instanceof z.ZodArray) return [['0', option.element as z.ZodType]];
    if (option instanceof z.ZodRecord) return [['*', option.valueType as z.ZodType]];
    return option instanceof z.ZodObject ? (Object.entries(option.shape) as [string, z.ZodType][]) : [];
  });
}

function takesAnything(schema: z.ZodType): boolean {
  return optionsOf(schema).some((option) => option instanceof z.ZodUnknown);
}

const mayBeAbsent = (schema: z.ZodType) => z.object({ member: schema }).safeParse({}).success;
