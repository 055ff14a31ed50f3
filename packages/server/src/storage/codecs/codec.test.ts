import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Codec } from './codec.ts';

interface Sample {
  name: string;
  nickname: string | null;
  count: number;
  ended_at: number | null;
  enabled: boolean;
  preferred: boolean | null;
  tags: string[];
  metadata: Record<string, unknown> | null;
  mode: 'one' | 'two';
}

const codec = new Codec<Sample>({
  name: 'text',
  nickname: 'text',
  count: 'integer',
  ended_at: 'integer',
  enabled: 'flag',
  preferred: 'flag',
  tags: 'json',
  metadata: 'json',
  mode: 'text',
});

const samples: fc.Arbitrary<Sample> = fc.record({
  name: fc.string({ unit: 'grapheme' }),
  nickname: fc.option(fc.string({ unit: 'grapheme' })),
  count: fc.maxSafeInteger(),
  ended_at: fc.option(fc.maxSafeInteger()),
  enabled: fc.boolean(),
  preferred: fc.option(fc.boolean()),
  tags: fc.array(fc.string({ unit: 'binary' })),
  metadata: fc.option(
    fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false }), {
      noNullPrototype: true,
    }),
  ),
  mode: fc.constantFrom('one', 'two'),
});

/** JSON has one zero. */
const positiveZero = (sample: Sample): Sample => JSON.parse(JSON.stringify(sample));

test('what is encoded is decoded to the same, from a row and from a join', () => {
  const joined = codec.joined('sample');
  fc.assert(
    fc.property(samples.map(positiveZero), (sample) => {
      const row = codec.encode(sample);
      expect(codec.decode(row)).toEqual(sample);
      const prefixed = Object.entries(row).map(([name, value]) => [`sample_${name}`, value]);
      expect(joined.decode(Object.fromEntries(prefixed))).toEqual(sample);
    }),
  );
});

test('a row holds text, safe integers and null alone; JSON text is well formed and has no NUL', () => {
  fc.assert(
    fc.property(samples, (sample) => {
      const { name, nickname, ...rest } = codec.encode(sample);
      for (const value of Object.values(rest)) {
        const isStorable =
          value === null ||
          Number.isSafeInteger(value) ||
          (typeof value === 'string' && value.isWellFormed() && !value.includes('\0'));
        expect(isStorable).toBe(true);
      }
      expect([name, nickname]).toEqual([sample.name, sample.nickname]);
    }),
  );
});

test('a part is encoded with the members that it has, null included', () => {
  expect(codec.encodePart({ enabled: true, ended_at: null })).toEqual({ enabled: 1, ended_at: null });
  expect(codec.encodePart({})).toEqual({});
});

test('a joined column is selected under the name of its table', () => {
  expect(codec.joined('sample').columns.slice(0, 2)).toEqual([
    'sample.name as sample_name',
    'sample.nickname as sample_nickname',
  ]);
});

test('columns beside the model do not come out with it', () => {
  const row = { ...codec.encode(fc.sample(samples, 1)[0]!), secret: 'sealed' };
  expect(Object.keys(codec.decode(row))).not.toContain('secret');
});
