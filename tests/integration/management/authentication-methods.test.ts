// Factors (§3.5): kept, told with addresses hidden, and their secrets sealed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEncryption } from '../../../packages/server/src/runtime/cryptography/encryption.ts';
import { password, sampleTenant } from '../../setup/flow.ts';
import { type ApiAnswer, type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const connection = 'Username-Password-Authentication';
const masterKey = Buffer.alloc(32, 9);
let freehold: Freehold;
let api: ManagementApi;
let at: string;
let user_id: string;
let made = 0;

beforeAll(async () => {
  const environment = { FREEHOLD_MASTER_KEY: masterKey.toString('base64') };
  freehold = await startFreehold({ tenant: sampleTenant(), environment });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());
beforeEach(async () => {
  made += 1;
  const user = await api.post('/users', { connection, email: `f${made}@example.com`, password });
  user_id = String(user.body.user_id);
  at = `/users/${encodeURIComponent(user_id)}/authentication-methods`;
});

const passkey = { type: 'passkey', key_id: 'a-key', public_key: 'MFkw', name: 'Phone', transports: ['usb'] };
const one = (method: ApiAnswer) => `${at}/${encodeURIComponent(String(method.body.id))}`;
const user = async () => (await api.get(`/users/${encodeURIComponent(user_id)}`)).body;

describe('§3.5: an authentication method', () => {
  test('recorded: an address is told in part, a name can be changed', async () => {
    const sent = { type: 'email', name: 'Test', email: 'chuck334@example.com' };
    const created = await api.post(at, sent);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^email\|dev_[A-Za-z0-9]{16}$/),
      type: 'email',
      name: 'Test',
      email: 'chuc****@exam*******',
      created_at: expect.stringMatching(/\.000Z$/),
    });
    const listed = await api.get(`${at}?include_totals=true&per_page=50`);
    const told = { ...created.body, confirmed: true };
    expect(listed.body).toEqual({ authenticators: [told], total: 1, start: 0, limit: 50 });
    expect((await api.get(at)).body).toEqual([told]);
    expect((await api.get(one(created))).body).toEqual(told);
    expect((await api.patch(one(created), { name: 'Test2' })).body).toEqual({
      ...created.body,
      name: 'Test2',
    });
    expect((await api.delete(one(created))).status).toBe(204);
    expect((await api.get(`${at}?include_totals=true`)).body).toMatchObject({ authenticators: [], total: 0 });
  });

  test('a telephone has ways to be reached', async () => {
    const phone = await api.post(at, { type: 'phone', phone_number: '+15550100' });
    const id = String(phone.body.id);
    expect(phone.body).toMatchObject({
      phone_number: '*****0100',
      authentication_methods: [{ type: 'sms', id: id.replace('phone', 'sms') }],
    });
    const voice = await api.patch(one(phone), { preferred_authentication_method: 'voice' });
    expect(voice.body).toMatchObject({
      preferred_authentication_method: 'voice',
      authentication_methods: [{ type: 'voice', id: id.replace('phone', 'voice') }],
    });
  });

  test('a secret is told when it is made, sealed, and nowhere else', async () => {
    const given = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const own = await api.post(at, { type: 'totp', totp_secret: given });
    const drawn = await api.post(at, { type: 'totp', name: 'Drawn' });
    expect([own.body.totp_secret, drawn.body.totp_secret]).toEqual([
      given,
      expect.stringMatching(/^[A-Z2-7]{32}$/),
    ]);
    for (const { body } of [await api.get(one(own)), await api.patch(one(own), { name: 'x' })])
      expect(body).not.toHaveProperty('totp_secret');
    const everything = JSON.stringify([
      await freehold.logEntries(),
      freehold.execute('select * from authentication_method'),
    ]);
    expect(everything).not.toContain(given);
    expect(everything).not.toContain(String(drawn.body.totp_secret));
    const [row] = freehold.execute(
      'select totp_secret from authentication_method where id = ?',
      String(own.body.id),
    );
    const place = { table: 'authentication_method', column: 'totp_secret', row: String(own.body.id) };
    expect(createEncryption(masterKey).open(place, String(row?.totp_secret))).toBe(given);
  });

  test('a passkey is kept whole, and guards the others', async () => {
    const key = await api.post(at, {
      ...passkey,
      credential_backed_up: true,
      relying_party_identifier: 'a.example',
    });
    expect(key.body).toMatchObject({ ...passkey, credential_backed_up: true });
    expect(await user()).not.toHaveProperty('multifactor');
    for (const answer of [await api.delete(at), await api.put(at, [])]) {
      const message = 'Operation not permitted when the user has registered at least 1 passkey';
      expect([answer.status, answer.body.message]).toEqual([403, message]);
    }
    expect((await api.delete(one(key))).status).toBe(204);
    expect((await api.delete(at)).status).toBe(204);
  });

  test('all are replaced at once, or none', async () => {
    await api.post(at, { type: 'email', email: 'old@example.com' });
    const replaced = await api.put(at, [
      { type: 'email', email: 'new@example.com' },
      { type: 'phone', phone_number: '+15550101' },
      { type: 'totp' },
    ]);
    expect(replaced.body).toMatchObject([{ type: 'email' }, { type: 'phone' }, { type: 'totp' }]);
    const before = (await api.get(at)).text;
    const twice = { type: 'email', email: 'same@example.com' };
    expect((await api.put(at, [twice, twice])).status).toBe(409);
    expect((await api.put(at, [twice, { type: 'phone' }])).body.message).toBe(
      "Payload validation error: 'Missing required property: phone_number' on property [1].",
    );
    expect((await api.get(at)).text).toBe(before);
  });

  test('UP-2: the user tells that there are factors, and when they changed', async () => {
    freehold.clock.advance(1);
    const created = await api.post(at, { type: 'totp' });
    expect(await user()).toMatchObject({
      multifactor: ['guardian'],
      multifactor_last_modified: created.body.created_at,
    });
    await api.delete(one(created));
    expect(await user()).not.toHaveProperty('multifactor');
  });

  test('the same one again is 409; of one type there are 20 at most', async () => {
    const email = { type: 'email', email: 'same@example.com' };
    await api.post(at, email);
    const again = await api.post(at, { ...email, email: 'SAME@example.com' });
    expect([again.status, again.body.message]).toEqual([409, 'Authentication method already exists.']);
    for (let n = 0; n < 20; n += 1) await api.post(at, { type: 'totp' });
    const beyond = await api.post(at, { type: 'totp' });
    expect([beyond.status, beyond.body.message]).toEqual([
      403,
      'You reached the limit of entities of this type for this user.',
    ]);
    expect((await api.post(at, { type: 'phone', phone_number: '+15550100' })).status).toBe(201);
  });

  test.each<[string, unknown]>([
    ['no type', {}],
    ['an unknown type', { type: 'push' }],
    ['a type without its address', { type: 'email' }],
    ['the member of another type', { type: 'email', email: 'a@example.com', phone_number: '+15550100' }],
    ['a secret that is no Base32', { type: 'totp', totp_secret: '1'.repeat(32) }],
    ['a name of 21 characters', { type: 'totp', name: 'x'.repeat(21) }],
    ['no number', { type: 'phone', phone_number: 'call me' }],
    ['text', '"totp"'],
  ])('%s is refused, and nothing is kept', async (_what, body) => {
    const answer = await api.post(at, body);
    expect([answer.status, answer.body.errorCode]).toEqual([400, 'invalid_body']);
    expect((await api.get(at)).body).toEqual([]);
  });

  test('another user’s is not found, nor one of nobody', async () => {
    const created = await api.post(at, { type: 'totp' });
    const other = await api.post('/users', { connection, email: `other${made}@example.com`, password });
    const elsewhere = `/users/${encodeURIComponent(String(other.body.user_id))}/authentication-methods`;
    const id = encodeURIComponent(String(created.body.id));
    for (const answer of [
      await api.get(`${elsewhere}/${id}`),
      await api.patch(`${elsewhere}/${id}`, { name: 'x' }),
      await api.delete(`${elsewhere}/${id}`),
    ]) {
      expect([answer.status, answer.body.message]).toEqual([
        404,
        'The authentication method could not be found.',
      ]);
    }
    const nobody = '/users/auth0%7Cnobody/authentication-methods';
    expect((await api.get(nobody)).body.errorCode).toBe('inexistent_user');
    expect((await api.post(nobody, { type: 'totp' })).status).toBe(404);
    expect((await api.delete(nobody)).status).toBe(204);
  });

  test('they go with the user', async () => {
    await api.post(at, { type: 'totp' });
    await api.delete(`/users/${encodeURIComponent(user_id)}`);
    const rows = freehold.execute('select id from authentication_method where user_id = ?', user_id);
    expect(rows).toEqual([]);
  });
});
