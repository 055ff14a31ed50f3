// What Auth0's OpenAPI description of the Authentication API says of answers: authentication-api.json has, for each path and
// method, the statuses and what each carries: the name of a JSON body, another media type, or nothing.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiAnswer, Departure } from './openapi.ts';
import { misfits, type Shape } from './shapes.ts';

const { bodies, answers } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'authentication-api.json'), 'utf8'),
) as {
  bodies: Record<string, Shape>;
  answers: Record<string, Record<string, Record<string, string>>>;
};

export function departureFromAuthenticationApi(answer: ApiAnswer): Departure | undefined {
  const { method, path, status, contentType, text } = answer;
  const methods = answers[path];
  // A preflight asks the browser's question, not the API's.
  if (methods === undefined || method === 'OPTIONS' || method === 'HEAD') return undefined;
  const departs = (kind: Departure['kind'], detail: string): Departure => ({
    method,
    path,
    status,
    kind,
    detail,
  });
  const statuses = methods[method];
  if (statuses === undefined) return departs('method', `known are ${Object.keys(methods).join(', ')}`);
  const known = statuses[status];
  if (known === undefined) return departs('status', `known are ${Object.keys(statuses).join(', ')}`);
  if (known === '') return text === '' ? undefined : departs('type', 'known is an answer without content');
  const shape = bodies[known];
  const expected = shape === undefined ? known : 'application/json';
  const type = contentType?.split(';')[0] ?? 'none';
  if (type !== expected) return departs('type', `${type}; known is ${expected}`);
  if (shape === undefined) return undefined;
  const wrong = [...misfits(JSON.parse(text), shape)].join('; ');
  return wrong === '' ? undefined : departs('body', wrong);
}
