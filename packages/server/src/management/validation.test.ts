import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ManagementError } from './errors.ts';
import { parsed, path, payload, query } from './validation.ts';
import { secret } from './wire.ts';

const body = z.strictObject({
  name: z.string().min(2).max(5).meta({ description: 'The name of it.' }),
  kind: z.enum(['a', 'b']).optional(),
  email: z.email().optional(),
  slug: z
    .string()
    .regex(/^[a-z]+$/)
    .optional(),
  count: z.int().min(1).max(9).optional(),
  tags: z
    .array(z.strictObject({ value: z.string() }))
    .max(1)
    .optional(),
  either: z
    .union([z.string(), z.strictObject({ url: z.string() })])
    .nullable()
    .optional(),
});

function refusal(work: () => unknown): ManagementError {
  try {
    work();
  } catch (error) {
    if (error instanceof ManagementError) return error;
  }
  throw new Error('Nothing was refused');
}

describe("§3.1: what is refused is refused in the words that people's tools parse", () => {
  test.each<[unknown, string]>([
    [{}, "'Missing required property: name'."],
    [null, "'Expected type object but found type null'."],
    [{ name: 'abc', zz: 1 }, "'Additional properties not allowed: zz'."],
    [{ name: 1 }, "'Expected type string but found type integer' on property name (The name of it)."],
    [{ name: 'a' }, "'String is too short (1 chars), minimum 2' on property name (The name of it)."],
    [{ name: 'abcdef' }, "'String is too long (6 chars), maximum 5' on property name (The name of it)."],
    [{ name: 'abc', kind: 'c' }, "'No enum match for: c' on property kind."],
    [{ name: 'abc', email: 'x' }, "'Object didn't pass validation for format email: x' on property email."],
    [{ name: 'abc', slug: 'A' }, "'String does not match pattern ^[a-z]+$: A' on property slug."],
    [{ name: 'abc', count: 'x' }, "'Expected type integer but found type string' on property count."],
    [{ name: 'abc', count: 0 }, "'Value 0 is less than minimum 1' on property count."],
    [{ name: 'abc', count: 10 }, "'Value 10 is greater than maximum 9' on property count."],
    [{ name: 'abc', tags: [{}] }, "'Missing required property: value' on property tags[0]."],
    [
      { name: 'abc', tags: [{ value: 'a' }, { value: 'b' }] },
      "'Array is too long (2), maximum 1' on property tags.",
    ],
    [{ name: 'abc', either: 1 }, "'Data does not match any schemas from 'anyOf'' on property either."],
    [
      { name: 'abc', either: { url: 1 } },
      "'Expected type string but found type integer' on property either.url.",
    ],
    [{ name: 'a\0b' }, "'Text must be well-formed Unicode without NUL' on property name (The name of it)."],
    [{ name: '\ud800' }, "'Text must be well-formed Unicode without NUL' on property name (The name of it)."],
  ])('%j', (sent, words) => {
    const error = refusal(() => parsed(body, sent, payload));
    expect(error.message).toBe(`Payload validation error: ${words}`);
    expect([error.status, error.errorCode]).toEqual([400, 'invalid_body']);
  });

  test('a query and a path say so', () => {
    const schema = z.strictObject({ id: z.string().max(1) });
    expect(refusal(() => parsed(schema, { id: 'ab' }, query)).message).toMatch(/^Query validation error: /);
    expect(refusal(() => parsed(schema, { id: 'ab' }, path))).toMatchObject({ errorCode: 'invalid_uri' });
  });

  test('what nests deeper than anybody means is refused before anything recurses on it', () => {
    let sent: unknown = 'x';
    for (let depth = 0; depth < 5000; depth += 1) sent = { a: sent };
    const error = refusal(() => parsed(z.strictObject({ a: z.unknown() }), sent, payload));
    expect(error.message).toContain('Nested deeper than');
  });

  test('what is secret is not told back: a refusal stands in the log', () => {
    const own = z.string().refine(() => false, { error: ({ input }) => `This is no key: ${String(input)}` });
    const schema = z.strictObject({
      key: secret(z.string().regex(/^k/)).optional(),
      own: secret(own).optional(),
    });
    for (const member of ['key', 'own']) {
      const { message } = refusal(() => parsed(schema, { [member]: 'a-secret' }, payload));
      expect(message).toMatch(/: \[REDACTED\]' on property/);
    }
  });
});
