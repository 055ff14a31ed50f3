// What the options of a database connection say that has an effect here, under Auth0's names and in both generations of
// them: `attributes` and `password_options` are the later ones.
import { z } from 'zod';
import { filled } from './members.ts';

const passwordPolicies = ['none', 'low', 'fair', 'good', 'excellent'] as const;
export type PasswordPolicy = (typeof passwordPolicies)[number];

const flag = z.boolean().exactOptional();
const historySize = z.int().min(0).max(24);
const dictionaryWords = z.array(z.string().max(50)).max(200);

const signUpStatus = z.enum(['required', 'optional', 'inactive']);
const verified = z.strictObject({
  status: signUpStatus.exactOptional(),
  verification: z.strictObject({ active: z.boolean().exactOptional() }).exactOptional(),
});
const identifierOf = <Method extends string>(methods: readonly [Method, ...Method[]]) =>
  z.strictObject({
    active: z.boolean().exactOptional(),
    default_method: z.enum(methods).exactOptional(),
  });
const usernameLength = z.int().min(1).max(128);

const attributesSchema = z.strictObject({
  email: z
    .strictObject({
      identifier: identifierOf(['password', 'email_otp']).exactOptional(),
      unique: z.boolean().exactOptional(),
      profile_required: z.boolean().exactOptional(),
      verification_method: z.enum(['link', 'otp']).exactOptional(),
      signup: verified.exactOptional(),
    })
    .exactOptional(),
  phone_number: z
    .strictObject({
      identifier: identifierOf(['password', 'phone_otp']).exactOptional(),
      profile_required: z.boolean().exactOptional(),
      signup: verified.exactOptional(),
    })
    .exactOptional(),
  username: z
    .strictObject({
      identifier: z.strictObject({ active: z.boolean().exactOptional() }).exactOptional(),
      profile_required: z.boolean().exactOptional(),
      signup: z.strictObject({ status: signUpStatus.exactOptional() }).exactOptional(),
      validation: z
        .strictObject({
          min_length: usernameLength.exactOptional(),
          max_length: usernameLength.exactOptional(),
          allowed_types: z
            .strictObject({ email: z.boolean().exactOptional(), phone_number: z.boolean().exactOptional() })
            .exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
});
export type Attributes = z.infer<typeof attributesSchema>;

const characterTypes = ['lowercase', 'uppercase', 'number', 'special'] as const;
export type CharacterType = (typeof characterTypes)[number];

const passwordOptionsSchema = z.strictObject({
  complexity: z
    .strictObject({
      min_length: z.int().min(1).max(72).exactOptional(),
      character_types: z.array(z.enum(characterTypes)).max(4).exactOptional(),
      character_type_rule: z.enum(['all', 'three_of_four']).exactOptional(),
      identical_characters: z.enum(['allow', 'block']).exactOptional(),
      sequential_characters: z.enum(['allow', 'block']).exactOptional(),
      max_length_exceeded: z.enum(['truncate', 'error']).exactOptional(),
    })
    .exactOptional(),
  dictionary: z
    .strictObject({
      active: z.boolean().exactOptional(),
      custom: dictionaryWords.exactOptional(),
      default: z.enum(['en_10k', 'en_100k']).exactOptional(),
    })
    .exactOptional(),
  history: z
    .strictObject({ active: z.boolean().exactOptional(), size: historySize.min(1).exactOptional() })
    .exactOptional(),
  profile_data: z
    .strictObject({
      active: z.boolean().exactOptional(),
      blocked_fields: z.array(z.string().max(100)).max(12).exactOptional(),
    })
    .exactOptional(),
});

export const databaseOptionsSchema = z.looseObject({
  passwordPolicy: z.enum(passwordPolicies).nullable().exactOptional(),
  password_complexity_options: z
    .strictObject({ min_length: z.int().min(1).max(128).exactOptional() })
    .nullable()
    .exactOptional(),
  password_history: z
    .strictObject({ enable: z.boolean(), size: historySize.exactOptional() })
    .nullable()
    .exactOptional(),
  password_no_personal_info: z.strictObject({ enable: z.boolean() }).nullable().exactOptional(),
  password_dictionary: z
    .strictObject({ enable: z.boolean(), dictionary: dictionaryWords.exactOptional() })
    .nullable()
    .exactOptional(),
  password_options: passwordOptionsSchema.exactOptional(),
  disable_signup: flag,
  disable_self_service_change_password: flag,
  brute_force_protection: flag,
  requires_username: flag,
  validation: z
    .strictObject({
      username: z
        .strictObject({ min: z.int().min(1).max(128), max: z.int().min(1).max(128) })
        .nullable()
        .exactOptional(),
    })
    .nullable()
    .exactOptional(),
  attributes: filled(attributesSchema).exactOptional(),
});
export type DatabaseOptions = z.infer<typeof databaseOptionsSchema>;

/** What is asked of whoever signs up, beside an e-mail address. `undefined`: no username. */
export interface UsernameDemand {
  required: boolean;
  /** Characters. */
  min: number;
  max: number;
}

/** UP-5: what Auth0 asks of usernames where nobody says otherwise. */
const usualUsername = { min: 1, max: 15 };
export const longestUsername = 128;

export function usernameDemandOf(options: DatabaseOptions): UsernameDemand | undefined {
  const { attributes } = options;
  if (attributes == null) {
    if (options.requires_username !== true) return undefined;
    return { required: true, ...usualUsername, ...options.validation?.username };
  }
  const username = attributes.username;
  const status = username?.signup?.status ?? (username?.profile_required === true ? 'required' : 'inactive');
  if (username?.identifier?.active !== true || status === 'inactive') return undefined;
  const { min_length = 1, max_length = longestUsername } = username.validation ?? {};
  return { required: status === 'required', min: min_length, max: max_length };
}
