import { describe, expect, test } from 'vitest';
import { conditionOf, type Searchable, type Test } from './condition.ts';
import { MalformedQuery } from './parse.ts';

type Name = 'email' | 'blocked' | 'logins_count' | 'created_at' | 'date' | 'user_metadata' | 'email.domain';
const searchable: Searchable<Name> = {
  fields: {
    email: 'text',
    'email.domain': 'text',
    blocked: 'flag',
    logins_count: 'integer',
    created_at: 'seconds',
    date: 'milliseconds',
    user_metadata: 'json',
  },
  bare: { byPrefix: ['email'], whole: ['email.domain'] },
};
const of = (text: string) => conditionOf(text, searchable);
const at = (time: string) => Date.parse(time) / 1000;
const range = (from: number | undefined, to: number | undefined): Test => ({
  kind: 'range',
  from: from === undefined ? undefined : { value: from, inclusive: true },
  to: to === undefined ? undefined : { value: to, inclusive: false },
});

describe('§3.5: values have the kind of their field', () => {
  test.each<[string, Name, Test]>([
    ['email:ada@example.com', 'email', { kind: 'equals', value: 'ada@example.com' }],
    ['email:ada*', 'email', { kind: 'prefix', value: 'ada' }],
    ['email:*ada', 'email', { kind: 'wildcard', literals: ['', 'ada'] }],
    ['email:a*b', 'email', { kind: 'wildcard', literals: ['a', 'b'] }],
    ['email:*', 'email', { kind: 'exists' }],
    ['_exists_:email', 'email', { kind: 'exists' }],
    ['email.domain:"example.com"', 'email.domain', { kind: 'equals', value: 'example.com' }],
    ['blocked:true', 'blocked', { kind: 'equals', value: 1 }],
    ['logins_count:-3', 'logins_count', { kind: 'equals', value: -3 }],
    ['logins_count:"3"', 'logins_count', { kind: 'equals', value: 3 }],
    [
      'logins_count:{2 TO *]',
      'logins_count',
      { kind: 'range', from: { value: 2, inclusive: false }, to: undefined },
    ],
    ['created_at:2018', 'created_at', range(at('2018-01-01'), at('2019-01-01'))],
    ['created_at:2018-02', 'created_at', range(at('2018-02-01'), at('2018-03-01'))],
    ['created_at:"2018-02-03"', 'created_at', range(at('2018-02-03'), at('2018-02-04'))],
    ['created_at:[2018-02-03 TO 2018-02-04]', 'created_at', range(at('2018-02-03'), at('2018-02-05'))],
    ['created_at:{2018-02-03 TO 2018-02-04}', 'created_at', range(at('2018-02-04'), at('2018-02-04'))],
    ['created_at:[2018-02-03T04:05 TO *]', 'created_at', range(at('2018-02-03T04:05:00Z'), undefined)],
    [
      'created_at:[* TO "2018-02-03T04:05:06+01:00"}',
      'created_at',
      range(undefined, at('2018-02-03T03:05:06Z')),
    ],
    [
      'date:"2018-02-03T04:05:06.007Z"',
      'date',
      range(Date.parse('2018-02-03T04:05:06.007Z'), Date.parse('2018-02-03T04:05:06.008Z')),
    ],
  ])('%s', (text, field, expected) => {
    expect(of(text)).toEqual({ kind: 'test', field, path: [], test: expected });
  });

  test('metadata is named by a path, and sought as a whole', () => {
    expect(of('user_metadata.a.b:"x"')).toEqual({
      kind: 'test',
      field: 'user_metadata',
      path: ['a', 'b'],
      test: { kind: 'equals', value: 'x' },
    });
  });

  test('a term without a field is sought in several, by its beginning unless it is a phrase', () => {
    const test = (field: Name, sought: Test) => ({ kind: 'test', field, path: [], test: sought });
    const whole = test('email.domain', { kind: 'equals', value: 'ada' });
    expect(of('ada')).toEqual({ kind: 'or', of: [test('email', { kind: 'prefix', value: 'ada' }), whole] });
    expect(of('"ada"')).toEqual({ kind: 'or', of: [test('email', { kind: 'equals', value: 'ada' }), whole] });
  });

  test.each([
    ['nickname:x', 'there is no field nickname to search'],
    ['constructor:x', 'there is no field constructor to search'],
    ['user_metadata:x', 'there is no field user_metadata to search'],
    ['user_metadata.a..b:x', 'there is no field user_metadata.a..b to search'],
    ['email.x:x', 'there is no field email.x to search'],
    ['NOT _exists_:x', 'there is no field x to search'],
    ['user_metadata.a:x*', 'user_metadata.a takes no wildcards'],
    ['user_metadata.a:[1 TO 2]', 'user_metadata.a takes no ranges'],
    ['blocked:[false TO true]', 'blocked takes no ranges'],
    ['blocked:yes', 'yes is neither true nor false'],
    ['logins_count:1.5', '1.5 is no integer'],
    ['created_at:yesterday', 'yesterday is no date'],
    ['created_at:2018-13', '2018-13 is no date'],
    ['created_at:2018*', 'created_at takes no wildcards'],
    ['email:*ab', 'a wildcard at the beginning needs three other characters'],
    ['[a TO b]', 'a range needs a field'],
  ])('is refused with a reason: %s', (text, reason) => {
    expect(() => of(text)).toThrow(new MalformedQuery(reason));
  });
});
