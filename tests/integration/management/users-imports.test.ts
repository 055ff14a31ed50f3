// Importing users (§6.1): what a file says becomes users, what cannot is told with what is wrong.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { giveRole } from '../../setup/administrators.ts';
import { Agent } from '../../setup/agent.ts';
import { authorizationUrl, newPkce, password, sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

/** Of "abc". */
const bcryptOfAbc = '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i';
let freehold: Freehold;
let api: ManagementApi;
let connection_id: string;
beforeAll(async () => {
  const enabled_clients = ['spa'];
  freehold = await startFreehold({
    tenant: sampleTenant({
      databases: [
        { name: 'people', enabled_clients },
        { name: 'unused', enabled_clients: [] },
      ],
      connections: [{ name: 'email', strategy: 'email', enabled_clients }],
    }),
  });
  connection_id = await idOf('people');
});
beforeEach(async () => {
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const idOf = async (name: string) => (await freehold.stores.connections.findByName(name))?.id ?? '';

function upload(users: unknown, fields: Record<string, string> = {}) {
  const boundary = 'a-boundary-of-the-test';
  const text = typeof users === 'string' ? users : JSON.stringify(users);
  const named = Object.entries({ connection_id, ...fields }).map(([name, value]) =>
    part(`name="${name}"`, value),
  );
  const file = part('name="users"; filename="users.json"', text);
  const body = [...named, ...(users === undefined ? [] : [file]), ''].map((piece) => `--${boundary}${piece}`);
  return api.post('/jobs/users-imports', `${body.join('')}--\r\n`, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  });
}
const part = (disposition: string, text: string) =>
  `\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${text}\r\n`;

async function importAll(users: unknown[], fields: Record<string, string> = {}) {
  const answer = await upload(users, fields);
  expect(answer.status, answer.text).toBe(202);
  await freehold.composed.deliverDue();
  const { body } = await api.get(`/jobs/${answer.body.id}`);
  const errors = await api.get(`/jobs/${answer.body.id}/errors`);
  return { summary: body.summary, status: body.status, id: String(answer.body.id), errors };
}
const userOf = async (email: string) => (await api.get(`/users-by-email?email=${email}`)).body[0];

describe('§6.1: POST /jobs/users-imports', () => {
  test('recorded: a job is made, runs after the answer, and tells what came of it', async () => {
    const answer = await upload([{ email: 'auzironian@example.com', email_verified: true }], {
      upsert: 'true',
      external_id: '',
      send_completion_email: 'false',
    });
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^job_\w{16}$/),
      type: 'users_import',
      status: 'pending',
      connection_id,
      connection: 'people',
      created_at: expect.any(String),
    });
    expect((await api.get(`/jobs/${answer.body.id}`)).body.status).toBe('pending');
    await freehold.composed.deliverDue();
    expect((await api.get(`/jobs/${answer.body.id}`)).body).toEqual({
      ...answer.body,
      status: 'completed',
      summary: { failed: 0, updated: 0, inserted: 1, total: 1 },
    });
    const none = await api.get(`/jobs/${answer.body.id}/errors`);
    expect([none.status, none.text]).toEqual([204, '']);
  });

  test('people log in with the password of before, and are who they were', async () => {
    const ada = {
      user_id: 'auth0|5f0000000000000000000001',
      email: 'ada@example.com',
      email_verified: true,
      given_name: 'Ada',
      password_hash: bcryptOfAbc,
      user_metadata: { theme: 'dark' },
      app_metadata: { plan: 'gold' },
      mfa_factors: [
        { totp: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' } },
        { phone: { value: '+15550100' } },
      ],
    };
    expect(await importAll([ada])).toMatchObject({ summary: { inserted: 1, failed: 0 } });
    const { password_hash: _hash, mfa_factors: _factors, ...told } = ada;
    expect(await userOf('ada@example.com')).toMatchObject({ ...told, multifactor: ['guardian'] });
    const url = authorizationUrl(freehold, newPkce());
    const answer = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', 'abc');
    expect(answer.location?.searchParams.has('code')).toBe(true);
    const factors = await api.get(`/users/${encodeURIComponent(ada.user_id)}/authentication-methods`);
    expect(factors.body).toMatchObject([{ type: 'phone' }, { type: 'totp' }]);
  });

  test('what is wrong is told of each, and stops no other', async () => {
    const { summary, status, errors } = await importAll([
      { email: 'good@example.com' },
      { email: 'good@example.com' },
      { email: 'nonsense' },
      { name: 'No address' },
      { email: 'a@example.com', name: '' },
      { email: 'b@example.com', blocked: 'yes' },
      { email: 'c@example.com', password_hash: 'x' },
      { email: 'd@example.com', app_metadata: { user_id: 'x' } },
      { email: 'e@example.com', custom_password_hash: { algorithm: 'md5' } },
      { email: 'f@example.com', username: 'f' },
      { email: 'g@example.com', mfa_factors: [] },
      {
        email: 'h@example.com',
        mfa_factors: [{ email: { value: 'x@y.example' } }, { email: { value: 'X@y.example' } }],
      },
      'text',
    ]);
    expect({ summary, status }).toEqual({
      summary: { failed: 12, updated: 0, inserted: 1, total: 13 },
      status: 'completed',
    });
    const told = Array.from(errors.body).map(({ errors: of }) => (of as Record<string, unknown>[])[0]);
    expect(told.map((error) => [error?.code, error?.path])).toEqual([
      ['DUPLICATED_USER', 'email'],
      ['FORMAT', 'email'],
      ['OBJECT_REQUIRED', 'email'],
      ['MIN_LENGTH', 'name'],
      ['INVALID_TYPE', 'blocked'],
      ['PATTERN', 'password_hash'],
      ['NOT_PASSED', 'app_metadata.user_id'],
      ['NOT_PASSED', undefined],
      ['NOT_PASSED', 'username'],
      ['ARRAY_LENGTH_SHORT', 'mfa_factors'],
      ['MFA_FACTORS_FAILED', 'mfa_factors'],
      ['INVALID_TYPE', undefined],
    ]);
    expect(errors.body[5]).toMatchObject({ user: { email: 'c@example.com', password_hash: '*****' } });
    expect(await userOf('h@example.com')).toBeUndefined();
  });

  test('upsert changes who is there, metadata whole, and never a credential or an administrator', async () => {
    await importAll([{ email: 'eve@example.com', password_hash: bcryptOfAbc, app_metadata: { a: 1, b: 2 } }]);
    const change = { email: 'eve@example.com', name: 'Eve', app_metadata: { c: 3 }, blocked: true };
    expect(await importAll([change])).toMatchObject({ summary: { failed: 1, updated: 0 } });
    const hash = () => freehold.execute("select password_hash from identity where email = 'eve@example.com'");
    const before = hash();
    const other = { ...change, password_hash: `${bcryptOfAbc.slice(0, -1)}x` };
    expect(await importAll([other], { upsert: 'true' })).toMatchObject({
      summary: { failed: 0, updated: 1 },
    });
    expect(await userOf('eve@example.com')).toMatchObject({ name: 'Eve', app_metadata: { c: 3 } });
    expect(await userOf('eve@example.com')).not.toHaveProperty('blocked');
    expect(hash()).toEqual(before);
    await giveRole(freehold, String((await userOf('eve@example.com'))?.user_id), 'viewer');
    const refused = await importAll([{ ...change, name: 'Mallory' }], { upsert: 'true' });
    expect(refused).toMatchObject({ summary: { failed: 1, updated: 0 } });
    expect(await userOf('eve@example.com')).toMatchObject({ name: 'Eve' });
  });

  test('a restart goes on where it stopped, and imports nobody twice', async () => {
    const users = Array.from({ length: 120 }, (_, n) => ({ email: `many${n}@example.com` }));
    const answer = await upload(users);
    const { jobs } = freehold.stores;
    const job = await jobs.find(String(answer.body.id), freehold.clock.now());
    await freehold.composed.unitOfWork.transaction(async (stores) => {
      const summary = { failed: 0, updated: 0, inserted: 2, total: 2 };
      await stores.jobs.update({ id: job?.id ?? '', status: 'processing', described: { summary } });
    });
    await Promise.all([freehold.composed.deliverDue(), freehold.composed.deliverDue()]);
    const { body } = await api.get(`/jobs/${answer.body.id}`);
    expect(body).toMatchObject({ status: 'completed', summary: { total: 120, inserted: 120, failed: 0 } });
    expect(await userOf('many0@example.com')).toBeUndefined();
    expect(await userOf('many119@example.com')).toBeDefined();
  });

  test('two at once are enough', async () => {
    for (let n = 0; n < 2; n += 1) expect((await upload([{ email: `q${n}@example.com` }])).status).toBe(202);
    expect((await upload([{ email: 'q3@example.com' }])).status).toBe(429);
    await freehold.composed.deliverDue();
    expect((await upload([{ email: 'q3@example.com' }])).status).toBe(202);
    await freehold.composed.deliverDue();
  });

  test.each<[string, unknown, Record<string, string>, number, string]>([
    ['no file', undefined, {}, 400, "Must provide 'users' file as multipart part."],
    ['an empty file', '', {}, 400, 'Users file must not be empty.'],
    ['an empty list', [], {}, 400, 'Users file must not be empty.'],
    ['no JSON', '{', {}, 400, 'is not JSON'],
    ['no list', {}, {}, 400, 'Expected type array'],
    ['text that no database keeps', '[{"email":"a\\u0000@example.com"}]', {}, 400, 'well-formed Unicode'],
    ['a large file', [{ email: 'x'.repeat(512_000) }], {}, 413, 'greater than maximum allowed: 512000'],
    ['no connection', [{}], { connection_id: 'con_0000000000000000' }, 400, 'The connection does not exist'],
    ['what is no id', [{}], { connection_id: 'people' }, 400, 'String does not match pattern'],
    ['an unknown field', [{}], { overwrite: 'true' }, 400, 'Additional properties not allowed: overwrite'],
  ])('%s is refused', async (_what, users, fields, status, message) => {
    const answer = await upload(users, fields);
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test('passwordless users, and those of a connection of nobody, are not imported', async () => {
    const email = await upload([{}], { connection_id: await idOf('email') });
    expect(email.body.message).toBe('Connection must be a database connection.');
    const unused = await upload([{}], { connection_id: await idOf('unused') });
    expect(unused.body.message).toBe('Connection must be enabled.');
    const broken = await api.post('/jobs/users-imports', 'nonsense', {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(broken.body.message).toBe("Payload validation error: 'Invalid multipart payload format'.");
  });

  test('neither the log nor the database has what the file had in secret', async () => {
    await importAll([{ email: 'sealed@example.com', password_hash: 'not-a-hash-but-a-secret' }]);
    await upload([{ email: 'waits@example.com', password_hash: 'waiting-secret' }]);
    const everything = JSON.stringify([
      await freehold.logEntries(),
      freehold.execute('select * from job'),
      freehold.execute('select * from delivery'),
    ]);
    expect(everything).not.toContain('not-a-hash-but-a-secret');
    expect(everything).not.toContain('waiting-secret');
    expect(everything).not.toContain(password);
  });
});
