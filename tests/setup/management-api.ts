// What Auth0's OpenAPI description of the Management API says of the operations of priority P0: management-api.json has what
// each takes and what it answers. derive-management-api.ts wrote it.

import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { join } from 'node:path';
import type { ManagementFacts, OperationFacts } from './derive-management-api.ts';
import type { ApiAnswer, Departure } from './openapi.ts';
import { misfits, type Shape } from './shapes.ts';

export const managementPrefix = '/api/v2/';

export const { shapes, operations } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'management-api.json'), 'utf8'),
) as ManagementFacts;

/** §3.1. `attributes` are those of a token that is refused. */
const errorShape: Shape = {
  statusCode: 'integer',
  error: 'string',
  message: 'string',
  'errorCode?': 'string',
  'attributes?': 'object',
};

/** §3.1: the grammar that people parse, and the code that goes with it. */
const validationErrors: Record<string, RegExp> = {
  invalid_body: /^Payload validation error: '.+'(?: on property \S.*)?\.$/s,
  invalid_query_string: /^Query validation error: '.+'(?: on property \S.*)?\.$/s,
  invalid_uri: /^Path validation error: '.+'(?: on property \S.*)?\.$/s,
};

const patterns = Object.keys(operations).map((name) => {
  const [method = '', path = ''] = name.split(' ');
  const parameters = path.match(/\{\w+\}/g)?.length ?? 0;
  return { name, method, path, parameters, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) };
});
// `/organizations/name/{name}` before `/organizations/{id}/{…}`.
patterns.sort((one, other) => one.parameters - other.parameters);

/** The operation that answers there. */
export function operationAt(
  method: string,
  path: string,
): { path: string; facts: OperationFacts } | undefined {
  const below = path.slice(managementPrefix.length - 1);
  const found = patterns.find((each) => each.method === method && each.pattern.test(below));
  const facts = found && operations[found.name];
  return found && facts && { path: found.path, facts };
}

/** What Freehold says of its API beside Auth0's. */
function isDescription(path: string): boolean {
  return ['openapi.json', 'docs'].some((name) => path === `${managementPrefix}${name}`);
}

export function departureFromManagementApi(answer: ApiAnswer): Departure | undefined {
  const { method, status } = answer;
  const operation = operationAt(method, answer.path);
  const path = operation?.path ?? answer.path;
  const departs = (kind: Departure['kind'], detail: string): Departure => ({
    method,
    path,
    status,
    kind,
    detail,
  });
  if (method === 'OPTIONS' || method === 'HEAD' || isDescription(path)) return undefined;
  if (status >= 400) {
    const known = operation?.facts.errors ?? '401 403 404';
    if (!known.split(' ').includes(String(status))) return departs('status', `known are ${known}`);
    return departureOfError(answer, departs);
  }
  if (operation === undefined) return departs('method', 'it is not among the operations that are served');
  const known = operation.facts.answers[status];
  if (known === undefined) return departs('status', `known are ${Object.keys(operation.facts.answers)}`);
  const wrong = [...wrongIn(answer, known)];
  if (wrong.length > 0) return departs('body', wrong.join('; '));
  const refused = [...refusedIn(answer, operation.facts)];
  return refused.length === 0 ? undefined : departs('request', refused.join('; '));
}

type Departs = (kind: Departure['kind'], detail: string) => Departure;

function departureOfError({ status, contentType, text }: ApiAnswer, departs: Departs): Departure | undefined {
  const type = contentType?.split(';')[0] ?? 'none';
  if (type !== 'application/json') return departs('type', `${type}; known is application/json`);
  const error = JSON.parse(text) as Record<string, unknown>;
  const wrong = [...misfits(error, errorShape)];
  if (error.statusCode !== status) wrong.push(`/statusCode must be ${status}`);
  if (error.error !== STATUS_CODES[status]) wrong.push(`/error must be ${STATUS_CODES[status]}`);
  for (const [code, grammar] of Object.entries(validationErrors)) {
    const [beginning = ''] = /^\w+ validation error/.exec(grammar.source.slice(1)) ?? [];
    if (!String(error.message).startsWith(beginning)) continue;
    if (error.errorCode !== code) wrong.push(`/errorCode must be ${code}`);
    if (!grammar.test(String(error.message))) wrong.push(`/message must match ${grammar}`);
  }
  return wrong.length === 0 ? undefined : departs('body', wrong.join('; '));
}

/** What is described as nothing is `{}` in some recordings. */
function* wrongIn({ text }: ApiAnswer, known: Shape): Generator<string> {
  if (known !== '') yield* misfits(JSON.parse(text), known, { shapes });
  else if (text !== '' && text !== '{}') yield 'known is an answer without content';
}

function* refusedIn({ sent }: ApiAnswer, { body }: OperationFacts): Generator<string> {
  if (sent === undefined || body === undefined) return;
  yield* misfits(JSON.parse(sent), body, { shapes, strict: true });
}
