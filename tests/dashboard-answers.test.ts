// The dashboard's types of what it reads are written from the description of the Management API: where a route answers
// something else, the dashboard does not build. `npx vitest run tests/dashboard-answers.test.ts -u` writes them anew.
import { expect, test } from 'vitest';
import { routes } from '../packages/server/src/management/index.ts';
import { describeRoutes, type Operation } from '../packages/server/src/management/openapi.ts';
import { indented, type Schema, typeOf } from './setup/schema-types.ts';

/** What each operation answers that answers something, in TypeScript. */
function answers(): [operation: string, type: string][] {
  const { paths } = describeRoutes(routes, 'https://auth.example/');
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]): [string, string][] => {
      const schema = schemaOf(responses);
      return schema === undefined ? [] : [[`${method.toUpperCase()} ${path}`, typeOf(schema)]];
    }),
  );
}

function schemaOf(responses: Operation['responses']): Schema | undefined {
  const { content } = (responses[200] ?? responses[201] ?? responses[202] ?? {}) as {
    content?: { 'application/json': { schema: Schema } };
  };
  return content?.['application/json'].schema;
}

/** With the name of the first of its kind wherever a thing comes again. */
function named(all: readonly [operation: string, type: string][]): string {
  const things = new Map<string, string>();
  for (const [operation, type] of all)
    if (type.startsWith('{') && !things.has(type)) things.set(type, operation);
  const largestFirst = [...things].sort(([one], [other]) => other.length - one.length);
  const written = all.map(([operation, type]) => {
    const others = largestFirst.filter(([, name]) => name !== operation);
    return `'${operation}': ${others.reduce((text, [thing, name]) => text.replaceAll(thing, `Answers['${name}']`), type)};\n`;
  });
  return written.join('');
}

test('the dashboard’s types are those that the API describes', async () => {
  const head =
    '// Written by tests/dashboard-answers.test.ts: what the operations of the Management API answer.\n\n';
  const file = new URL('../packages/dashboard/generated/answers.d.ts', import.meta.url);
  await expect(head + indented(`export interface Answers {\n${named(answers())}}\n`)).toMatchFileSnapshot(
    file.pathname,
  );
});
