// Where what a schema of a route takes, as a body or in the query, is what Auth0's description refuses, or the other way
// round. Each place that either side knows is asked about values at the edges of what either side says of it.
import { z } from 'zod';
import { innerOf } from '../../packages/server/src/management/redaction.ts';
import { shapes } from './management-api.ts';
import { type Place, readingsOf, type Samples, samplesOf, textsOf, wordsOf } from './request-samples.ts';
import { misfits, type Shape } from './shapes.ts';

/** Deeper than any body. */
const deepest = 10;

/** As `colors.primary: accepts null`; a member of a list is `0`. */
export function* differencesOfBody(auth0: Shape, ours: z.ZodType, at = ''): Generator<string> {
  yield* differencesOf({ auth0: alternativesOf(auth0), ours: [ours] }, at === '' ? [] : [at]);
}

/** As `per_page: accepts 101`. In the query everything is text. */
export function* differencesOfQuery(auth0: Record<string, Shape>, ours: z.ZodObject): Generator<string> {
  for (const [name, member] of membersOf([auth0])) {
    const schema = ours.shape[name];
    if (!(schema instanceof z.ZodType)) continue;
    const place = { auth0: alternativesOf(member.shape), ours: [schema] };
    if (member.isRequired === mayBeAbsent(schema))
      yield `${name}: ${member.isRequired ? 'accepts' : 'refuses'} nothing`;
    yield* differing(place, textsOf(place), (text) => readingsOf(text as string), name);
  }
  for (const name of Object.keys(ours.shape))
    if (!membersOf([auth0]).has(name)) yield `${name}: is no parameter of Auth0's`;
}

function* differencesOf(place: Place, path: string[]): Generator<string> {
  if (path.length > deepest) return;
  const at = path.join('.');
  yield* differing(place, samplesOf(place), (value) => [value], at);
  const members = membersOf(place.auth0);
  const known = new Set(place.ours.flatMap(namesIn));
  for (const name of known)
    if (!members.has(name)) yield `${[...path, name].join('.')}: is no member of Auth0's`;
  if (place.ours.some((schema) => optionsOf(schema).some((option) => option instanceof z.ZodUnknown))) return;
  for (const [name, { shape, isRequired }] of members) {
    const ours = place.ours.flatMap((schema) => within(schema, name));
    const below = [...path, name];
    if (ours.length === 0) {
      // Asked of the object already: an unknown member.
      if (name !== '*') yield `${below.join('.')}: is unknown to us`;
    } else {
      const isOptional = ours.some(mayBeAbsent);
      if (name !== '0' && name !== '*' && isRequired === isOptional)
        yield `${below.join('.')}: ${isRequired ? 'accepts' : 'refuses'} nothing`;
      yield* differencesOf({ auth0: alternativesOf(shape), ours }, below);
    }
  }
}

/** What no format takes that has a grammar at all. */
const malformed = 'no <format> \\ {takes this';

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
      yield `${at}: refuses ${isUnbounded(words, value) ? 'much' : name}`;
  }
}

/** Undefined where a text of no format will do. */
function formatIn(words: string[]): string | undefined {
  const formats = words.map((word) => /^string.* :(\S+)/.exec(word)?.[1]);
  const isPlain = words.some((word, index) => word.startsWith('string') && formats[index] === undefined);
  return isPlain ? undefined : formats.find((format) => format !== undefined);
}

/** Whether Auth0 names no bound that this value would be beyond. */
function isUnbounded(words: string[], value: unknown): boolean {
  const bounds = words.map((word) => / (\S*)\.\.(\S*)/.exec(word)?.[2] ?? '');
  return isLarge(value) && bounds.every((most) => most === '');
}

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

/** By their names, without what may be absent. */
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

function namesIn(schema: z.ZodType): string[] {
  return optionsOf(schema).flatMap((option) => {
    if (option instanceof z.ZodArray) return ['0'];
    if (option instanceof z.ZodRecord && !(option.valueType instanceof z.ZodUnknown)) return ['*'];
    return option instanceof z.ZodObject ? Object.keys(option.shape) : [];
  });
}

function within(schema: z.ZodType, name: string): z.ZodType[] {
  return optionsOf(schema).flatMap((option): z.ZodType[] => {
    if (option instanceof z.ZodArray) return name === '0' ? [option.element as z.ZodType] : [];
    if (option instanceof z.ZodRecord) return name === '*' ? [option.valueType as z.ZodType] : [];
    const member = option instanceof z.ZodObject ? option.shape[name] : undefined;
    return member instanceof z.ZodType ? [member] : [];
  });
}

const mayBeAbsent = (schema: z.ZodType) => z.object({ member: schema }).safeParse({}).success;
