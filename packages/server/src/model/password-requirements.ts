// What a database asks of passwords (contract UP-12): Auth0's levels, and what its other options add. Of the two
// generations of options, the later one (`password_options`) decides about whatever it speaks of.
import type { CharacterType, DatabaseOptions, PasswordPolicy } from './database-options.ts';

export interface PasswordRequirements {
  /** Characters, at least. */
  length: number;
  /** Every one of these has to occur, */
  demanded: readonly CharacterType[];
  /** and of all four types of characters so many. */
  types: number;
  /** How often one character may stand in a row; undefined: no matter. */
  repeats: number | undefined;
  /** How many may stand in a row that follow each other, as in `abc` and `321`; undefined: no matter. */
  sequence: number | undefined;
  /** What it must not be, in lower case, beside what everybody uses; undefined: no matter. */
  words: readonly string[] | undefined;
  /** Members of the profile that must not occur in it. */
  profileFields: readonly string[];
  /** How many of the user's latest passwords it must not be, the present one among them. */
  history: number;
}

type Level = Pick<PasswordRequirements, 'length' | 'demanded' | 'types' | 'repeats' | 'sequence'>;

const anything = { demanded: [], types: 0, repeats: undefined, sequence: undefined };
const levels: Readonly<Record<PasswordPolicy, Level>> = {
  none: { ...anything, length: 1 },
  low: { ...anything, length: 6 },
  fair: { ...anything, length: 8, demanded: ['lowercase', 'uppercase', 'number'], types: 3 },
  good: { ...anything, length: 8, types: 3 },
  excellent: { ...anything, length: 10, types: 3, repeats: 2 },
};

/** What Auth0 compares where nobody names members. */
const usualProfileFields = [
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'email',
  'user_metadata.name',
  'user_metadata.first',
  'user_metadata.last',
];
const usualHistory = 5;

export function passwordRequirementsOf(options: DatabaseOptions): PasswordRequirements {
  return {
    ...levelOf(options),
    words: wordsOf(options),
    profileFields: profileFieldsOf(options),
    history: historyOf(options),
  };
}

function levelOf({ passwordPolicy, password_complexity_options, password_options }: DatabaseOptions): Level {
  const level = levels[passwordPolicy ?? 'good'];
  const complexity = password_options?.complexity;
  if (complexity === undefined)
    return { ...level, length: password_complexity_options?.min_length ?? level.length };
  const named = complexity.character_types ?? [];
  const isThreeOfFour = complexity.character_type_rule === 'three_of_four';
  return {
    length: complexity.min_length ?? level.length,
    demanded: isThreeOfFour ? [] : named,
    types: isThreeOfFour ? 3 : named.length,
    repeats: complexity.identical_characters === 'block' ? 2 : undefined,
    sequence: complexity.sequential_characters === 'block' ? 2 : undefined,
  };
}

function wordsOf({ password_dictionary, password_options }: DatabaseOptions): readonly string[] | undefined {
  const later = password_options?.dictionary;
  const isOn = later === undefined ? password_dictionary?.enable === true : later.active === true;
  if (!isOn) return undefined;
  const words = (later === undefined ? password_dictionary?.dictionary : later.custom) ?? [];
  return words.map((word) => word.toLowerCase());
}

function profileFieldsOf({
  password_no_personal_info,
  password_options,
}: DatabaseOptions): readonly string[] {
  const later = password_options?.profile_data;
  if (later === undefined) return password_no_personal_info?.enable === true ? usualProfileFields : [];
  return later.active === true ? (later.blocked_fields ?? usualProfileFields) : [];
}

function historyOf({ password_history, password_options }: DatabaseOptions): number {
  const later = password_options?.history;
  if (later !== undefined) return later.active === true ? (later.size ?? usualHistory) : 0;
  return password_history?.enable === true ? (password_history.size ?? usualHistory) : 0;
}
