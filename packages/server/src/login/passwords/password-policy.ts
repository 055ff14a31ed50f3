// What is wrong with a password under what its database asks (contract UP-12, SU-4).
import type { CharacterType } from '../../model/database-options.ts';
import type { PasswordRequirements } from '../../model/password-requirements.ts';
import type { User } from '../../model/user.ts';
import { mostPasswordBytes } from '../../runtime/cryptography/password-hashing.ts';
import { isCommonPassword } from './common-passwords.ts';

export const characterTypes: Readonly<Record<CharacterType, RegExp>> = {
  lowercase: /[a-z]/,
  uppercase: /[A-Z]/,
  number: /[0-9]/,
  special: /[^A-Za-z0-9]/,
};
export const typeNames = ['lowercase', 'uppercase', 'number', 'special'] as const;

export type PasswordProblem =
  | 'too_short'
  | 'too_long'
  | 'too_few_kinds'
  | 'repeats'
  | 'sequence'
  | 'common'
  | 'personal'
  /** `password_history`: only where the earlier ones are known. */
  | 'used_before';

/** Whose password it is to be, as far as they are known. */
export type PasswordOwner = {
  [Name in 'email' | 'username' | 'name' | 'nickname' | 'given_name' | 'family_name' | 'user_metadata']?:
    | User[Name]
    | undefined;
};

/** Empty if nothing is wrong. Lengths count characters. */
export function findPasswordProblems(
  password: string,
  asked: PasswordRequirements,
  owner: PasswordOwner,
): PasswordProblem[] {
  const occurring = typeNames.filter((type) => characterTypes[type].test(password));
  const problems: PasswordProblem[] = [];
  if ([...password].length < asked.length) problems.push('too_short');
  if (Buffer.byteLength(password) > mostPasswordBytes) problems.push('too_long');
  if (occurring.length < asked.types || !asked.demanded.every((type) => occurring.includes(type))) {
    problems.push('too_few_kinds');
  }
  if (longestRun(password) > (asked.repeats ?? Infinity)) problems.push('repeats');
  if (longestSequence(password) > (asked.sequence ?? Infinity)) problems.push('sequence');
  if (isRefusedWord(password, asked)) problems.push('common');
  if (isPersonal(password, asked.profileFields, owner)) problems.push('personal');
  return problems;
}

export function longestRun(text: string): number {
  return longest(text, (code, previous) => code === previous);
}

/** As in `abc`, in whichever direction. */
export function longestSequence(text: string): number {
  const rising = longest(text, (code, previous) => code === previous + 1);
  const falling = longest(text, (code, previous) => code === previous - 1);
  return Math.max(rising, falling);
}

/** How many characters in a row go on from the one before. */
function longest(text: string, goesOn: (code: number, previous: number) => boolean): number {
  let most = 0;
  let run = 0;
  let previous = Number.NaN;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    run = goesOn(code, previous) ? run + 1 : 1;
    most = Math.max(most, run);
    previous = code;
  }
  return most;
}

/** `password_dictionary`: what too many people use, and the tenant's own words. */
function isRefusedWord(password: string, { words }: PasswordRequirements): boolean {
  return words !== undefined && (words.includes(password.toLowerCase()) || isCommonPassword(password));
}

/** Shorter parts of a profile stand in any password by chance. */
const shortestPart = 3;

function isPersonal(password: string, fields: readonly string[], owner: PasswordOwner): boolean {
  const typed = password.toLowerCase();
  return fields.some((field) => {
    const part = partOf(field, owner)?.toLowerCase();
    return part !== undefined && part.length >= shortestPart && typed.includes(part);
  });
}

/** Of an e-mail address what stands before the @. */
function partOf(field: string, owner: PasswordOwner): string | undefined {
  const value = field
    .split('.')
    .reduce<unknown>(
      (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
      owner,
    );
  if (typeof value !== 'string') return undefined;
  return field === 'email' ? value.slice(0, value.lastIndexOf('@')) : value;
}
