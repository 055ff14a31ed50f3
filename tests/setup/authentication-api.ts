// Auth0's OpenAPI file of the Authentication API, as an oracle: every answer that the tests' client receives is held
// against what the file says of its path and status. The file lies beside the clone, or where FREEHOLD_SHARED says; where
// it does not, nothing is checked, and the set-up of the run says so.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Departure, type Exception, exceptions } from './authentication-api-exceptions.ts';

const openApiFile = join(
  process.env.FREEHOLD_SHARED ?? join(import.meta.dirname, '../../../shared'),
  'contract/oas/authentication-api.json',
);

/** A file for each exception that an answer has needed, named by its place in the list. */
const exceptionsSeen = join(import.meta.dirname, '../../.build/reports/openapi-exceptions');

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;
}

export interface ApiAnswer {
  method: string;
  path: string;
  status: number;
  contentType: string | undefined;
  text: string;
}

/** @throws if the answer is neither what the file says nor one of the exceptions. */
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
      'Mend the answer, or, where the contract departs from the OpenAPI file, add its row to authentication-api-exceptions.ts.',
  );
}

function departureOf({ method, path, status, contentType, text }: ApiAnswer): Departure | undefined {
  const operations = loaded()?.document.paths[path];
  // A preflight asks the browser's question, not the API's.
  if (operations === undefined || method === 'OPTIONS' || method === 'HEAD') return undefined;
  const departs = (kind: Departure['kind'], detail: string): Departure => ({
    method,
    path,
    status,
    kind,
    detail,
  });
  const operation = operations[method.toLowerCase()];
  if (operation === undefined) return departs('method', `known are ${Object.keys(operations).join(', ')}`);
  const response = operation.responses[status];
  if (response === undefined)
    return departs('status', `known are ${Object.keys(operation.responses).join(', ')}`);
  const expected = Object.keys(response.content ?? {});
  if (expected.length === 0)
    return text === '' ? undefined : departs('type', 'known is an answer without content');
  const type = contentType?.split(';')[0] ?? 'none';
  if (!expected.includes(type)) return departs('type', `${type}; known is ${expected.join(', ')}`);
  if (type !== 'application/json') return undefined;
  const validate = validatorOf(method, path, status);
  return validate(JSON.parse(text)) ? undefined : departs('body', explain(validate));
}

let once: { document: Document; ajv: Ajv2020 } | undefined;

function loaded(): typeof once {
  if (once === undefined && existsSync(openApiFile)) {
    const document = JSON.parse(readFileSync(openApiFile, 'utf8')) as Document;
    // Not strict: the file has keywords of OpenAPI's own, as `example`. Its formats are not what it is asked about.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
    once = { document, ajv: ajv.addSchema(document, 'openapi') };
  }
  return once;
}

function validatorOf(method: string, path: string, status: number): ValidateFunction {
  const steps = [
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    status,
    'content',
    'application/json',
    'schema',
  ];
  const pointer = steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  const validate = loaded()?.ajv.getSchema(`openapi#/${pointer}`);
  if (validate === undefined) throw new Error(`No schema at ${pointer}`);
  return validate;
}

const explain = ({ errors }: ValidateFunction) =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`.trim()).join('; ');

const isCase = ({ of }: Exception, departure: Departure) =>
  Object.entries(of).every(([name, value]) => Reflect.get(departure, name) === value);

/** Before a run: whether answers are checked in it, in a line where they are not. */
export function startChecking(): void {
  rmSync(exceptionsSeen, { recursive: true, force: true });
  if (!existsSync(openApiFile))
    console.log('left out: answers are compared with Auth0’s OpenAPI only where that lies beside the clone');
}

/** After a run of every test: the exceptions that no answer has needed, which may go. */
export function reportUnusedExceptions(): void {
  if (!existsSync(openApiFile)) return;
  const unused = exceptions.filter((_exception, index) => !existsSync(join(exceptionsSeen, String(index))));
  for (const { row, why } of unused)
    console.log(`authentication-api-exceptions.ts: nothing needed ${row}, ${why}`);
}
