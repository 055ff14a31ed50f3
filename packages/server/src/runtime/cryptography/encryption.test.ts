import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createEncryption,
  type SealedPlace,
  SealedValueDamaged,
  sealedKeyId,
  WrongMasterKey,
} from './encryption.ts';

const encryption = createEncryption(Buffer.alloc(32, 1));
const other = createEncryption(Buffer.alloc(32, 2));
const place: SealedPlace = { table: 'client', column: 'client_secret', row: 'abc' };

test('what is sealed opens again, in its place, with the same master key', () => {
  const sameKey = createEncryption(Buffer.alloc(32, 1));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plaintext, row) => {
      const here = { ...place, row };
      expect(sameKey.open(here, encryption.seal(here, plaintext))).toBe(plaintext);
    }),
  );
});

test('a sealed value tells its key id, not its plaintext, and is never the same twice', () => {
  const sealed = encryption.seal(place, 'very secret');
  expect(sealed).toMatch(/^[\w-]{12}\.[\w-]+$/);
  expect(sealedKeyId(sealed)).toBe(encryption.keyId);
  expect(Buffer.from(sealed.slice(13), 'base64url').toString('latin1')).not.toContain('very secret');
  expect(encryption.seal(place, 'very secret')).not.toBe(sealed);
});

test.each([
  ['row', { ...place, row: 'abd' }],
  ['column', { ...place, column: 'previous_secret' }],
  ['table', { ...place, table: 'connection' }],
  ['table and column, run together the same', { ...place, table: 'client.client', column: 'secret' }],
  ['column and row, run together the same', { ...place, column: 'client_secreta', row: 'bc' }],
])('KY-1: a sealed value moved to another %s does not open', (_what, elsewhere) => {
  expect(() => encryption.open(elsewhere, encryption.seal(place, 'secret'))).toThrow(SealedValueDamaged);
});

test('KY-1: the same column key does not make up for another place', () => {
  const sealed = encryption.seal({ table: 'a.b', column: 'c', row: '1' }, 'secret');
  expect(() => encryption.open({ table: 'a', column: 'b.c', row: '1' }, sealed)).toThrow(SealedValueDamaged);
});

test('a value sealed with another master key says so and names both keys by their ids', () => {
  const sealed = other.seal(place, 'secret');
  expect(() => encryption.open(place, sealed)).toThrow(WrongMasterKey);
  expect(() => encryption.open(place, sealed)).toThrow(new RegExp(`${other.keyId}.*${encryption.keyId}`));
});

test('KY-1: a value with any one bit of any byte changed does not open', () => {
  const sealed = encryption.seal(place, 'a secret of some length');
  const bytes = Buffer.from(sealed.slice(13), 'base64url');
  for (let index = 0; index < bytes.length; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[index] = (bytes[index] ?? 0) ^ (1 << bit);
      const text = `${encryption.keyId}.${changed.toString('base64url')}`;
      expect(() => encryption.open(place, text)).toThrow(SealedValueDamaged);
    }
  }
});

test('KY-1: a sealed text with any one character changed, dropped or added does not open', () => {
  // 29 bytes: the last base64url character has unused bits, which a lenient decoder would overlook.
  const sealed = encryption.seal(place, 'x');
  const position = fc.nat({ max: sealed.length - 1 });
  const text = fc.string({ unit: 'binary', maxLength: 2 });
  fc.assert(
    fc.property(position, text, (at, replacement) => {
      const changed = sealed.slice(0, at) + replacement + sealed.slice(at + 1);
      fc.pre(changed !== sealed);
      expect(() => encryption.open(place, changed)).toThrow(/sealed with the master key|was changed/);
    }),
    { numRuns: 1_000 },
  );
});

test('every truncation of a sealed text is refused', () => {
  const sealed = encryption.seal(place, 'secret');
  for (let length = 0; length < sealed.length; length++) {
    expect(() => encryption.open(place, sealed.slice(0, length))).toThrow(
      /sealed with the master key|was changed/,
    );
  }
});

test('RFC 5869: subkeys differ by purpose and by master key, and are the same each time', () => {
  const keys = [
    encryption.subkey('cookie'),
    encryption.subkey('access token'),
    encryption.subkey('client.client_secret'),
    other.subkey('cookie'),
  ].map((key) => key.toString('hex'));
  expect(new Set(keys).size).toBe(4);
  expect(encryption.subkey('cookie').toString('hex')).toBe(keys[0]);
  expect(encryption.subkey('cookie', 64).length).toBe(64);
});

test('a master key that is not 32 bytes long is refused', () => {
  expect(() => createEncryption(Buffer.alloc(31))).toThrow(RangeError);
  expect(() => createEncryption(Buffer.alloc(33))).toThrow(RangeError);
});
