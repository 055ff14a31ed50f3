// A small language for what a JSON value looks like, in which Auth0's OpenAPI descriptions are kept:
//
//   'string' · 'integer' · 'number' · 'boolean' · 'object' · 'time' (as in 2026-11-21T09:00:00.000Z) · 'null' · 'any'
//   'string 1..128' · 'integer ..100'    with bounds: of its length, of its value
//   'string :email'                      with a format, by its name: it tells what is meant, and refuses nothing here
//   'string ~^[^<>]+$'                   with a pattern, which is last
//   "'a' | 'b' | null"                   one of these
//   '#Name'                              another shape of the same description
//   ['string'] · ['string', '1..10']     a list, with bounds of its length
//   { a: …, 'b?': …, '*': …, '#': '..10' }   an object: a, perhaps b; what others are; bounds of their number
//   { '|': [ …, … ] }                    any of these
//
// What is received may have members that are not named, as Auth0's answers do; what is sent may not, as Auth0 refuses them.

export type Shape = string | [Shape] | [Shape, string] | { [member: string]: Shape | Shape[] };

export interface Vocabulary {
  shapes?: Readonly<Record<string, Shape>>;
  /** Whether members that are not named are refused. */
  strict?: boolean;
}

/** What does not fit, each as `/member must be …`. */
export function* misfits(
  value: unknown,
  shape: Shape,
  vocabulary: Vocabulary = {},
  at = '',
): Generator<string> {
  if (typeof shape === 'string') yield* misfitsOfWord(value, shape, vocabulary, at);
  else if (Array.isArray(shape)) yield* misfitsOfList(value, shape, vocabulary, at);
  else if (Array.isArray(shape['|'])) yield* misfitsOfChoice(value, shape['|'], vocabulary, at);
  else yield* misfitsOfObject(value, shape as Record<string, Shape>, vocabulary, at);
}

function* misfitsOfWord(
  value: unknown,
  shape: string,
  vocabulary: Vocabulary,
  at: string,
): Generator<string> {
  const named = shape.startsWith('#') ? vocabulary.shapes?.[shape.slice(1)] : undefined;
  if (named !== undefined) yield* misfits(value, named, vocabulary, at);
  else if (!isOneOf(value, shape))
    yield `${at} must be ${shape}${shape.includes("'") ? `, not '${value}'` : ''}`;
}

function* misfitsOfList(
  value: unknown,
  [element, bounds]: [Shape, string?],
  vocabulary: Vocabulary,
  at: string,
) {
  if (!Array.isArray(value)) {
    yield `${at} must be a list`;
    return;
  }
  if (!isWithin(value.length, bounds)) yield `${at} must have ${bounds} elements`;
  for (const [index, one] of value.entries()) yield* misfits(one, element, vocabulary, `${at}/${index}`);
}

/** Of several shapes, none of which fits, tells of that which comes nearest. */
function* misfitsOfChoice(value: unknown, choices: Shape[], vocabulary: Vocabulary, at: string) {
  const found = choices.map((choice) => [...misfits(value, choice, vocabulary, at)]);
  if (found.some(({ length }) => length === 0)) return;
  const ofItsKind = found.filter(([first = '']) => !first.startsWith(`${at} must be `));
  const nearest = (ofItsKind.length === 0 ? found : ofItsKind).reduce((best, next) =>
    next.length < best.length ? next : best,
  );
  yield* nearest;
}

function* misfitsOfObject(value: unknown, shape: Record<string, Shape>, vocabulary: Vocabulary, at: string) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield `${at} must be an object`;
    return;
  }
  const { '*': others, '#': bounds, ...members } = shape;
  if (!isWithin(Object.keys(value).length, bounds)) yield `${at} must have ${bounds} members`;
  for (const [name, member] of Object.entries(value)) {
    const known = members[name] ?? members[`${name}?`] ?? others;
    if (known !== undefined) yield* misfits(member, known, vocabulary, `${at}/${name}`);
    else if (vocabulary.strict) yield `${at} must not have ${name}`;
  }
  for (const name of Object.keys(members))
    if (!name.endsWith('?') && !Object.hasOwn(value, name)) yield `${at} must have ${name}`;
}

/** A pattern may contain what separates the alternatives: it is the last of them, to the end. */
function isOneOf(value: unknown, types: string): boolean {
  const [plain = '', pattern] = types.split(/ ~(.*)/s);
  return plain.split(' | ').some((type) => {
    if (!isOfType(value, type)) return false;
    return pattern === undefined || typeof value !== 'string' || new RegExp(pattern).test(value);
  });
}

function isOfType(value: unknown, type: string): boolean {
  if (type.startsWith("'")) return `'${value}'` === type && typeof value === 'string';
  const [name, ...more] = type.split(' ');
  const bounds = more.find((word) => word.includes('..'));
  if (name === 'any') return true;
  if (name === 'null') return value === null;
  if (name === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (name === 'time') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  if (name === 'integer') return Number.isInteger(value) && isWithin(value as number, bounds);
  if (name === 'number') return typeof value === 'number' && isWithin(value, bounds);
  if (name === 'string') return typeof value === 'string' && isWithin(value.length, bounds);
  return typeof value === name;
}

function isWithin(size: number, bounds: Shape | undefined): boolean {
  if (typeof bounds !== 'string') return true;
  const [least = '', most = ''] = bounds.split('..');
  return size >= Number(least || -Infinity) && size <= Number(most || Infinity);
}

/** The paths of all members, as `options/mfa/active`; of what stands in a list, `scopes/0/value`. */
export function* namesIn(
  shape: Shape,
  shapes: Readonly<Record<string, Shape>>,
  at = '',
  depth = 0,
): Generator<string> {
  if (depth > 8) return;
  if (typeof shape === 'string') {
    const named = shape.startsWith('#') ? shapes[shape.slice(1)] : undefined;
    if (named !== undefined) yield* namesIn(named, shapes, at, depth + 1);
  } else if (Array.isArray(shape)) {
    yield* namesIn(shape[0], shapes, `${at}0/`, depth + 1);
  } else if (Array.isArray(shape['|'])) {
    for (const choice of shape['|']) yield* namesIn(choice, shapes, at, depth + 1);
  } else {
    for (const [key, member] of Object.entries(shape)) {
      if (key === '*' || key === '#') continue;
      const name = `${at}${key.replace(/\?$/, '')}`;
      yield name;
      yield* namesIn(member as Shape, shapes, `${name}/`, depth + 1);
    }
  }
}
