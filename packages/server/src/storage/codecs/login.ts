// The columns of people, of their sessions and logins, and of what is sent to them.
import type { LoginTransaction, OneTimePassword, Ticket } from '../../login/ports.ts';
import type { AuthenticationMethod } from '../../model/authentication-method.ts';
import type { Delivery } from '../../model/delivery.ts';
import type { Job } from '../../model/job.ts';
import type { Session, UserGrant } from '../../model/session.ts';
import type { Identity, User } from '../../model/user.ts';
import { searchable } from '../searchable.ts';
import { Codec } from './codec.ts';

export const userCodec = new Codec<User>({
  user_id: 'text',
  email: 'text',
  email_verified: 'flag',
  username: 'text',
  phone_number: 'text',
  phone_verified: 'flag',
  name: 'text',
  given_name: 'text',
  family_name: 'text',
  middle_name: 'text',
  nickname: 'text',
  picture: 'text',
  user_metadata: 'json',
  app_metadata: 'json',
  blocked: 'flag',
  blocked_set_at: 'integer',
  multifactor: 'json',
  multifactor_last_modified: 'integer',
  epoch: 'integer',
  created_at: 'integer',
  updated_at: 'integer',
  last_login: 'integer',
  last_ip: 'text',
  logins_count: 'integer',
  last_password_reset: 'integer',
});

/** What users are searched by: one spelling for what looks the same. */
export interface UserSearch {
  email_search: string | null;
  email_domain: string | null;
  name_search: string;
  given_name_search: string | null;
  family_name_search: string | null;
  nickname_search: string;
}
export const userSearchCodec = new Codec<UserSearch>({
  email_search: 'text',
  email_domain: 'text',
  name_search: 'text',
  given_name_search: 'text',
  family_name_search: 'text',
  nickname_search: 'text',
});

export function userSearch({ email, name, given_name, family_name, nickname }: User): UserSearch {
  const email_search = searchableOrNull(email);
  return {
    email_search,
    email_domain: email_search?.slice(email_search.lastIndexOf('@') + 1) ?? null,
    name_search: searchable(name),
    given_name_search: searchableOrNull(given_name),
    family_name_search: searchableOrNull(family_name),
    nickname_search: searchable(nickname),
  };
}

function searchableOrNull(text: string | null): string | null {
  return text === null ? null : searchable(text);
}

export const identityCodec = new Codec<Identity>({
  connection_id: 'text',
  connection: 'text',
  provider: 'text',
  user_id: 'text',
  owner: 'text',
  email: 'text',
  username: 'text',
  phone_number: 'text',
  isSocial: 'flag',
  profile: 'json',
});

export const sessionCodec = new Codec<Session>({
  sid: 'text',
  user_id: 'text',
  epoch: 'integer',
  connection_id: 'text',
  authenticated_at: 'integer',
  created_at: 'integer',
  updated_at: 'integer',
  last_interacted_at: 'integer',
  expires_at: 'integer',
  idle_expires_at: 'integer',
  persistent: 'flag',
  initial_ip: 'text',
  initial_user_agent: 'text',
  last_ip: 'text',
  last_user_agent: 'text',
});

export const loginTransactionCodec = new Codec<LoginTransaction>({
  handle: 'text',
  browser: 'text',
  client_id: 'text',
  request: 'json',
  created_at: 'integer',
  expires_at: 'integer',
  identifier: 'text',
  user_id: 'text',
  sid: 'text',
  authenticated_at: 'integer',
  consented_at: 'integer',
  confirmed_at: 'integer',
  finished_at: 'integer',
});

export const ticketCodec = new Codec<Ticket>({
  hash: 'text',
  purpose: 'text',
  user_id: 'text',
  email: 'text',
  connection_id: 'text',
  identity_user_id: 'text',
  client_id: 'text',
  mark_email_as_verified: 'flag',
  result_url: 'text',
  organization_id: 'text',
  expires_at: 'integer',
  used_at: 'integer',
});

export const oneTimePasswordCodec = new Codec<OneTimePassword>({
  key: 'text',
  code: 'text',
  tries_left: 'integer',
  expires_at: 'integer',
});

export const authenticationMethodCodec = new Codec<AuthenticationMethod>({
  id: 'text',
  user_id: 'text',
  type: 'text',
  name: 'text',
  described: 'json',
  created_at: 'integer',
});

export const jobCodec = new Codec<Job>({
  id: 'text',
  type: 'text',
  status: 'text',
  connection_id: 'text',
  connection: 'text',
  described: 'json',
  created_at: 'integer',
  expires_at: 'integer',
});

export const userGrantCodec = new Codec<UserGrant>({
  id: 'text',
  user_id: 'text',
  client_id: 'text',
  audience: 'text',
  scope: 'json',
  created_at: 'integer',
});

/** Its content is sealed. */
export type SealedDelivery = Omit<Delivery, 'content'> & { content: string };
export const deliveryCodec = new Codec<SealedDelivery>({
  id: 'text',
  kind: 'text',
  content: 'text',
  requester: 'json',
  attempts: 'integer',
  created_at: 'integer',
  due_at: 'integer',
});
