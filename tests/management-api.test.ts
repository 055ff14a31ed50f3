// The oracle of the Management API refuses what it should, accepts what Auth0 has answered, and is derived, not written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  contract,
  contractIsHere,
  deriveFacts,
  deriveScopes,
  factsFile,
  scopesFile,
  servedOperations,
  toLines,
} from './setup/derive-management-api.ts';
import { operationAt } from './setup/management-api.ts';
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

if (!contractIsHere) console.log(`${contract} is not here: what is derived from it is not derived again`);

interface Recording {
  op: string;
  status: number;
  url: string;
  request: unknown;
  response: unknown;
}

/** In the place of what has been taken out of a recording. */
const secret = '"a secret that nobody has"';

test.runIf(contractIsHere)('what Auth0 was recorded to answer passes', () => {
  const lines = readFileSync(join(contract, 'recorded-interactions.jsonl'), 'utf8').trim().split('\n');
  let judged = 0;
  for (const { op, status, url, request, response } of lines.map((line) => JSON.parse(line) as Recording)) {
    const [method = ''] = op.split(' ');
    const path = new URL(url, 'https://auth0.example').pathname;
    // Recordings of which the body has been taken away, or has been replaced, tell nothing.
    const isEmptied = status >= 400 && JSON.stringify(response) === '{}';
    if (operationAt(method, path) === undefined || isEmptied) continue;
    const sent = request === null ? undefined : JSON.stringify(request);
    const text =
      response === null || response === '' ? '' : JSON.stringify(response).replaceAll('"REDACTED"', secret);
    holdAgainstOpenApi({ method, path, status, contentType, text, sent });
    judged += 1;
  }
  expect(judged).toBeGreaterThan(200);
});

test.runIf(contractIsHere)('the derived files are what the description gives', () => {
  const facts = deriveFacts();
  expect(Object.keys(facts.operations).sort()).toEqual(servedOperations().sort());
  expect(readFileSync(factsFile, 'utf8')).toBe(`${toLines(facts, 2)}\n`);
  expect(readFileSync(scopesFile, 'utf8')).toBe(`${toLines(deriveScopes())}\n`);
});
