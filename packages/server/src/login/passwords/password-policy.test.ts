import { describe, expect, test } from 'vitest';
import type { PasswordPolicy } from '../../model/connection.ts';
import { mostPasswordBytes } from '../../runtime/cryptography/password-hashing.ts';
import { findPasswordProblems, type PasswordProblem } from './password-policy.ts';

const table: [PasswordPolicy, string, PasswordProblem[]][] = [
  ['none', 'a', []],
  ['none', '', ['too_short']],
  ['low', 'aaaaaa', []],
  ['low', 'aaaaa', ['too_short']],
  ['fair', 'Abcdefg1', []],
  ['fair', 'Abcdef1', ['too_short']],
  ['fair', 'abcdefg1', ['too_few_kinds']],
  ['fair', 'abcdefg!', ['too_few_kinds']],
  // Three kinds, but not the three that are demanded.
  ['fair', 'ABCDEF1!', ['too_few_kinds']],
  ['good', 'Abcdefg1', []],
  ['good', 'abcdef1!', []],
  ['good', 'ABCDEF1!', []],
  ['good', 'Abcdefgh', ['too_few_kinds']],
  ['good', 'Abcde1!', ['too_short']],
  ['good', 'short', ['too_short', 'too_few_kinds']],
  ['excellent', 'Abcdefghi1', []],
  ['excellent', 'Aabbccdd11', []],
  ['excellent', 'Abcdefgh1', ['too_short']],
  ['excellent', 'Abbbcdefg1', ['repeats']],
];

describe('UP-12: Auth0’s levels', () => {
  test.each(table)('%s: %j', (policy, password, expected) => {
    expect(findPasswordProblems(password, policy)).toEqual(expected);
  });

  test('a length counts characters, not UTF-16 units', () => {
    expect(findPasswordProblems('😀'.repeat(5), 'low')).toEqual(['too_short']);
    expect(findPasswordProblems('😀😁😀😁😀😁', 'low')).toEqual([]);
  });

  test('a letter outside of ASCII counts as a special character', () => {
    expect(findPasswordProblems('ÄÖÜäöüa1', 'good')).toEqual([]);
  });
});

test('UP-11: more than 1,024 bytes are too long under every policy', () => {
  const longest = `Aa1!${'ab'.repeat((mostPasswordBytes - 4) / 2)}`;
  for (const policy of ['none', 'low', 'fair', 'good', 'excellent'] as const) {
    expect(findPasswordProblems(longest, policy)).toEqual([]);
    expect(findPasswordProblems(`${longest}c`, policy)).toEqual(['too_long']);
    expect(findPasswordProblems(`${longest.slice(0, -1)}é`, policy)).toEqual(['too_long']);
  }
});
