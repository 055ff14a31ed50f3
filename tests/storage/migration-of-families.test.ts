// A database from before 0007: what stood in the rows of the tokens stands in the row of their family afterwards.
import { expect, test } from 'vitest';
import { refreshTokenFamilyCodec } from '../../packages/server/src/storage/codecs/tokens.ts';
import { refreshRotation } from '../../packages/server/src/storage/migrations/0007-refresh-rotation.ts';
import { client } from './builders.ts';
import { databaseBefore, engines, start } from './databases.ts';

const columns = 'hash, aid, n, issued_at, spent_at, successor, box, superseded_at';

test.each(engines)(
  '$name: the living token, the one spent for it, the counter and the rotation',
  async ({ create }) => {
    const former = await databaseBefore(refreshRotation, create);
    const { refresh_token } = client();
    const lasting = { ...refresh_token, rotation_type: 'non-rotating' };
    for (const [client_id, configuration] of Object.entries({ rotating: refresh_token, lasting })) {
      await former.run(`insert into client (client_id, name, app_type, callbacks, allowed_logout_urls, web_origins,
        allowed_origins, is_first_party, oidc_conformant, grant_types, jwt_configuration, refresh_token,
        client_metadata, is_system, created_at, updated_at)
      values ('${client_id}', 'A', 'spa', '[]', '[]', '[]', '[]', 1, 1, '[]', '{}',
        '${JSON.stringify(configuration)}', '{}', 0, 0, 0)`);
      await former.run(`insert into refresh_token_family (aid, client_id, user_id, epoch, sid, scope, created_at)
      values ('of ${client_id}', '${client_id}', 'auth0|1', 0, 'sid', '["openid"]', ${start})`);
    }
    await former.run(`insert into refresh_token (${columns}) values
    ('one', 'of rotating', 0, ${start}, ${start + 1}, 'two', null, null),
    ('two', 'of rotating', 1, ${start + 1}, ${start + 2}, 'three', null, null),
    ('three', 'of rotating', 2, ${start + 2}, null, null, null, null),
    ('only', 'of lasting', 0, ${start}, null, null, null, null)`);
    await former.migrate();
    const rows = await former.rows(
      `select ${refreshTokenFamilyCodec.columns.join(', ')} from refresh_token_family order by aid`,
    );
    expect(rows).toMatchObject([
      {
        aid: 'of lasting',
        current_token: 'only',
        counter: 0,
        rotating: 0,
        spent_token: null,
        spent_at: null,
      },
      {
        aid: 'of rotating',
        current_token: 'three',
        counter: 2,
        rotating: 1,
        spent_token: 'two',
        spent_at: start + 2,
      },
    ]);
    const tokens = await former.rows('select * from refresh_token order by n');
    expect(tokens).toContainEqual({ hash: 'two', aid: 'of rotating', n: 1, issued_at: start + 1 });
    await former.drop();
  },
);
