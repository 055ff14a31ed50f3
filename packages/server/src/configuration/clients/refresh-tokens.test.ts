import { expect, test } from 'vitest';
import { clientProblemsOf, clientSettingsOf, parseValue, problemsOf } from '../testing/parsed.ts';

test('DIS-24: an spa without refresh_token gets rotating ones of 2592000 and 1296000 seconds', () => {
  expect(clientSettingsOf({ app_type: 'spa' })?.refresh_token).toMatchObject({
    rotation_type: 'rotating',
    expiration_type: 'expiring',
    token_lifetime: 2_592_000,
    infinite_token_lifetime: false,
    idle_token_lifetime: 1_296_000,
    infinite_idle_token_lifetime: false,
  });
});

test.each([
  { expiration_type: 'non-expiring' },
  { infinite_token_lifetime: true, infinite_idle_token_lifetime: true },
])('RT-12: an spa may not have refresh tokens without end: %j', (refresh_token) => {
  expect(clientProblemsOf({ app_type: 'spa', refresh_token }).join()).toContain(
    'must not let the refresh tokens of an spa',
  );
});

test('RT-12: rotating requires expiring', () => {
  const refresh_token = { rotation_type: 'rotating', expiration_type: 'non-expiring' };
  expect(clientProblemsOf({ refresh_token })).toEqual([
    'clients[0].refresh_token.expiration_type must not let rotating refresh tokens live for ever: make them expiring',
  ]);
});

test('RT-12: rotating that says nothing of expiry is expiring', () => {
  expect(clientSettingsOf({ refresh_token: { rotation_type: 'rotating' } })?.refresh_token).toMatchObject({
    expiration_type: 'expiring',
    infinite_token_lifetime: false,
    infinite_idle_token_lifetime: false,
  });
});

test('RT-11: the idle lifetime is not longer than the absolute one', () => {
  const refresh_token = { expiration_type: 'expiring', token_lifetime: 100, idle_token_lifetime: 101 };
  expect(clientProblemsOf({ refresh_token })).toEqual([
    'clients[0].refresh_token.idle_token_lifetime must not be longer than token_lifetime (100)',
  ]);
});

test('RT-11: a lifetime that is left out keeps to the one that is given', () => {
  const short = clientSettingsOf({ app_type: 'spa', refresh_token: { token_lifetime: 3600 } });
  expect(short?.refresh_token).toMatchObject({ token_lifetime: 3600, idle_token_lifetime: 3600 });
  const long = clientSettingsOf({ app_type: 'spa', refresh_token: { idle_token_lifetime: 3_000_000 } });
  expect(long?.refresh_token).toMatchObject({ token_lifetime: 3_000_000, idle_token_lifetime: 3_000_000 });
});

test.each([0, 157_788_001, 1.5, '3600'])('RT-11: a lifetime of %j is refused', (token_lifetime) => {
  expect(clientProblemsOf({ refresh_token: { token_lifetime } })).toHaveLength(1);
});

test('RT-15: rotating requires an OIDC-conformant client', () => {
  const refresh_token = { rotation_type: 'rotating' };
  expect(clientProblemsOf({ oidc_conformant: false, refresh_token })).toEqual([
    'clients[0].refresh_token.rotation_type must not be rotating unless the client is oidc_conformant',
  ]);
  expect(clientProblemsOf({ oidc_conformant: true, refresh_token })).toEqual([]);
  expect(clientSettingsOf({ app_type: 'spa', oidc_conformant: false })?.refresh_token).toMatchObject({
    rotation_type: 'non-rotating',
    expiration_type: 'expiring',
  });
});

test('RR-8: retry_safe and retry_window are settings of the tenant, and of a client in their place', () => {
  expect(parseValue({ tenant: {} }).tenant?.refresh_token).toEqual({ retry_safe: true, retry_window: 60 });
  const refresh_token = { retry_safe: false, retry_window: 0 };
  expect(parseValue({ tenant: { refresh_token } }).tenant?.refresh_token).toEqual(refresh_token);
  expect(clientSettingsOf({ refresh_token })?.refresh_token).toMatchObject(refresh_token);
  expect(clientSettingsOf({ refresh_token: { retry_window: 600 } })?.refresh_token).toMatchObject({
    retry_safe: null,
    retry_window: 600,
  });
});

test.each([-1, 601, 1.5, '60'])('RR-8: a retry_window of %j is refused', (retry_window) => {
  expect(clientProblemsOf({ refresh_token: { retry_window } })).toHaveLength(1);
  expect(problemsOf({ tenant: { refresh_token: { retry_window } } })).toHaveLength(1);
});
