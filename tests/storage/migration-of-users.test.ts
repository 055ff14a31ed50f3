// A database from before 0019: a password and a ticket stand with the identity that they are of.
import { expect, test } from 'vitest';
import { users } from '../../packages/server/src/storage/migrations/0019-users.ts';
import { databaseBefore, engines } from './databases.ts';

test.each(engines)(
  '$name: a database from before 0019 keeps its passwords and its links',
  async ({ create }) => {
    const former = await databaseBefore(users, create);
    await former.run(`insert into connection (id, name, strategy, options, is_domain_connection, created_at, updated_at)
    values ('con_1', 'A', 'auth0', '{}', 0, 0, 0)`);
    await former.run(`insert into "user" (user_id, email_verified, phone_verified, name, nickname, picture, user_metadata,
    app_metadata, blocked, epoch, created_at, updated_at, logins_count, name_search)
    values ('auth0|1', 0, 0, 'A', 'a', '', '{}', '{}', 0, 0, 0, 0, 0, 'a')`);
    await former.run(`insert into identity (connection_id, user_id, owner, connection, provider, "isSocial")
    values ('con_1', '1', 'auth0|1', 'A', 'auth0', 0)`);
    await former.run(`insert into password (user_id, hash, set_at) values ('auth0|1', 'hash', 5)`);
    await former.run(`insert into ticket (hash, purpose, user_id, email, connection_id, expires_at)
    values ('t', 'password_change', 'auth0|1', 'a@b.c', 'con_1', 9)`);
    await former.migrate();
    expect(await former.rows('select password_hash, password_set_at, profile from identity')).toEqual([
      { password_hash: 'hash', password_set_at: 5, profile: null },
    ]);
    expect(await former.rows('select identity_user_id, mark_email_as_verified from ticket')).toEqual([
      { identity_user_id: '1', mark_email_as_verified: 1 },
    ]);
    await former.drop();
  },
);
