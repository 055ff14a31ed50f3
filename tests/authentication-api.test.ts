// The oracle of tests/setup/openapi.ts refuses what it should.
import { expect, test } from 'vitest';
import { holdAgainstOpenApi } from './setup/openapi.ts';

const contentType = 'application/json; charset=utf-8';
const tokens = { access_token: 'at', token_type: 'Bearer', expires_in: 60 };
const answered = (text: string, other: { status?: number; contentType?: string; method?: string } = {}) =>
  holdAgainstOpenApi({ method: 'POST', path: '/oauth/token', status: 200, contentType, text, ...other });

test('an answer that Auth0 gives passes, with members of its own too', () => {
  answered(JSON.stringify({ ...tokens, scope: 'openid', ours: 1 }));
  answered(JSON.stringify({ error: 'invalid_grant' }), { status: 403 });
});

test.each([
  ['a member is missing', { access_token: 'at', token_type: 'Bearer' }, / must have expires_in/],
  ['a member is of another type', { ...tokens, expires_in: '60' }, /\/expires_in must be integer/],
  ['a string has another value', { ...tokens, token_type: 'mac' }, /\/token_type must be 'Bearer'/],
  ['it is no object', 'at', / must be an object/],
])('an answer is refused where %s', (_case, body, message) => {
  expect(() => answered(JSON.stringify(body))).toThrow(message);
});

test('so is one of another status, media type or method', () => {
  expect(() => answered('', { status: 418 })).toThrow(/its status is not Auth0's/);
  expect(() => answered('<p>', { contentType: 'text/html' })).toThrow(/its type is not Auth0's/);
  expect(() => answered('', { method: 'PUT' })).toThrow(/its method is not Auth0's/);
});
