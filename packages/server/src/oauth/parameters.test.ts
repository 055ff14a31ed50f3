import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidRequest, InvalidScope } from './errors.ts';
import { Parameters, parseForm, parseJson, parseSpaceDelimited } from './parameters.ts';

describe('a form or a query', () => {
  test('AZ-7: a space travels as + or as %20', () => {
    expect(parseForm('scope=openid+profile').get('scope')).toBe('openid profile');
    expect(parseForm('scope=openid%20profile').get('scope')).toBe('openid profile');
    expect(parseForm('scope=a%2Bb').get('scope')).toBe('a+b');
  });

  test('RFC 6749 appendix B: whatever is encoded comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        fc.pre(!value.includes('\0'));
        expect(parseForm(`state=${encodeURIComponent(value)}`).get('state')).toBe(value);
        expect(parseForm(new URLSearchParams({ state: value }).toString()).get('state')).toBe(value);
      }),
    );
  });

  test('SD-53: a value may hold = : / ? unencoded', () => {
    const parameters = parseForm('redirect_uri=https://app.example/cb?a=b&state=x');
    expect(parameters.get('redirect_uri')).toBe('https://app.example/cb?a=b');
    expect(parameters.get('state')).toBe('x');
  });

  test('RFC 6749 §3.1, GL-11: a parameter without a value counts as omitted', () => {
    const parameters = parseForm('state=&nonce&&=x');
    expect(parameters.get('state')).toBeUndefined();
    expect(parameters.get('nonce')).toBeUndefined();
  });

  test('GL-10: the names that came more than once are known, and the first value stays', () => {
    const parameters = parseForm('a=1&b=2&a=3&c=4&c=');
    expect([...parameters.repeated]).toEqual(['a', 'c']);
    expect(parameters.get('a')).toBe('1');
  });

  test.each(['%', '%4', '%zz', 'a%', '%C3', '%FF', '%C0%80', '%ED%A0%80', '%00', 'a%00b'])(
    'RFC 6749 appendix B: %s is refused, in a value and in a name',
    (broken) => {
      expect(() => parseForm(`state=${broken}`)).toThrow(InvalidRequest);
      expect(() => parseForm(`${broken}=x`)).toThrow(InvalidRequest);
    },
  );

  test('names of Object.prototype are names like others', () => {
    const parameters = parseForm('__proto__=1&constructor=2');
    expect(parameters.get('__proto__')).toBe('1');
    expect(parameters.get('constructor')).toBe('2');
    expect(parseForm('').get('toString')).toBeUndefined();
  });
});

describe('JSON', () => {
  test('GL-5: an object of strings', () => {
    expect(parseJson('{"grant_type":"authorization_code","code":"x"}').get('code')).toBe('x');
  });

  test('null and the empty string count as omitted', () => {
    const parameters = parseJson('{"code":null,"state":""}');
    expect(parameters.get('code')).toBeUndefined();
    expect(parameters.get('state')).toBeUndefined();
  });

  test.each(['', '{"a":"b",}', '[]', 'null', '"text"', '1', '{'])('TK-2: %s is refused', (text) => {
    expect(() => parseJson(text)).toThrow(InvalidRequest);
  });

  test('a member of another type is refused when somebody asks for it', () => {
    const parameters = parseJson('{"code":["a"],"client_id":1,"other":{"deep":true}}');
    expect(() => parameters.get('code')).toThrow("Parameter 'code' must be a string");
    expect(() => parameters.get('client_id')).toThrow("Parameter 'client_id' must be a string");
  });

  test('TK-16: scope may be an array of strings', () => {
    expect(parseJson('{"scope":["openid","email"]}').get('scope')).toBe('openid email');
    expect(() => parseJson('{"scope":[1]}').get('scope')).toThrow(InvalidScope);
    expect(() => parseJson('{"scope":{}}').get('scope')).toThrow(InvalidScope);
  });

  test('NUL and half a character are refused', () => {
    expect(() => parseJson('{"code":"a\\u0000"}').get('code')).toThrow(InvalidRequest);
    expect(() => parseJson('{"code":"\\ud800"}').get('code')).toThrow(InvalidRequest);
  });
});

test('TK-8: what is required and absent is named', () => {
  expect(() => new Parameters([]).getRequired('code')).toThrow('Missing required parameter: code');
  expect(new Parameters([['code', 'x']]).getRequired('code')).toBe('x');
});

test('RFC 6749 §3.3: space-delimited values have no order, and twice counts once', () => {
  expect(parseSpaceDelimited(undefined)).toEqual([]);
  expect(parseSpaceDelimited('  b a  b ')).toEqual(['b', 'a']);
  expect(parseSpaceDelimited('a\tb')).toEqual(['a\tb']);
});
