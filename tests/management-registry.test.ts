// The registry of the Management API against what Auth0's description says of each operation: scopes, statuses, what may
// be asked and what may be sent.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from '../packages/server/src/management/index.ts';
import auth0Scopes from '../packages/server/src/management/operations.json' with { type: 'json' };
import type { Route } from '../packages/server/src/management/route.ts';
import { operations, shapes } from './setup/management-api.ts';
import { membersOf } from './setup/schema-members.ts';
import { namesIn } from './setup/shapes.ts';

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
/** Those of the system's own are no operation of Auth0's. */
const auth0Routes = routes.filter(
  ({ method, path }) => (auth0Scopes as Record<string, Record<string, string>>)[path]?.[method] !== undefined,
);

/** What differs, for each route where something does. */
function differing(difference: (route: Route) => string[]): Record<string, string[]> {
  const found = auth0Routes.map((route): [string, string[]] => [nameOf(route), difference(route)]);
  return Object.fromEntries(found.filter(([, differences]) => differences.length > 0));
}

/** Scopes that Auth0 asks for, and this server does not, or the other way round. */
const otherScopes: Record<string, string> = {};

test('§2.2: each operation is open to the scopes that Auth0 names', () => {
  const difference = (route: Route) => {
    const auth0 = (auth0Scopes as Record<string, Record<string, string>>)[route.path]?.[route.method] ?? '';
    const ours = [...route.scopes, ...(route.currentUser?.scopes ?? [])];
    const missing = auth0.split(' ').filter((scope) => !ours.includes(scope));
    const more = ours.filter((scope) => !auth0.split(' ').includes(scope));
    return [...missing.map((scope) => `- ${scope}`), ...more.map((scope) => `+ ${scope}`)].filter(
      (each) => otherScopes[`${nameOf(route)} ${each}`] === undefined,
    );
  };
  expect(differing(difference)).toEqual({});
});

test('each answers with a status that Auth0 answers with', () => {
  const difference = (route: Route) => {
    const known = Object.keys(operations[nameOf(route)]?.answers ?? {});
    return known.includes(String(route.status)) ? [] : [`${route.status}, known are ${known}`];
  };
  expect(differing(difference)).toEqual({});
});

/** Parameters of Auth0's that this server refuses. */
const refusedParameters: Record<string, string> = {};

test('§2.1: each takes the parameters that Auth0 takes', () => {
  const difference = (route: Route) => {
    const known = Object.keys(operations[nameOf(route)]?.query ?? {}).map((name) => name.replace('?', ''));
    const chosen = route.fields ? ['fields', 'include_fields'] : [];
    const taken = [...[...membersOf(route.query)].map(({ path }) => path[0] ?? ''), ...chosen];
    return known.filter(
      (name) => !taken.includes(name) && refusedParameters[`${nameOf(route)} ${name}`] === undefined,
    );
  };
  expect(differing(difference)).toEqual({});
});

/** Members of bodies of Auth0's that this server refuses. */
const refusedMembers: Record<string, string> = {};

test('§3: each takes the members of a body that Auth0 takes', () => {
  const difference = (route: Route) => {
    const shape = operations[nameOf(route)]?.body;
    if (shape === undefined) return [];
    const taken = new Set([...membersOf(route.body)].map(({ path }) => path.join('/')));
    const isOpen = (name: string) =>
      [...membersOf(route.body)].some(
        ({ path, schema }) =>
          schema instanceof z.ZodUnknown && name.startsWith(path.filter((step) => step !== 'any').join('/')),
      );
    return [...namesIn(shape, shapes)].filter(
      (name) => !taken.has(name) && !isOpen(name) && refusedMembers[`${nameOf(route)} ${name}`] === undefined,
    );
  };
  expect(differing(difference)).toEqual({});
});

test('docs/compatibility.md counts and names what is served', () => {
  const text = readFileSync('docs/compatibility.md', 'utf8');
  const rows = [...text.matchAll(/^\| `(\/\S+)` \| ([A-Z ]+) \|$/gm)];
  const named = rows.flatMap(([, path, methods = '']) =>
    methods.split(' ').map((method) => `${method} ${path}`),
  );
  const served = auth0Routes.map(nameOf);
  expect(named.toSorted()).toEqual(served.toSorted());
  expect(Object.keys(operations)).toEqual(expect.arrayContaining(served));
  const all = Object.values(auth0Scopes).flatMap((methods) => Object.keys(methods)).length;
  expect(text).toContain(`${served.length} of the ${all} operations`);
});
