import { expect, test } from 'vitest';
import { parseMultipart } from './multipart.ts';

const contentType = 'multipart/form-data; boundary=b0und';
const part = (name: string, text: string, more = '') =>
  `--b0und\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`;
const parse = (text: string, type = contentType) => parseMultipart(type, Buffer.from(text));

test('fields and a file are texts by their names', () => {
  const file = part(
    'users',
    '[{"email":"å@example.com"}]',
    '; filename="users.json"\r\nContent-Type: application/json',
  );
  expect(
    parse(`preamble\r\n${part('upsert', 'true')}${file}${part('external_id', '')}--b0und--\r\n`),
  ).toEqual({
    upsert: 'true',
    users: '[{"email":"å@example.com"}]',
    external_id: '',
  });
  expect(parse(`${part('a', 'one\r\ntwo')}--b0und--`, 'multipart/form-data; boundary="b0und"')).toEqual({
    a: 'one\r\ntwo',
  });
  expect(parse(`${part('__proto__', 'x')}--b0und--`)).toHaveProperty('__proto__', 'x');
});

test.each([
  ['without a boundary', part('a', '1'), 'multipart/form-data'],
  ['that breaks off', part('a', '1'), contentType],
  ['of another boundary', `${part('a', '1')}--b0und--`, 'multipart/form-data; boundary=other'],
  ['with a part twice', `${part('a', '1')}${part('a', '2')}--b0und--`, contentType],
  ['with a part without a name', '--b0und\r\nContent-Type: text/plain\r\n\r\n1\r\n--b0und--', contentType],
  [
    'with a part without a body',
    '--b0und\r\nContent-Disposition: form-data; name="a"\r\n--b0und--',
    contentType,
  ],
])('a body %s is none', (_what, body, type) => {
  expect(parse(body, type)).toBeUndefined();
});

test('bytes that are no UTF-8 are no text', () => {
  const body = Buffer.concat([
    Buffer.from(part('a', '').slice(0, -2)),
    Buffer.from([0xff]),
    Buffer.from('\r\n--b0und--'),
  ]);
  expect(parseMultipart(contentType, body)).toBeUndefined();
});
