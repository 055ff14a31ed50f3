// Auth0's OpenAPI descriptions as an oracle: every answer that the tests' client receives is held against them.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { departureFromAuthenticationApi } from './authentication-api.ts';
import { authenticationApiExceptions } from './authentication-api-exceptions.ts';
import { departureFromManagementApi, managementPrefix } from './management-api.ts';
import { managementApiExceptions } from './management-api-exceptions.ts';

export interface ApiAnswer {
  method: string;
  path: string;
  status: number;
  contentType: string | undefined;
  text: string;
  /** The body of the request, where it is JSON. */
  sent?: string | undefined;
}

/** What an answer has that the description does not know of its path: a method, a status, a media type, a body. */
export interface Departure {
  /** `request`: what was sent and accepted is what Auth0 refuses. */
  kind: 'method' | 'status' | 'type' | 'body' | 'request';
  method: string;
  /** As the description has it: with its `{id}`. */
  path: string;
  status: number;
  detail: string;
}

export interface Exception {
  /** The contract's. */
  row: string;
  why: string;
  /** What is left out may be anything. */
  of: Partial<Pick<Departure, 'kind' | 'status'> & Record<'method' | 'path' | 'detail', string | RegExp>>;
}

const exceptions = [...authenticationApiExceptions, ...managementApiExceptions];

/** A file for each exception that an answer has needed, named by its place in the list. */
const exceptionsSeen = join(import.meta.dirname, '../../.build/reports/openapi-exceptions');

/** @throws if the answer is neither what Auth0's description says nor one of the exceptions. */
export function holdAgainstOpenApi(answer: ApiAnswer): void {
  const isManagement = answer.path.startsWith(managementPrefix);
  const departure = isManagement
    ? departureFromManagementApi(answer)
    : departureFromAuthenticationApi(answer);
  if (departure === undefined) return;
  const index = exceptions.findIndex((exception) => isCase(exception, departure));
  if (index >= 0) {
    mkdirSync(exceptionsSeen, { recursive: true });
    writeFileSync(join(exceptionsSeen, String(index)), '');
    return;
  }
  const { method, path, status, kind, detail } = departure;
  throw new Error(
    `${method} ${path} answered ${status}, and its ${kind} is not Auth0's: ${detail}\n` +
      `${kind === 'request' ? answer.sent : answer.text.slice(0, 300)}\n` +
      'Mend it, or, where the contract departs from OpenAPI, add its row to the table of exceptions.',
  );
}

const isCase = ({ of }: Exception, departure: Departure) =>
  Object.entries(of).every(([name, expected]) => {
    const value = Reflect.get(departure, name);
    return expected instanceof RegExp ? expected.test(value) : value === expected;
  });

/** Before a run. */
export const forgetExceptionsSeen = (): void => rmSync(exceptionsSeen, { recursive: true, force: true });

/** After a run of every test: the exceptions that no answer has needed, which may go. */
export function reportUnusedExceptions(): void {
  const unused = exceptions.filter((_exception, index) => !existsSync(join(exceptionsSeen, String(index))));
  for (const { row, why } of unused) console.log(`OpenAPI: no answer needed the exception ${row}, ${why}`);
}
