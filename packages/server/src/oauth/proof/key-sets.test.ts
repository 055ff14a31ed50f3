import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../runtime/clock.ts';
import { OutboundFailed, OutboundRefused, type OutboundRequest } from '../../runtime/network/outbound.ts';
import { createKeySets, verificationKeyOf } from './key-sets.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = (kid: string, more: object = {}) => ({
  ...rsa.publicKey.export({ format: 'jwk' }),
  kid,
  ...more,
});
const jwks_uri = 'https://app.example/jwks';

/** The outside, as it is at the moment: a key set, a text, or nobody. */
let outside: unknown;
let status = 200;
/** When it answers. */
let answering: Promise<void>;
let asked: OutboundRequest[];
let clock: TurnableClock;
let keys: ReturnType<typeof createKeySets>;
beforeEach(() => {
  outside = { keys: [jwk('one')] };
  status = 200;
  answering = Promise.resolve();
  asked = [];
  clock = new TurnableClock();
  const outbound = {
    async send(request: OutboundRequest) {
      asked.push(request);
      await answering;
      if (outside instanceof Error) throw outside;
      const body = Buffer.from(typeof outside === 'string' ? outside : JSON.stringify(outside));
      return { status, headers: {}, body };
    },
  };
  keys = createKeySets({ outbound, clock });
});
const kids = async (kid: string) =>
  (await keys.find(jwks_uri, { kid, alg: undefined })).map((key) => key.kid);

describe('the keys behind a jwks_uri', () => {
  test('are asked for once, however many ask at a time', async () => {
    const found = await Promise.all(Array.from({ length: 20 }, () => kids('one')));
    expect(found.every(([kid]) => kid === 'one')).toBe(true);
    expect(asked).toEqual([{ url: jwks_uri, headers: { accept: 'application/json' } }]);
  });

  test('are none where the set is larger than any key set: of a thousand addresses each is remembered', async () => {
    outside = { keys: [jwk('one', { x5c: ['A'.repeat(32 * 1024)] })] };
    expect(await kids('one')).toEqual([]);
    outside = { keys: [jwk('one', { x5c: ['A'.repeat(4 * 1024)] })] };
    clock.advance(5);
    expect(await kids('one')).toEqual(['one']);
  });

  test('are asked for anew after ten minutes', async () => {
    await kids('one');
    clock.advance(599);
    await kids('one');
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await kids('one');
    expect(asked).toHaveLength(2);
  });

  test('are asked for anew where one is looked for that is not there, but not at every request', async () => {
    await kids('one');
    outside = { keys: [jwk('two')] };
    for (let times = 0; times < 5; times += 1) expect(await kids('two')).toEqual(['one']);
    expect(asked).toHaveLength(1);
    clock.advance(5);
    expect(await kids('two')).toEqual(['two']);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['nobody', new OutboundFailed('nobody answers')],
    ['no address', new OutboundRefused('not public')],
    ['no JSON', '<html>'],
    ['no key set', { keys: 'none' }],
  ])('stay as they were while there is %s', async (_what, now) => {
    await kids('one');
    outside = now;
    clock.advance(3600);
    expect(await kids('one')).toEqual(['one']);
  });

  test('are believed for a day while their owner does not answer, and no longer', async () => {
    await kids('one');
    outside = new OutboundFailed('nobody answers');
    for (let hour = 1; hour < 24; hour += 1) {
      clock.advance(3600);
      expect(await kids('one')).toEqual(['one']);
    }
    clock.advance(3600);
    expect(await kids('one')).toEqual([]);
  });

  test('are none once their owner has withdrawn them', async () => {
    await kids('one');
    outside = { keys: [] };
    clock.advance(600);
    expect(await kids('one')).toEqual([]);
  });

  test('are asked for once by all who waited for an answer that lacks theirs', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    answering = promise;
    const waiting = [kids('one')];
    clock.advance(5);
    for (let times = 0; times < 20; times += 1) waiting.push(kids('two'));
    resolve();
    await Promise.all(waiting);
    expect(asked).toHaveLength(2);
  });

  test('are none where another status than 200 answers', async () => {
    status = 302;
    expect(await kids('one')).toEqual([]);
  });

  test('a mistake of ours is not taken for an empty set', async () => {
    outside = new TypeError('ours');
    await expect(kids('one')).rejects.toThrow('ours');
    outside = { keys: [jwk('one')] };
    expect(await kids('one')).toEqual(['one']);
  });
});

describe('RFC 8725 §3.1: a key is for one algorithm', () => {
  test.each([
    ['its own', jwk('k', { alg: 'PS256' }), 'RS256', 'PS256'],
    ['the one that was registered', jwk('k'), 'PS256', 'PS256'],
    ['RS256 for RSA', jwk('k'), undefined, 'RS256'],
    ['ES256 for P-256', ec.publicKey.export({ format: 'jwk' }), undefined, 'ES256'],
  ] as const)('%s', (_what, key, registered, alg) => {
    expect(verificationKeyOf({ ...key }, registered)).toMatchObject({
      alg,
      pem: expect.stringContaining('PUBLIC KEY'),
    });
  });

  test.each([
    ['another algorithm', jwk('k', { alg: 'HS256' })],
    ['none', jwk('k', { alg: 'none' })],
    ['encryption', jwk('k', { use: 'enc' })],
    ['a private key', rsa.privateKey.export({ format: 'jwk' })],
    ['a secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ['nothing', { kty: 'RSA' }],
  ])('no key: for %s', (_what, key) => {
    expect(verificationKeyOf({ ...key }, undefined)).toBeUndefined();
  });
});
