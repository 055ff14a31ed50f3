// A password policy as Auth0's API tells it (contract SU-4): every rule, with whether the password keeps it.
import type { PasswordPolicy } from '../../model/connection.ts';
import { characterKinds, kindNames, longestRun, type PasswordKind, policyRules } from './password-policy.ts';

export interface PasswordRule {
  message: string;
  format?: (number | string)[];
  code: string;
  items?: PasswordRule[];
  verified: boolean;
}

const kindRules: Record<PasswordKind, Pick<PasswordRule, 'message' | 'code'>> = {
  lowerCase: { message: 'lower case letters (a-z)', code: 'lowerCase' },
  upperCase: { message: 'upper case letters (A-Z)', code: 'upperCase' },
  numbers: { message: 'numbers (i.e. 0-9)', code: 'numbers' },
  specialCharacters: { message: 'special characters (e.g. !@#$%^&*)', code: 'specialCharacters' },
};

export function passwordRules(password: string, policy: PasswordPolicy): PasswordRule[] {
  const { length, demanded, kinds, repeats } = policyRules[policy];
  const rules: PasswordRule[] = [
    {
      message: 'At least %d characters in length',
      format: [length],
      code: 'lengthAtLeast',
      verified: [...password].length >= length,
    },
  ];
  const itemsOf = (names: readonly PasswordKind[]) =>
    names.map((name) => ({ ...kindRules[name], verified: characterKinds[name].test(password) }));
  const isMet = ({ verified }: PasswordRule) => verified;
  if (demanded.length > 0) {
    const items = itemsOf(demanded);
    rules.push({ message: 'Should contain:', code: 'shouldContain', items, verified: items.every(isMet) });
  } else if (kinds > 0) {
    const items = itemsOf(kindNames);
    rules.push({
      message: 'Contain at least %d of the following %d types of characters:',
      format: [kinds, items.length],
      code: 'containsAtLeast',
      items,
      verified: items.filter(isMet).length >= kinds,
    });
  }
  if (repeats !== Infinity) {
    rules.push({
      message: 'No more than %d identical characters in a row (e.g., "%s" not allowed)',
      format: [repeats, 'a'.repeat(repeats + 1)],
      code: 'identicalChars',
      verified: longestRun(password) <= repeats,
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
