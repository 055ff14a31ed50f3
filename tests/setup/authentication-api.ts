// What Auth0's OpenAPI description of the Authentication API says of answers, as an oracle: every answer that the tests'
// client receives is held against authentication-api.json. That has, for each path and method, the statuses and what each
// carries: the name of a JSON body, another media type, or nothing. A member with a question mark may be missing, one that
// is not named may be there; 'a' | 'b' are the values that a string may have.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Departure, type Exception, exceptions } from './authentication-api-exceptions.ts';

type Shape = string | [Shape] | { [member: string]: Shape };

const { bodies, answers } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'authentication-api.json'), 'utf8'),
) as {
  bodies: Record<string, Shape>;
  answers: Record<string, Record<string, Record<string, string>>>;
};

/** A file for each exception that an answer has needed, named by its place in the list. */
const exceptionsSeen = join(import.meta.dirname, '../../.build/reports/openapi-exceptions');

export interface ApiAnswer {
  method: string;
  path: string;
  status: number;
  contentType: string | undefined;
  text: string;
}

/** @throws if the answer is neither what Auth0's description says nor one of the exceptions. */
export function holdAgainstOpenApi(answer: ApiAnswer): void {
  const departure = departureOf(answer);
  if (departure === undefined) return;
  const index = exceptions.findIndex((exception) => isCase(exception, departure));
  if (index >= 0) {
    mkdirSync(exceptionsSeen, { recursive: true });
    writeFileSync(join(exceptionsSeen, String(index)), '');
    return;
  }
  const { method, path, status, kind, detail } = departure;
  throw new Error(
    `${method} ${path} answered ${status}, and its ${kind} is not Auth0's: ${detail}\n${answer.text.slice(0, 300)}\n` +
      'Mend the answer, or, where the contract departs from OpenAPI, add its row to authentication-api-exceptions.ts.',
  );
}

function departureOf({ method, path, status, contentType, text }: ApiAnswer): Departure | undefined {
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

/** What does not fit, each as `/member must be …`. */
function* misfits(value: unknown, shape: Shape, at = ''): Generator<string> {
  if (typeof shape === 'string') {
    if (!isOfType(value, shape)) yield `${at} must be ${shape}${isChoice(shape) ? `, not '${value}'` : ''}`;
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) yield `${at} must be a list`;
    else for (const [index, element] of value.entries()) yield* misfits(element, shape[0], `${at}/${index}`);
  } else if (typeof value !== 'object' || value === null) {
    yield `${at} must be an object`;
  } else {
    for (const [member, memberShape] of Object.entries(shape)) {
      const name = member.replace(/\?$/, '');
      if (Object.hasOwn(value, name)) yield* misfits(Reflect.get(value, name), memberShape, `${at}/${name}`);
      else if (name === member) yield `${at} must have ${name}`;
    }
  }
}

const isChoice = (type: string) => type.startsWith("'");

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (isChoice(type)) return type.split(' | ').includes(`'${value}'`);
  return typeof value === type;
}

const isCase = ({ of }: Exception, departure: Departure) =>
  Object.entries(of).every(([name, value]) => Reflect.get(departure, name) === value);

/** Before a run. */
export const forgetExceptionsSeen = (): void => rmSync(exceptionsSeen, { recursive: true, force: true });

/** After a run of every test: the exceptions that no answer has needed, which may go. */
export function reportUnusedExceptions(): void {
  const unused = exceptions.filter((_exception, index) => !existsSync(join(exceptionsSeen, String(index))));
  for (const { row, why } of unused)
    console.log(`authentication-api-exceptions.ts: nothing needed ${row}, ${why}`);
}
