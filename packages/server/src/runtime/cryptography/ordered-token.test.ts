import { expect, test } from 'vitest';
import { TurnableClock } from '../clock.ts';
import { systemRandom } from '../random.ts';
import { sha256 } from './hash.ts';
import { orderedHash, orderedId, orderedToken } from './ordered-token.ts';

const drawing = { clock: new TurnableClock(1_800_000_000), random: systemRandom };

test('tokens, their hashes and identifiers sort by the millisecond they were drawn in', () => {
  const draw = () => {
    const token = orderedToken(drawing);
    drawing.clock.advance(0.001);
    return { token, hash: orderedHash(token), id: orderedId(drawing) };
  };
  const drawn = Array.from({ length: 100 }, draw);
  for (const member of ['token', 'hash', 'id'] as const) {
    const values = drawn.map((each) => each[member]);
    expect(values.toSorted()).toEqual(values);
  }
});

test('256 random bits stand in a token, 120 in an identifier, also of one millisecond', () => {
  const [one, other] = [orderedToken(drawing), orderedToken(drawing)];
  expect(one).toMatch(/^[0-9a-z]{9}[\w-]{43}$/);
  expect(one.slice(0, 9)).toBe(other.slice(0, 9));
  expect(one.slice(9)).not.toBe(other.slice(9));
  expect(orderedId(drawing)).toMatch(/^[0-9a-z]{9}[\w-]{20}$/);
});

test('what is stored tells nothing of the random part; a text of another form is known by its hash alone', () => {
  const token = orderedToken(drawing);
  expect(orderedHash(token)).toBe(`${token.slice(0, 9)}${sha256(token)}`);
  for (const other of [
    '',
    systemRandom.token(),
    `${token}x`,
    token.toUpperCase(),
    '\0'.repeat(52),
    `${token}\n`,
  ]) {
    expect(orderedHash(other)).toBe(sha256(other));
  }
});

test('every time until the year 5188 has as many digits', () => {
  for (const at of [0, 101_559_956_667]) {
    expect(orderedToken({ ...drawing, clock: new TurnableClock(at) })).toHaveLength(52);
  }
});
