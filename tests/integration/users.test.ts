// What is kept of a user: contract UP-2 and UP-10.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimsOf, getTokens, password, sampleTenant } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const user_metadata = { theme: 'dark', tags: ['a', 1] };
const app_metadata = { plan: { name: 'gold' } };
const user_id = 'auth0|0123456789abcdef01234567';
let freehold: Freehold;

beforeAll(async () => {
  const ada = { user_id, email: 'ada@example.com', username: 'ada', password, user_metadata, app_metadata };
  const told = {
    given_name: 'Ada',
    family_name: 'Lovelace',
    phone_number: '+15550100',
    phone_verified: true,
  };
  freehold = await startFreehold({ tenant: sampleTenant(), users: [{ ...ada, ...told }] });
});
afterAll(() => freehold.stop());

test('UP-2: every field of the profile is kept, and a login moves those that tell of logins', async () => {
  const made = freehold.clock.now();
  const before = await freehold.stores.users.find(user_id);
  expect(before).toMatchObject({
    email: 'ada@example.com',
    email_verified: false,
    username: 'ada',
    phone_number: '+15550100',
    phone_verified: true,
    name: 'ada@example.com',
    nickname: 'ada',
    given_name: 'Ada',
    family_name: 'Lovelace',
    picture: expect.stringMatching(/^https:\/\/s\.gravatar\.com\/avatar\//),
    created_at: made,
    updated_at: made,
    last_login: null,
    last_ip: null,
    logins_count: 0,
    last_password_reset: null,
    blocked: false,
  });
  freehold.clock.advance(100);
  await getTokens(freehold);
  await getTokens(freehold);
  const after = await freehold.stores.users.find(user_id);
  expect(after).toEqual({ ...before, last_login: made + 100, last_ip: '127.0.0.1', logins_count: 2 });
});

test('UP-10: user_metadata and app_metadata are kept as they are, and no token tells them', async () => {
  expect(await freehold.stores.users.find(user_id)).toMatchObject({ user_metadata, app_metadata });
  const { tokens } = await getTokens(freehold, { authorize: { scope: 'openid profile email identities' } });
  expect(JSON.stringify(claimsOf(tokens.id_token))).not.toMatch(/metadata|dark|gold/);
});
