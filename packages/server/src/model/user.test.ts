import { expect, test } from 'vitest';
import { isEmail } from './user.ts';

test('UP-5: an e-mail address has a local part of at most 64 characters and 254 in all', () => {
  const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example`;
  for (const email of ['ada@example.com', 'åda+x@münchen.example', `${'a'.repeat(63)}@${host}`]) {
    expect([email, isEmail(email)]).toEqual([email, true]);
  }
  for (const email of [
    'ada',
    'ada@example',
    '@example.com',
    'a@b@example.com',
    `${'a'.repeat(65)}@${host}`,
  ]) {
    expect([email, isEmail(email)]).toEqual([email, false]);
  }
});

test.each([
  ['zero width space', '\u200b'],
  ['zero width joiner', '\u200d'],
  ['right-to-left override', '\u202e'],
  ['soft hyphen', '\u00ad'],
  ['byte order mark', '\ufeff'],
  ['variation selector', '\ufe0f'],
  ['Hangul filler', '\u3164'],
  ['combining grapheme joiner', '\u034f'],
  ['tag letter', '\u{e0061}'],
  ['private use', '\ue000'],
  ['unassigned', '\u0378'],
  ['half a surrogate pair', '\ud800'],
  ['no-break space', '\u00a0'],
  ['line separator', '\u2028'],
  ['control character', '\u0007'],
])('UP-5: an e-mail address has nothing that cannot be seen: %s', (_name, invisible) => {
  expect(isEmail(`a${invisible}da@example.com`)).toBe(false);
  expect(isEmail(`ada@exam${invisible}ple.com`)).toBe(false);
});
