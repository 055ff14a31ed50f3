import type { PasswordRequirements } from '../../model/password-requirements.ts';
import { en } from './en.ts';

export interface PasswordDemands {
  length: string;
  types: { title: string; list: string[] } | undefined;
  others: string[];
}

/** What a new password has to be, in words. */
export function passwordDemands(asked: PasswordRequirements): PasswordDemands {
  const { length, repeats, sequence, words, profileFields, history } = asked;
  const texts = en.signup.policy;
  const others = [
    repeats === undefined ? undefined : texts.repeats.replace('{repeats}', String(repeats)),
    sequence === undefined ? undefined : texts.sequence.replace('{sequence}', String(sequence)),
    words === undefined ? undefined : texts.words,
    profileFields.length === 0 ? undefined : texts.personal,
    history === 0 ? undefined : texts.history.replace('{history}', String(history)),
  ];
  return {
    length: length === 1 ? texts.length_of_one : texts.length.replace('{length}', String(length)),
    types: typeDemands(asked),
    others: others.filter((text) => text !== undefined),
  };
}

const allTypes = ['lowercase', 'uppercase', 'number', 'special'] as const;

function typeDemands({ demanded, types }: PasswordRequirements): PasswordDemands['types'] {
  const texts = en.signup.policy;
  if (demanded.length > 0) {
    return { title: texts.all_types, list: demanded.map((type) => texts.types[type]) };
  }
  if (types === 0) return undefined;
  const title = texts.some_types.replace('{types}', String(types));
  return { title, list: allTypes.map((type) => texts.types[type]) };
}
