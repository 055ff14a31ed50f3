import { expect, test } from 'vitest';
import { createRandom, systemRandom } from './random.ts';

test('a token is 32 random bytes in base64url unless another length is asked for', () => {
  expect(systemRandom.token()).toMatch(/^[\w-]{43}$/);
  expect(systemRandom.token(16)).toMatch(/^[\w-]{22}$/);
});

test('hex, alphanumeric and id have the shapes of Auth0: user_id, client_id, client_secret, con_…', () => {
  expect(systemRandom.hex(12)).toMatch(/^[0-9a-f]{24}$/);
  expect(systemRandom.alphanumeric(32)).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(systemRandom.alphanumeric(64)).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(systemRandom.id('con')).toMatch(/^con_[A-Za-z0-9]{16}$/);
});

test('no value is drawn twice, across many refills of the pool', () => {
  const tokens = new Set(Array.from({ length: 10_000 }, () => systemRandom.token()));
  expect(tokens.size).toBe(10_000);
});

test('the pool hands out each byte of its source once and in order, whatever the lengths', () => {
  let next = 0;
  const counting = createRandom((buffer) => {
    for (let index = 0; index < buffer.length; index++) buffer[index] = next++ % 251;
  });
  const first = counting.bytes(4000);
  const second = counting.bytes(96);
  const third = counting.bytes(32);
  expect([...first, ...second, ...third]).toEqual(Array.from({ length: 4128 }, (_, index) => index % 251));
});

test('drawn bytes are the caller’s own: later draws do not change them', () => {
  const drawn = systemRandom.bytes(32);
  const copy = Buffer.from(drawn);
  for (let count = 0; count < 300; count++) systemRandom.bytes(32);
  expect(drawn.equals(copy)).toBe(true);
});

test('more bytes than the pool holds come straight from the source', () => {
  const large = systemRandom.bytes(10_000);
  expect(large.length).toBe(10_000);
  expect(large.subarray(9_000).every((byte) => byte === 0)).toBe(false);
});

test('every alphanumeric character is equally likely: the values beyond the alphabet are drawn again', () => {
  let next = 0;
  const counting = createRandom((buffer) => {
    for (let index = 0; index < buffer.length; index++) buffer[index] = next++ % 256;
  });
  // 4,096 counted bytes hold each six-bit value 64 times.
  const counts = new Map<string, number>();
  for (const character of counting.alphanumeric(62 * 64))
    counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(62);
  expect([...counts.values()].every((count) => count >= 63 && count <= 65)).toBe(true);
});
