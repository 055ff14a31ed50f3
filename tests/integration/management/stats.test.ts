// /stats of the Management API.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TurnableClock } from '../../../packages/server/src/runtime/clock.ts';
import { getTokens, sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const noon = Date.parse('2026-02-27T12:00:00Z') / 1000;
const day = 86_400;
let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users, clock: new TurnableClock(noon) });
  await getTokens(freehold);
  await getTokens(freehold);
  freehold.clock.advance(3 * day);
  await getTokens(freehold, { username: 'bob@example.com' });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

async function days(query = ''): Promise<unknown[]> {
  const { status, body } = await api.get(`/stats/daily${query}`);
  expect(status).toBe(200);
  return Array.from(body).map(({ date, logins }) => [date, logins]);
}

const first = ['2026-02-27T00:00:00.000Z', 2];
const last = ['2026-03-02T00:00:00.000Z', 1];

test('§3.7: /stats/daily tells each day that has something to tell', async () => {
  const { body } = await api.get('/stats/daily');
  expect(body).toEqual([
    {
      date: first[0],
      logins: 2,
      signups: 0,
      leaked_passwords: 0,
      created_at: '2026-03-02T12:00:00.000Z',
      updated_at: '2026-03-02T12:00:00.000Z',
    },
    expect.objectContaining({ date: last[0], logins: 1 }),
  ]);
  await freehold.composed.sweep();
  expect(await days()).toEqual([first, last]);
});

test('§3.7: from and to are days, both included', async () => {
  expect(await days('?from=20260227&to=20260301')).toEqual([first]);
  expect(await days('?from=20260228')).toEqual([last]);
  expect(await days('?from=20260302&to=20260302')).toEqual([last]);
  expect(await days('?from=20260228&to=20260301')).toEqual([]);
  expect(await days('?from=20260302&to=20260227')).toEqual([]);
});

test.each(['?from=2026-02-27', '?from=20260229', '?to=20261301', '?to=now', '?from=&to=', '?until=20260227'])(
  '%s is refused',
  async (query) => {
    const { status, body } = await api.get(`/stats/daily${query}`);
    expect([status, body.errorCode]).toEqual([400, 'invalid_query_string']);
    expect(body.message).toMatch(/^Query validation error: '/);
  },
);

test('§3.7: /stats/active-users is a number: who has logged in during the last 30 days', async () => {
  const { body, text } = await api.get('/stats/active-users');
  expect([body, text]).toEqual([2, '2']);
  freehold.clock.advance(28 * day);
  api = await managementApi(freehold);
  expect((await api.get('/stats/active-users')).body).toBe(1);
});
