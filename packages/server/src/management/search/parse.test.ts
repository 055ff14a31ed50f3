import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestQuery, MalformedQuery, parseQuery } from './parse.ts';
import { print, type Query, type Value } from './query.ts';

const word = (text: string): Value => ({ kind: 'word', text });
const phrase = (text: string): Value => ({ kind: 'phrase', text });
const term = (field: string | undefined, value: Value): Query => ({ kind: 'term', field, value });
const bare = (text: string) => term(undefined, word(text));
const and = (...of: Query[]): Query => ({ kind: 'and', of });
const or = (...of: Query[]): Query => ({ kind: 'or', of });
const not = (of: Query): Query => ({ kind: 'not', of });
const inclusive = (text: string) => ({ text, inclusive: true });
const exclusive = (text: string) => ({ text, inclusive: false });

describe('§3.5: the q of users and logs', () => {
  test.each<[string, Query]>([
    ['', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['*:*', { kind: 'all' }],
    ['jane', bare('jane')],
    ['email:"jane@example.com"', term('email', phrase('jane@example.com'))],
    ['email: jane@example.com', term('email', word('jane@example.com'))],
    ['user_id:auth0|123', term('user_id', word('auth0|123'))],
    ['ip:2001:db8::1', term('ip', word('2001:db8::1'))],
    ['name:jo*', term('name', { kind: 'wildcard', literals: ['jo', ''] })],
    ['name:*smi*th', term('name', { kind: 'wildcard', literals: ['', 'smi', 'th'] })],
    ['name:jo\\*', term('name', word('jo*'))],
    ['name:"say \\"hi\\" \\\\"', term('name', phrase('say "hi" \\'))],
    ['name:jane\\ smith', term('name', word('jane smith'))],
    ['user_metadata.a\\:b.c:"x"', term('user_metadata.a:b.c', phrase('x'))],
    ['_exists_:last_login', { kind: 'exists', field: 'last_login' }],
    ['n:[1 TO 5]', term('n', { kind: 'range', from: inclusive('1'), to: inclusive('5') })],
    ['n:{1 TO 5]', term('n', { kind: 'range', from: exclusive('1'), to: inclusive('5') })],
    ['n:[* TO 5}', term('n', { kind: 'range', from: undefined, to: exclusive('5') })],
    [
      'd:["2018-01-01T00:00:00Z" TO 2018-02-01T00:00:00Z]',
      term('d', {
        kind: 'range',
        from: inclusive('2018-01-01T00:00:00Z'),
        to: inclusive('2018-02-01T00:00:00Z'),
      }),
    ],
    ['a AND b', and(bare('a'), bare('b'))],
    ['a && b || c', or(and(bare('a'), bare('b')), bare('c'))],
    ['a OR b AND c', or(bare('a'), and(bare('b'), bare('c')))],
    ['(a OR b) AND c', and(or(bare('a'), bare('b')), bare('c'))],
    ['a b', or(bare('a'), bare('b'))],
    ['+a b', bare('a')],
    ['+a +b -c', and(bare('a'), bare('b'), not(bare('c')))],
    ['a b -c', and(or(bare('a'), bare('b')), not(bare('c')))],
    ['a NOT b', and(bare('a'), not(bare('b')))],
    ['a OR NOT b', or(bare('a'), not(bare('b')))],
    ['a AND NOT b', and(bare('a'), not(bare('b')))],
    ['NOT a', not(bare('a'))],
    ['!a', not(bare('a'))],
    ['-a -b', and(not(bare('a')), not(bare('b')))],
    ['NOT NOT a', bare('a')],
    ['name:("a" OR "b")', or(term('name', phrase('a')), term('name', phrase('b')))],
    ['name:(a -email:b)', and(term('name', word('a')), not(term('email', word('b'))))],
    ['ANDREW', bare('ANDREW')],
    ['and', bare('and')],
    ['\\AND', bare('AND')],
    ['a-b+c!', bare('a-b+c!')],
  ])('%s', (text, query) => {
    expect(parseQuery(text)).toEqual(query);
  });

  test.each([
    ['"jane', 'a quotation mark is not closed'],
    ['"a"b', 'unexpected b at 4'],
    ['"a"~2', 'unexpected ~ at 4'],
    ['(a', 'it ends too early'],
    ['a)', 'unexpected ) at 2'],
    ['a AND', 'a term is missing at the end'],
    ['a OR OR b', 'a term is missing before an operator'],
    ['AND a', 'a term is missing before an operator'],
    ['name:', 'it ends too early'],
    ['()', 'a term is missing at the end'],
    ['n:[1 5]', 'a range is written [from TO to]'],
    ['n:[1 TO 5', 'a range is not closed'],
    ['n:[1* TO 5]', 'a range is written [from TO to]'],
    ['_exists_:', '_exists_ names no field'],
    ['a\\', 'nothing is escaped at the end'],
  ])('is refused with a reason: %s', (text, reason) => {
    expect(() => parseQuery(text)).toThrow(new MalformedQuery(reason));
  });
});

test.each([
  ['depth', `${'('.repeat(30)}a${')'.repeat(30)}`, 'more than 20 groups within each other'],
  ['terms', 'a '.repeat(300), 'more than 256 terms'],
  ['length', 'a'.repeat(longestQuery + 1), 'longer than 8000 characters'],
])('a query is bounded in its %s', (_what, text, reason) => {
  expect(() => parseQuery(text)).toThrow(new MalformedQuery(reason));
});

describe('properties', () => {
  test('whatever is typed is a query or a MalformedQuery', () => {
    const piece = fc.constantFrom(
      ...'ab:"()[]{}*\\+-! ',
      'AND ',
      'OR ',
      'NOT ',
      ' TO ',
      '_exists_:',
      '&&',
      '||',
      '\0',
      '😀',
    );
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        try {
          parseQuery(text);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedQuery);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('a query that is printed parses back to the same', () => {
    const anything = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const field = fc.option(
      anything.filter((text) => text !== '*' && text !== '_exists_'),
      { nil: undefined },
    );
    const bound = fc.option(fc.record({ text: fc.string(), inclusive: fc.boolean() }), { nil: undefined });
    const value = fc.oneof(
      fc.record({ kind: fc.constant('word' as const), text: anything }),
      fc.record({ kind: fc.constant('phrase' as const), text: fc.string({ unit: 'grapheme' }) }),
      fc.record({ kind: fc.constant('range' as const), from: bound, to: bound }),
      fc.record({
        kind: fc.constant('wildcard' as const),
        literals: fc.array(fc.string(), { minLength: 2, maxLength: 4 }).filter((all) => all.join('') !== ''),
      }),
    );
    const { query } = fc.letrec<{ query: Query }>((tie) => ({
      query: fc.oneof(
        { maxDepth: 4 },
        fc.record({ kind: fc.constant('term' as const), field, value }),
        fc.constant<Query>({ kind: 'all' }),
        fc.record({ kind: fc.constant('exists' as const), field: anything }),
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          of: fc.array(tie('query'), { minLength: 2, maxLength: 4 }),
        }),
        fc.record({ kind: fc.constant('not' as const), of: tie('query') }),
      ),
    }));
    fc.assert(
      fc.property(query, (original) => {
        expect(parseQuery(print(original))).toEqual(original);
      }),
      { numRuns: 2000 },
    );
  });
});
