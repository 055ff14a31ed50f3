import { describe, expect, test } from 'vitest';
import type { DatabaseOptions, PasswordPolicy } from '../../model/database-options.ts';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { mostPasswordBytes } from '../../runtime/cryptography/password-hashing.ts';
import { findPasswordProblems, type PasswordOwner, type PasswordProblem } from './password-policy.ts';

function problemsOf(
  password: string,
  options: DatabaseOptions,
  owner: PasswordOwner = {},
): PasswordProblem[] {
  return findPasswordProblems(password, passwordRequirementsOf(options), owner);
}

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
    expect(problemsOf(password, { passwordPolicy: policy })).toEqual(expected);
  });

  test('a length counts characters, not UTF-16 units', () => {
    expect(problemsOf('😀'.repeat(5), { passwordPolicy: 'low' })).toEqual(['too_short']);
    expect(problemsOf('😀😁😀😁😀😁', { passwordPolicy: 'low' })).toEqual([]);
  });

  test('a letter outside of ASCII counts as a special character', () => {
    expect(problemsOf('ÄÖÜäöüa1', { passwordPolicy: 'good' })).toEqual([]);
  });
});

test('UP-11: more than 1,024 bytes are too long under every policy', () => {
  const longest = `Aa1!${'ab'.repeat((mostPasswordBytes - 4) / 2)}`;
  for (const policy of ['none', 'low', 'fair', 'good', 'excellent'] as const) {
    expect(problemsOf(longest, { passwordPolicy: policy })).toEqual([]);
    expect(problemsOf(`${longest}c`, { passwordPolicy: policy })).toEqual(['too_long']);
    expect(problemsOf(`${longest.slice(0, -1)}é`, { passwordPolicy: policy })).toEqual(['too_long']);
  }
});

describe('the other options of a database', () => {
  test('password_complexity_options: another length than the level has', () => {
    const options = { passwordPolicy: 'low', password_complexity_options: { min_length: 3 } } as const;
    expect([problemsOf('abc', options), problemsOf('ab', options)]).toEqual([[], ['too_short']]);
  });

  test('options that are null are left out', () => {
    expect(problemsOf('Abcdefg1', { passwordPolicy: null, password_history: null })).toEqual([]);
    expect(problemsOf('abcdefgh', { passwordPolicy: null })).toEqual(['too_few_kinds']);
  });

  test('password_dictionary: a word in whatever case', () => {
    const options: DatabaseOptions = {
      passwordPolicy: 'none',
      password_dictionary: { enable: true, dictionary: ['Juniper'] },
    };
    expect(problemsOf('JUNIPER', options)).toEqual(['common']);
    expect(problemsOf('junipers', options)).toEqual([]);
    expect(problemsOf('Password123', options)).toEqual(['common']);
    expect(problemsOf('Password123', { passwordPolicy: 'none' })).toEqual([]);
    expect(
      problemsOf('juniper', { ...options, password_dictionary: { enable: false, dictionary: ['juniper'] } }),
    ).toEqual([]);
  });

  const owner = {
    email: 'grace.hopper@example.com',
    username: 'amazing',
    nickname: 'al',
    name: 'Grace',
    user_metadata: { first: 'Brewster', pet: 'Rex' },
  };
  test.each([
    ['my-GRACE.hopper-1', ['personal']],
    ['so-Amazing', ['personal']],
    ['brewster1', ['personal']],
    // Not among what Auth0 compares, the host of the address, and too short to mean anything.
    ['rexample.com', []],
    ['walter', []],
  ])('password_no_personal_info: %s', (password, problems) => {
    const options: DatabaseOptions = { passwordPolicy: 'none', password_no_personal_info: { enable: true } };
    expect(problemsOf(password, options, owner)).toEqual(problems);
    expect(problemsOf(password, { passwordPolicy: 'none' }, owner)).toEqual([]);
  });

  test('password_options decide about what they speak of', () => {
    const options: DatabaseOptions = {
      passwordPolicy: 'excellent',
      password_no_personal_info: { enable: true },
      password_options: {
        complexity: {
          min_length: 4,
          character_types: ['number'],
          character_type_rule: 'all',
          identical_characters: 'allow',
          sequential_characters: 'block',
        },
        profile_data: { active: true, blocked_fields: ['username'] },
      },
    };
    expect(problemsOf('1aaa', options, owner)).toEqual([]);
    expect(problemsOf('aaaa', options, owner)).toEqual(['too_few_kinds']);
    expect(problemsOf('xx123', options, owner)).toEqual(['sequence']);
    expect(problemsOf('9cba', options, owner)).toEqual(['sequence']);
    expect(problemsOf('Grace9', options, owner)).toEqual([]);
    expect(problemsOf('amazing9', options, owner)).toEqual(['personal']);
  });

  test('password_options: three of four types', () => {
    const options: DatabaseOptions = {
      password_options: {
        complexity: {
          min_length: 1,
          character_types: ['lowercase', 'uppercase', 'number', 'special'],
          character_type_rule: 'three_of_four',
          identical_characters: 'block',
        },
      },
    };
    expect(problemsOf('aA1', options)).toEqual([]);
    expect(problemsOf('a1', options)).toEqual(['too_few_kinds']);
    expect(problemsOf('aA111', options)).toEqual(['repeats']);
  });
});
