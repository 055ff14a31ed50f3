// From a shape, values that are none of it: each wrong in one place, in one way.
import type { ManagementFacts } from './derive-management-api.ts';
import { misfits, type Shape } from './shapes.ts';

export interface WrongValue {
  /** Where, as `/colors/primary`. */
  at: string;
  how: string;
  value: unknown;
}

type Shapes = ManagementFacts['shapes'];

const candidates: readonly [how: string, value: unknown][] = [
  ['a text', 'text'],
  ['a number', 12.5],
  ['a negative number', -1],
  ['a huge number', 1e15],
  ['a boolean', true],
  ['null', null],
  ['a list', []],
  ['a list of the wrong things', [{ unknown: 1 }, 7]],
  ['an object', { unknown: 1 }],
  ['an empty text', ''],
  ['a text of 10,000 characters', 'x'.repeat(10_000)],
  ['markup', '<script>'],
];

/** `base`: members that must be there beside the wrong one. */
export function* wrongValues(
  shape: Shape,
  shapes: Shapes,
  base: Record<string, unknown> = {},
): Generator<WrongValue> {
  for (const value of [null, 'text', 7, [{ unknown: 1 }]])
    if (isWrong(value, shape, shapes)) yield { at: '', how: JSON.stringify(value), value };
  if (isWrong({ ...base, unknown_member: 1 }, shape, shapes))
    yield { at: '/unknown_member', how: 'it is there', value: { ...base, unknown_member: 1 } };
  for (const [name, member] of membersOf(shape, shapes))
    for (const { at, how, value } of wrongIn(member, shapes))
      yield { at: `/${name}${at}`, how, value: { ...base, [name]: value } };
}

function* wrongIn(shape: Shape, shapes: Shapes, depth = 0): Generator<WrongValue> {
  for (const [how, value] of candidates) if (isWrong(value, shape, shapes)) yield { at: '', how, value };
  if (depth === 3) return;
  const element = elementOf(shape, shapes);
  if (element !== undefined)
    for (const { at, how, value } of wrongIn(element, shapes, depth + 1))
      yield { at: `/0${at}`, how, value: [value] };
  for (const [name, member] of membersOf(shape, shapes))
    for (const { at, how, value } of wrongIn(member, shapes, depth + 1))
      if (isWrong({ [name]: value }, shape, shapes))
        yield { at: `/${name}${at}`, how, value: { [name]: value } };
}

const isWrong = (value: unknown, shape: Shape, shapes: Shapes) =>
  !misfits(value, shape, { shapes, strict: true }).next().done;

function resolve(shape: Shape, shapes: Shapes): Shape[] {
  if (typeof shape === 'string' && shape.startsWith('#'))
    return resolve(shapes[shape.slice(1)] ?? 'any', shapes);
  if (typeof shape === 'object' && !Array.isArray(shape) && Array.isArray(shape['|']))
    return shape['|'].flatMap((choice) => resolve(choice, shapes));
  return [shape];
}

function elementOf(shape: Shape, shapes: Shapes): Shape | undefined {
  return resolve(shape, shapes).find((one) => Array.isArray(one))?.[0];
}

function membersOf(shape: Shape, shapes: Shapes): [string, Shape][] {
  return resolve(shape, shapes).flatMap((one) => {
    if (typeof one !== 'object' || Array.isArray(one)) return [];
    return Object.entries(one)
      .filter(([name]) => name !== '*' && name !== '#')
      .map(([name, member]): [string, Shape] => [name.replace(/\?$/, ''), member as Shape]);
  });
}
