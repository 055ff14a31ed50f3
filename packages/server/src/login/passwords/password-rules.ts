// What a database asks of passwords as Auth0's API tells it (contract SU-4): every rule, with whether the password
// keeps it.
import type { CharacterType } from '../../model/database-options.ts';
import type { PasswordRequirements } from '../../model/password-requirements.ts';
import { characterTypes, longestRun, longestSequence, typeNames } from './password-policy.ts';

export interface PasswordRule {
  message: string;
  format?: (number | string)[];
  code: string;
  items?: PasswordRule[];
  verified: boolean;
}

const typeRules: Record<CharacterType, Pick<PasswordRule, 'message' | 'code'>> = {
  lowercase: { message: 'lower case letters (a-z)', code: 'lowerCase' },
  uppercase: { message: 'upper case letters (A-Z)', code: 'upperCase' },
  number: { message: 'numbers (i.e. 0-9)', code: 'numbers' },
  special: { message: 'special characters (e.g. !@#$%^&*)', code: 'specialCharacters' },
};

export function passwordRules(password: string, asked: PasswordRequirements): PasswordRule[] {
  const { length, demanded, types, repeats, sequence } = asked;
  const rules: PasswordRule[] = [
    {
      message: 'At least %d characters in length',
      format: [length],
      code: 'lengthAtLeast',
      verified: [...password].length >= length,
    },
  ];
  const itemsOf = (names: readonly CharacterType[]) =>
    names.map((name) => ({ ...typeRules[name], verified: characterTypes[name].test(password) }));
  const isMet = ({ verified }: PasswordRule) => verified;
  if (demanded.length > 0) {
    const items = itemsOf(demanded);
    rules.push({ message: 'Should contain:', code: 'shouldContain', items, verified: items.every(isMet) });
  } else if (types > 0) {
    const items = itemsOf(typeNames);
    rules.push({
      message: 'Contain at least %d of the following %d types of characters:',
      format: [types, items.length],
      code: 'containsAtLeast',
      items,
      verified: items.filter(isMet).length >= types,
    });
  }
  if (repeats !== undefined) {
    rules.push({
      message: 'No more than %d identical characters in a row (e.g., "%s" not allowed)',
      format: [repeats, 'a'.repeat(repeats + 1)],
      code: 'identicalChars',
      verified: longestRun(password) <= repeats,
    });
  }
  if (sequence !== undefined) {
    rules.push({
      message: 'No more than %d sequential characters in a row (e.g., "%s" not allowed)',
      format: [sequence, 'abcdefgh'.slice(0, sequence + 1)],
      code: 'sequentialChars',
      verified: longestSequence(password) <= sequence,
    });
  }
  return rules;
}

/** In lines, each after a star. */
export function policyText(rules: readonly PasswordRule[], indent = ''): string {
  return rules
    .map(({ message, format = [], items = [] }) => {
      const values = [...format];
      const line = `${indent}* ${message.replace(/%[ds]/g, () => String(values.shift()))}`;
      return items.length === 0 ? line : `${line}\n${policyText(items, `${indent} `)}`;
    })
    .join('\n');
}
