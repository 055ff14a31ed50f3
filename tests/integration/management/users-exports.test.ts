// Exporting users (§6.2): whole or in columns, a line for each, behind a link that is a secret.
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { password, sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
const many = Array.from({ length: 1100 }, (_, n) => ({
  user_id: `n${String(n).padStart(4, '0')}`,
  email: `n${n}@example.com`,
  app_metadata: { n },
}));
beforeAll(async () => {
  const enabled_clients = ['spa'];
  freehold = await startFreehold({
    tenant: sampleTenant({
      databases: [
        { name: 'first', enabled_clients },
        { name: 'second', enabled_clients },
      ],
    }),
  });
  api = await managementApi(freehold);
  const connection_id = await idOf('first');
  for (let start = 0; start < many.length; start += 1000) {
    const users = Buffer.from(JSON.stringify(many.slice(start, start + 1000)));
    const body = `--b\r\nContent-Disposition: form-data; name="connection_id"\r\n\r\n${connection_id}\r\n--b\r\nContent-Disposition: form-data; name="users"\r\n\r\n${users}\r\n--b--`;
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    expect((await api.post('/jobs/users-imports', body, headers)).status).toBe(202);
    await freehold.composed.deliverDue();
  }
  for (const [name, given_name] of [
    ['=cmd', '+1'],
    ['Q "quoted", and\nmore', '@x'],
  ]) {
    const email = `${given_name?.slice(1)}@second.example`;
    await api.post('/users', { connection: 'second', email, password, name, given_name });
  }
});
afterAll(() => freehold.stop());

const idOf = async (name: string) => (await freehold.stores.connections.findByName(name))?.id ?? '';

async function exported(body: Record<string, unknown>): Promise<string> {
  const job = await api.post('/jobs/users-exports', body);
  expect(job).toMatchObject({ status: 200, body: { type: 'users_export', status: 'pending' } });
  const { body: told } = await api.get(`/jobs/${job.body.id}`);
  expect(told.status).toBe('completed');
  const answer = await fetch(String(told.location));
  expect(answer.headers.get('content-type')).toBe('application/gzip');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return gunzipSync(Buffer.from(await answer.arrayBuffer())).toString();
}

test('recorded: the job says what was asked for', async () => {
  const connection_id = await idOf('first');
  const fields = [{ name: 'name' }, { name: 'email' }, { name: 'identities[0].connection' }];
  const { body } = await api.post('/jobs/users-exports', { connection_id, format: 'json', limit: 5, fields });
  expect(body).toEqual({
    id: expect.stringMatching(/^job_\w{16}$/),
    type: 'users_export',
    status: 'pending',
    connection_id,
    connection: 'first',
    format: 'json',
    limit: 5,
    fields,
    created_at: expect.any(String),
  });
});

test('every user is a line of JSON, once, as the API tells them', async () => {
  const lines = (await exported({ format: 'json' })).trim().split('\n');
  const users = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(new Set(users.map(({ user_id }) => user_id)).size).toBe(1102);
  const one = users.find(({ user_id }) => user_id === 'auth0|n0007');
  expect(one).toEqual((await api.get('/users/auth0%7Cn0007')).body);
  expect(lines.join('')).not.toContain('argon2');
});

test('of one connection, so many, under the names that were asked for', async () => {
  const connection_id = await idOf('second');
  const fields = [{ name: 'email', export_as: 'mail' }, { name: 'identities[0].connection' }];
  const lines = (await exported({ connection_id, format: 'json', fields })).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual({
    mail: '1@second.example',
    'identities[0].connection': 'second',
  });
  expect(lines).toHaveLength(2);
  expect((await exported({ format: 'json', limit: 501 })).trim().split('\n')).toHaveLength(501);
  const deep = await exported({
    format: 'csv',
    limit: 1,
    fields: [{ name: 'app_metadata.n' }, { name: 'constructor' }],
  });
  expect(deep).toMatch(/^app_metadata\.n,constructor\n\d*,\n$/);
});

test('RFC 4180: a name is text in a spreadsheet, whatever it begins with', async () => {
  const connection_id = await idOf('second');
  const fields = ['name', 'given_name', 'email_verified', 'identities'].map((name) => ({ name }));
  const csv = await exported({ connection_id, format: 'csv', fields });
  expect(csv).toContain('\n\'=cmd,\'+1,false,"[{""connection""');
  expect(csv).toContain('\n"Q ""quoted"", and\nmore",\'@x,false,');
  expect((await exported({ connection_id })).split('\n')[0]).toMatch(/^user_id,email,email_verified,/);
});

test('the link is good for ten minutes, and no other is', async () => {
  const { body } = await api.post('/jobs/users-exports', { format: 'json' });
  const { location } = (await api.get(`/jobs/${body.id}`)).body;
  const link = new URL(String(location));
  expect(JSON.stringify(await freehold.logEntries())).not.toContain(link.searchParams.get('link'));
  const statusOf = async (url: URL | string) => (await fetch(url)).status;
  const changed = `${link.href.slice(0, -1)}${link.href.endsWith('A') ? 'B' : 'A'}`;
  expect(await statusOf(changed)).toBe(400);
  expect(await statusOf(`${freehold.issuer}exports/users`)).toBe(400);
  freehold.clock.advance(599);
  expect(await statusOf(link)).toBe(200);
  freehold.clock.advance(1);
  expect(await statusOf(link)).toBe(400);
});

test.each<[string, Record<string, unknown>]>([
  ['an unknown connection', { connection_id: 'con_0000000000000000' }],
  ['an unknown format', { format: 'xml' }],
  ['31 fields', { fields: Array.from({ length: 31 }, () => ({ name: 'email' })) }],
  ['what is no member', { fields: [{ name: 'a b' }] }],
  ['no users', { limit: 0 }],
])('%s is refused', async (_what, body) => {
  expect((await api.post('/jobs/users-exports', body)).status).toBe(400);
});
