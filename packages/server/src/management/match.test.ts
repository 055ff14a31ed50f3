import { expect, test } from 'vitest';
import { matcherOf } from './match.ts';

const match = matcherOf([
  { method: 'GET', path: '/organizations/{id}/members' },
  { method: 'GET', path: '/organizations/name/{name}' },
  { method: 'GET', path: '/organizations/{id}/{other}' },
  { method: 'GET', path: '/users/{id}' },
  { method: 'PATCH', path: '/users/{id}' },
]);
const found = (path: string, method = 'GET') => match(path)?.operations.get(method);

test('what is written out goes before what stands for anything', () => {
  expect(found('/organizations/name/acme')?.operation.path).toBe('/organizations/name/{name}');
  expect(found('/organizations/o1/members')).toMatchObject({ params: { id: 'o1' } });
});

test('parameters are decoded, and each is one segment', () => {
  expect(found('/users/auth0%7C1%2F2')?.params).toEqual({ id: 'auth0|1/2' });
  expect(found('/users/%E0%A4%A')).toBeUndefined();
  expect(found('/users/__proto__')?.params).toEqual({ id: '__proto__' });
});

test('other methods of the same path, and what is no path', () => {
  expect([...(match('/users/u1')?.operations.keys() ?? [])]).toEqual(['GET', 'PATCH']);
  for (const path of ['/users/', '/users', '', '/', '/users/u1/more', '/Users/u1'])
    expect(match(path)).toBeUndefined();
});
