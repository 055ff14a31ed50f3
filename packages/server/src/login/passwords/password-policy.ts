// Password policies of database connections (contract UP-12): Auth0's levels, as Auth0 words them.
import type { PasswordPolicy } from '../../model/connection.ts';
import { mostPasswordBytes } from '../../runtime/cryptography/password-hashing.ts';

export type PasswordKind = 'lowerCase' | 'upperCase' | 'numbers' | 'specialCharacters';

interface PolicyRules {
  length: number;
  /** Every one of these has to occur, */
  demanded: PasswordKind[];
  /** and of all four kinds of characters so many. */
  kinds: number;
  /** How often one character may stand in a row. */
  repeats: number;
}

export const characterKinds: Readonly<Record<PasswordKind, RegExp>> = {
  lowerCase: /[a-z]/,
  upperCase: /[A-Z]/,
  numbers: /[0-9]/,
  specialCharacters: /[^A-Za-z0-9]/,
};
export const kindNames = ['lowerCase', 'upperCase', 'numbers', 'specialCharacters'] as const;

export const policyRules: Readonly<Record<PasswordPolicy, PolicyRules>> = {
  none: { length: 1, demanded: [], kinds: 0, repeats: Infinity },
  low: { length: 6, demanded: [], kinds: 0, repeats: Infinity },
  fair: { length: 8, demanded: ['lowerCase', 'upperCase', 'numbers'], kinds: 3, repeats: Infinity },
  good: { length: 8, demanded: [], kinds: 3, repeats: Infinity },
  excellent: { length: 10, demanded: [], kinds: 3, repeats: 2 },
};

export type PasswordProblem = 'too_short' | 'too_long' | 'too_few_kinds' | 'repeats';

/** What is wrong with the password under the policy; empty if nothing is. Lengths count characters. */
export function findPasswordProblems(password: string, policy: PasswordPolicy): PasswordProblem[] {
  const rule = policyRules[policy];
  const occurring = kindNames.filter((kind) => characterKinds[kind].test(password));
  const problems: PasswordProblem[] = [];
  if ([...password].length < rule.length) problems.push('too_short');
  if (Buffer.byteLength(password) > mostPasswordBytes) problems.push('too_long');
  if (occurring.length < rule.kinds || !rule.demanded.every((kind) => occurring.includes(kind))) {
    problems.push('too_few_kinds');
  }
  if (longestRun(password) > rule.repeats) problems.push('repeats');
  return problems;
}

export function longestRun(text: string): number {
  let longest = 0;
  let run = 0;
  let previous: string | undefined;
  for (const character of text) {
    run = character === previous ? run + 1 : 1;
    longest = Math.max(longest, run);
    previous = character;
  }
  return longest;
}
