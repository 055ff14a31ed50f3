import * as client from '@freehold/client';
import { expect, test } from 'vitest';
import { adviceFor } from './advice.ts';

const refusal = { error: 'access_denied', error_description: 'User did not authorize the request' };

const errors: Error[] = [
  new client.AuthorizationError(refusal, 'state', undefined),
  new client.TokenError(
    { error: 'invalid_grant', error_description: 'Invalid authorization code' },
    undefined,
  ),
  new client.UserinfoError({ error: 'invalid_token' }, undefined),
  new client.StateMismatch('the state differs'),
  new client.CallbackInvalid('the issuer differs'),
  new client.IdTokenInvalid('the nonce differs', 'nonce'),
  new client.SubjectMismatch('the sub differs'),
  new client.SilentTimeout('no answer'),
  new client.NotLoggedIn('no tokens'),
  new client.RequestFailed('fetch failed'),
  new TypeError('of no class of ours'),
];

test.each(errors)('$name: the page says what happened and what to do next', (error) => {
  const { heading, description, next } = adviceFor(error);
  expect(heading).not.toBe('');
  expect(description).toBe(
    error instanceof client.OAuthError ? (error.error_description ?? description) : error.message,
  );
  expect(next).toMatch(/^(Start again|Check|Refresh|Trust nothing|Restart)/);
});

test('every error class of the client is among them', () => {
  const classes = Object.values(client).filter(
    (exported) => typeof exported === 'function' && exported.prototype instanceof client.FreeholdError,
  );
  const shown = new Set<unknown>(errors.map((error) => error.constructor));
  const missing = classes.filter((known) => known !== client.OAuthError && !shown.has(known));
  expect(classes.length).toBeGreaterThan(1);
  expect(missing).toEqual([]);
});

test('the server’s own words are shown', () => {
  expect(adviceFor(errors[0])).toMatchObject({
    heading: 'access_denied',
    description: 'User did not authorize the request',
  });
});
