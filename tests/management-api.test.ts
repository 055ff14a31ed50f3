// The oracle of the Management API refuses what it should; management-contract.test.ts holds it against its source.
import { expect, test } from 'vitest';
import { holdAgainstOpenApi } from './setup/openapi.ts';

const contentType = 'application/json; charset=utf-8';
const role = { id: 'rol_0123456789abcdef', name: 'Editor', description: 'Edits' };
const answered = (value: unknown, other: { status?: number; path?: string; sent?: unknown } = {}) =>
  holdAgainstOpenApi({
    method: 'PATCH',
    path: other.path ?? `/api/v2/roles/${role.id}`,
    status: other.status ?? 200,
    contentType,
    text: typeof value === 'string' ? value : JSON.stringify(value),
    sent: other.sent === undefined ? undefined : JSON.stringify(other.sent),
  });
const error = { statusCode: 400, error: 'Bad Request', errorCode: 'invalid_body' };
const message =
  "Payload validation error: 'Expected type string but found type integer' on property name (Its name).";

test('an answer that Auth0 gives passes, with members of its own too', () => {
  answered({ ...role, type: 'tenant' }, { sent: { name: 'Editor' } });
  answered({ ...error, message }, { status: 400 });
});

test.each([
  ['a member is of another type', { ...role, name: 1 }, {}, /\/name must be string/],
  ['the status is another', role, { status: 201 }, /its status is not Auth0's: known are 200/],
  ['the request is one that Auth0 refuses', role, { sent: { id: 'rol_1' } }, /must not have id/],
  ['an error has another status inside', { ...error, message }, { status: 418 }, /known are 400 401 403 429/],
  ['an error speaks another grammar', { ...error, message: `${message}!` }, { status: 400 }, /must match/],
  ['an error has no message', error, { status: 400 }, /must have message/],
  ['nobody serves it', {}, { path: '/api/v2/roles/a/b/c' }, /not among the operations/],
])('an answer is refused where %s', (_case, value, other, expected) => {
  expect(() => answered(value, other)).toThrow(expected);
});
