// The oracle of the Management API accepts what Auth0 has answered, and is derived, not written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  contract,
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

interface Recording {
  op: string;
  status: number;
  url: string;
  request: unknown;
  response: unknown;
}

/** In the place of what has been taken out of a recording. */
const secret = '"a secret that nobody has"';

test('what Auth0 was recorded to answer passes', () => {
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

test('the derived files are what the description gives', () => {
  const facts = deriveFacts();
  expect(Object.keys(facts.operations).sort()).toEqual(servedOperations().sort());
  expect(readFileSync(factsFile, 'utf8')).toBe(`${toLines(facts, 2)}\n`);
  expect(readFileSync(scopesFile, 'utf8')).toBe(`${toLines(deriveScopes())}\n`);
});
