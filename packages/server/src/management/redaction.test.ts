import { expect, test } from 'vitest';
import { z } from 'zod';
import { redact } from './redaction.ts';
import { secret } from './wire.ts';

const schema = z.strictObject({
  name: z.string(),
  password: secret(z.string()).optional(),
  keys: z.array(z.strictObject({ kid: z.string(), pem: secret(z.string().nullable()) })).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  target: z.union([z.string(), z.strictObject({ url: z.string(), token: secret(z.string()) })]).optional(),
});

test.each([
  ['a member that is marked', { name: 'n', password: 'p' }, { name: 'n', password: '[REDACTED]' }],
  ['in a list', { keys: [{ kid: '1', pem: 'p' }] }, { keys: [{ kid: '1', pem: '[REDACTED]' }] }],
  [
    'in one of several forms',
    { target: { url: 'u', token: 't' } },
    { target: { url: 'u', token: '[REDACTED]' } },
  ],
  ['whatever no form of it takes', { target: { link: 'u' } }, { target: '[REDACTED]' }],
  ['a member that is not known', { name: 'n', passwrod: 'p' }, { name: 'n', passwrod: '[REDACTED]' }],
  ['what stands where something else belongs', { name: { password: 'p' } }, { name: '[REDACTED]' }],
  ['a body of another form', ['p'], '[REDACTED]'],
])('%s is taken out', (_case, value, shown) => {
  expect(redact(schema, value)).toEqual(shown);
});

test('what is free to have any member keeps them', () => {
  const value = { name: 'n', metadata: { plan: { name: 'gold' } }, target: 'https://example.com' };
  expect(redact(schema, value)).toEqual(value);
});

test('nothing is shown of what has no schema', () => {
  expect(redact(undefined, { password: 'p' })).toBe('[REDACTED]');
});
