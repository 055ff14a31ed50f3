import { expect, test } from 'vitest';
import { systemRandom } from '../../runtime/random.ts';
import { createOpaqueTokens } from './opaque-token.ts';

const claims = { sub: 'auth0|ü1' };
const secret = Buffer.alloc(32, 1);
const tokens = createOpaqueTokens(secret, systemRandom);
const token = tokens.seal(claims);
const parts = token.split('.');
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test('AT-1: a token is opened with the secret that sealed it, and with no other', () => {
  expect(createOpaqueTokens(secret, systemRandom).open(token)).toEqual(claims);
  expect(createOpaqueTokens(Buffer.alloc(32, 2), systemRandom).open(token)).toBeUndefined();
});

test.each([
  // The lowest bit of a character; in the last one of a part it may be one that decoding passes over.
  [
    'with a bit changed',
    [...token].map((character, at) => token.slice(0, at) + neighbour(character) + token.slice(at + 1)),
  ],
  ['cut off', [...token].map((_, at) => token.slice(0, at))],
  ['with a part emptied', parts.filter((part) => part !== '').map((part) => token.replace(part, ''))],
  ['with more at its end', ['A', '=', '.', ' '].map((more) => token + more)],
  ['with an encrypted key', [token.replace('..', '.AAAA.')]],
])('a token %s is not opened', (_, changed) => {
  expect(changed.filter((text) => tokens.open(text) !== undefined)).toEqual([]);
});

function neighbour(character: string): string {
  return alphabet[alphabet.indexOf(character) ^ 1] ?? '';
}
