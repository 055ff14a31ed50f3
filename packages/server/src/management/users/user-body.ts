// A user as the Management API tells it (contract UP-2, UP-3, §3.5): what is not set is left out.
import { z } from 'zod';
import { type Identity, type IdentityProfile, isPrimary, type User } from '../../model/user.ts';
import { isoTime, present } from '../wire.ts';

const profileDataSchema = z.object({
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  nickname: z.string().optional(),
  picture: z.string().optional(),
  phone_number: z.string().optional(),
  phone_verified: z.boolean().optional(),
});

export const identitySchema = z.object({
  connection: z.string(),
  user_id: z.string(),
  provider: z.string(),
  isSocial: z.boolean(),
  profileData: profileDataSchema.optional(),
});

export const userSchema = z.object({
  user_id: z.string(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  username: z.string().optional(),
  phone_number: z.string().optional(),
  phone_verified: z.boolean().optional(),
  name: z.string(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  nickname: z.string(),
  picture: z.string(),
  identities: z.array(identitySchema),
  user_metadata: z.record(z.string(), z.unknown()).optional(),
  app_metadata: z.record(z.string(), z.unknown()).optional(),
  blocked: z.boolean().optional(),
  multifactor: z.array(z.string()).optional(),
  multifactor_last_modified: z.string().optional(),
  last_ip: z.string().optional(),
  last_login: z.string().optional(),
  logins_count: z.int().optional(),
  last_password_reset: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type UserBody = z.infer<typeof userSchema>;

/** `identities` are the user's, the primary one first. */
export function userBody(user: User, identities: readonly Identity[]): UserBody {
  return {
    user_id: user.user_id,
    name: user.name,
    nickname: user.nickname,
    picture: user.picture,
    identities: identities.map((identity) => identityBody(identity, isPrimary(identity) ? undefined : user)),
    created_at: isoTime(user.created_at),
    updated_at: isoTime(user.updated_at),
    ...present({
      ...contactOf(user),
      given_name: user.given_name,
      family_name: user.family_name,
      user_metadata: unlessEmpty(user.user_metadata),
      app_metadata: unlessEmpty(user.app_metadata),
      blocked: user.blocked || user.blocked_set_at !== null ? user.blocked : null,
      multifactor: user.multifactor.length > 0 ? user.multifactor : null,
      multifactor_last_modified: timeOf(user.multifactor_last_modified),
      last_ip: user.last_ip,
      last_login: timeOf(user.last_login),
      logins_count: user.logins_count > 0 ? user.logins_count : null,
      last_password_reset: timeOf(user.last_password_reset),
    }),
  };
}

/** The identities as linking and unlinking answer them: the primary one with the profile of its user. */
export function identitiesBody(user: User, identities: readonly Identity[]) {
  return identities.map((identity) => identityBody(identity, user));
}

/** `user`: whose profile stands for that of the primary identity; without it none is told. */
function identityBody(identity: Identity, user: User | undefined): UserBody['identities'][number] {
  const { connection, user_id, provider, isSocial, profile } = identity;
  const told = profile ?? user;
  return { connection, user_id, provider, isSocial, ...(told && { profileData: profileData(told) }) };
}

function profileData(profile: IdentityProfile): z.infer<typeof profileDataSchema> {
  const { name, given_name, family_name, nickname, picture } = profile;
  return present({ ...contactOf(profile), name, given_name, family_name, nickname, picture });
}

/** Whether something is verified is told only of what is there. */
function contactOf({ email, email_verified, username, phone_number, phone_verified }: IdentityProfile) {
  return {
    email,
    email_verified: email === null ? null : email_verified,
    username,
    phone_number,
    phone_verified: phone_number === null ? null : phone_verified,
  };
}

function unlessEmpty(metadata: Record<string, unknown>): Record<string, unknown> | null {
  return Object.keys(metadata).length === 0 ? null : metadata;
}

function timeOf(epochSeconds: number | null): string | null {
  return epochSeconds === null ? null : isoTime(epochSeconds);
}
