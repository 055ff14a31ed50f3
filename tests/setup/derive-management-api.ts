// Derives what the tests hold the Management API against from Auth0's OpenAPI description of it, which is not kept here:
//
//   FREEHOLD_SHARED=… node tests/setup/derive-management-api.ts
//
// writes management-api.json beside this file (what the operations that are served take and answer, in the language of
// shapes.ts) and packages/server/src/management/operations.json (every operation there is, with its scopes).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shape } from './shapes.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
export const contract = join(process.env.FREEHOLD_SHARED ?? join(repository, '../shared'), 'contract/oas');
/** Without it there is nothing to derive from, and vitest.config.ts leaves out the tests that need it. */
export const contractIsHere = existsSync(contract);

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: (string | number | null)[];
  format?: string;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  [bound: `${'min' | 'max'}${string}`]: number | undefined;
}

interface Content {
  content?: { 'application/json'?: { schema: Schema } };
}

interface Operation {
  parameters?: { in: string; name: string; required?: boolean; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content>;
  security: Record<string, string[]>[];
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Where recordings of Auth0 show other statuses than its description has (contract, §1.3): the recording is right. */
const recordedStatuses: Record<string, Record<string, string[]>> = {
  'PATCH /resource-servers/{id}': { 201: ['200'] },
  'POST /organizations/{id}/invitations': { 200: ['201'] },
  'DELETE /roles/{id}/permissions': { 200: ['200', '204'] },
};

/** Recorded entries of the log have null in whatever member says nothing (§1.2). */
const withNulls = new Set(['Log', 'GetLogResponseContent']);

export interface OperationFacts {
  /** The shapes of the parameters, as members of an object. */
  query?: Record<string, Shape>;
  /** The shape of the body. */
  body?: Shape;
  /** The shape of what is answered, for each status that is no error; '' for nothing. */
  answers: Record<string, Shape>;
  /** The statuses of errors. */
  errors: string;
}

export interface ManagementFacts {
  shapes: Record<string, Shape>;
  operations: Record<string, OperationFacts>;
}

/** Shapes of schemas. */
class Shaper {
  readonly shapes: Record<string, Shape> = {};
  readonly #schemas: Record<string, Schema>;
  readonly #names = new Map<string, string>();

  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas;
  }

  shape(schema: Schema): Shape {
    if (schema.$ref !== undefined) return this.#named(schema.$ref.split('/').at(-1) ?? '');
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices !== undefined) return anyOf(choices.map((choice) => this.shape(choice)));
    if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
    const types = [schema.type ?? 'any'].flat();
    return anyOf(types.map((type) => this.#shapeOfType(type, schema)));
  }

  member({ name, required = false, schema }: { name: string; required?: boolean; schema: Schema }) {
    return [required ? name : `${name}?`, this.shape(schema)] as const;
  }

  #shapeOfType(type: string, schema: Schema): Shape {
    if (type === 'array') {
      const element = schema.items === undefined ? 'any' : this.shape(schema.items);
      const bounds = boundsOf(schema, 'Items');
      return bounds === '' ? [element] : [element, bounds];
    }
    if (type === 'object') return this.#shapeOfObject(schema);
    if (type === 'string' && schema.format === 'date-time') return 'time';
    const bounds = boundsOf(schema, type === 'string' ? 'Length' : 'imum');
    if (type !== 'string') return `${type}${bounds && ` ${bounds}`}`;
    const { format, pattern } = schema;
    const known = pattern !== undefined && pattern.length < 100 ? ` ~${pattern}` : '';
    return `${type}${bounds && ` ${bounds}`}${format === undefined ? '' : ` :${format}`}${known}`;
  }

  #shapeOfObject(schema: Schema): Shape {
    const { properties = {}, required = [], additionalProperties: others } = schema;
    const bounds = boundsOf(schema, 'Properties');
    const shape: Record<string, Shape> = bounds === '' ? {} : { '#': bounds };
    for (const [name, member] of Object.entries(properties))
      shape[required.includes(name) ? name : `${name}?`] = this.shape(member);
    if (typeof others === 'object') shape['*'] = this.shape(others);
    if (others !== false && Object.keys(shape).length === 0) return 'object';
    return others === false || typeof others === 'object' ? shape : { ...shape, '*': 'any' };
  }

  /** Schemas of equal content have one shape, named by the first of them. */
  #named(name: string): Shape {
    const schema = this.#schemas[name];
    if (schema === undefined) throw new Error(`There is no schema ${name}`);
    const shape = withNulls.has(name) ? nullable(this.shape(schema)) : this.shape(schema);
    if (typeof shape === 'string') return shape;
    const content = JSON.stringify(shape);
    const known = this.#names.get(content);
    if (known !== undefined) return `#${known}`;
    const own = name.replace(/Content$/, '');
    if (Object.hasOwn(this.shapes, own)) throw new Error(`Two shapes are called ${own}`);
    this.#names.set(content, own);
    this.shapes[own] = shape;
    return `#${own}`;
  }
}

/** The same with each of its members null at times. */
const nullable = (shape: Shape): Shape =>
  Object.fromEntries(
    Object.entries(shape).map(([name, member]) => [
      name,
      name === '*' ? 'any' : anyOf([member as Shape, 'null']),
    ]),
  );

const literal = (value: string | number | null) => (value === null ? 'null' : `'${value}'`);

function boundsOf(schema: Schema, of: 'Items' | 'Length' | 'Properties' | 'imum'): string {
  const [least, most] = [schema[`min${of}`], schema[`max${of}`]];
  return least === undefined && most === undefined ? '' : `${least ?? ''}..${most ?? ''}`;
}

/** Words are joined into one word, that with a pattern last. */
function anyOf(choices: Shape[]): Shape {
  const [first, ...more] = choices;
  if (first !== undefined && more.length === 0) return first;
  const isPlain = (choice: Shape): choice is string => typeof choice === 'string' && !choice.startsWith('#');
  const plain = choices
    .filter(isPlain)
    .sort((one, other) => Number(one.includes('~')) - Number(other.includes('~')));
  const joinable = plain.filter((word) => word.includes('~')).length < 2;
  if (joinable && plain.length === choices.length) return [...new Set(plain)].join(' | ');
  return { '|': choices };
}

const readDescription = () =>
  JSON.parse(readFileSync(join(contract, 'management-api.json'), 'utf8')) as Description;

function* operationsOf({ paths }: Description): Generator<[method: string, path: string, Operation]> {
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) yield [method.toUpperCase(), path, operation];
}

/** `GET /roles`, …: those of priority P0, one without which no tool imports a database, and the imports of users (contract, §2). */
export function servedOperations(): string[] {
  const rows = readFileSync(join(contract, 'operations.tsv'), 'utf8').trim().split('\n');
  const first = rows
    .map((row) => row.split('\t'))
    .filter(([priority]) => priority === 'P0')
    .map(([, method, path]) => `${method} ${path}`);
  return [
    ...first,
    'GET /actions/actions',
    'GET /organizations/{id}/client-grants',
    'POST /jobs/users-imports',
    'GET /jobs/{id}/errors',
    'POST /jobs/users-exports',
  ];
}

const schemaOf = ({ content }: Content = {}) => content?.['application/json']?.schema;

export function deriveFacts(): ManagementFacts {
  const description = readDescription();
  const served = new Set(servedOperations());
  const shaper = new Shaper(description.components.schemas);
  const operations: Record<string, OperationFacts> = {};
  for (const [method, path, operation] of operationsOf(description)) {
    const name = `${method} ${path}`;
    if (!served.has(name)) continue;
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    const body = schemaOf(operation.requestBody);
    const answers: Record<string, Shape> = {};
    for (const [status, answer] of Object.entries(operation.responses)) {
      const schema = schemaOf(answer);
      if (Number(status) >= 400) continue;
      for (const seen of recordedStatuses[name]?.[status] ?? [status])
        answers[seen] = schema === undefined || seen === '204' ? '' : shaper.shape(schema);
    }
    operations[name] = {
      ...(parameters.length === 0
        ? {}
        : { query: Object.fromEntries(parameters.map((parameter) => shaper.member(parameter))) }),
      ...(body === undefined ? {} : { body: shaper.shape(body) }),
      answers,
      errors: Object.keys(operation.responses)
        .filter((status) => Number(status) >= 400)
        .join(' '),
    };
  }
  return { shapes: shaper.shapes, operations };
}

/** Every path, and for each method of it the scopes of which a token must have one. */
export function deriveScopes(): Record<string, Record<string, string>> {
  const scopes: Record<string, Record<string, string>> = {};
  for (const [method, path, { security }] of operationsOf(readDescription())) {
    const any = security.flatMap((requirement) => requirement.oAuth2ClientCredentials ?? []);
    scopes[path] = { ...scopes[path], [method]: any.join(' ') };
  }
  return scopes;
}

/** JSON with a line for each member of what `depth` levels deep is an object. */
export function toLines(value: object, depth = 1, indent = '  '): string {
  const lines = Object.entries(value).map(
    ([name, member]) =>
      `${indent}${JSON.stringify(name)}: ${depth > 1 ? toLines(member, depth - 1, `${indent}  `) : JSON.stringify(member)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent.slice(2)}}`;
}

export const factsFile = join(import.meta.dirname, 'management-api.json');
export const scopesFile = join(repository, 'packages/server/src/management/operations.json');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(factsFile, `${toLines(deriveFacts(), 2)}\n`);
  writeFileSync(scopesFile, `${toLines(deriveScopes())}\n`);
}
