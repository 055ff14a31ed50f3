import { expect, test } from 'vitest';
import { systemRandom } from '../random.ts';
import { createPasswordHashing, PasswordHashUnsupported, PasswordTooLong } from './password-hashing.ts';
import { PasswordQueueFull } from './password-queue.ts';

const parameters = { memory: 64, passes: 1, parallelism: 1 };
const cheap = createPasswordHashing({ random: systemRandom, parameters });
const address = '192.0.2.1';

test('by default a password is hashed with Argon2id at OWASP’s minimum, as a PHC string', async () => {
  const hashing = createPasswordHashing({ random: systemRandom });
  const hash = await hashing.hash('correct horse', address);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await hashing.verify(hash, 'correct horse', address)).toEqual({
    matches: true,
    needsRehash: false,
  });
  expect(await hashing.verify(hash, 'correct hors', address)).toEqual({
    matches: false,
    needsRehash: false,
  });
});

test('the same password never has the same hash', async () => {
  expect(await cheap.hash('x', address)).not.toBe(await cheap.hash('x', address));
});

test.each(['', ' ', 'é', 'e\u0301', '😀'.repeat(256), 'x'.repeat(1024)])(
  'any password up to 1,024 bytes: %#',
  async (password) => {
    const hash = await cheap.hash(password, address);
    expect(await cheap.verify(hash, password, address)).toEqual({ matches: true, needsRehash: false });
    expect(await cheap.verify(hash, `${password.slice(1)}y`, address)).toEqual({
      matches: false,
      needsRehash: false,
    });
  },
);

test('the reference implementation’s Argon2id hash of "password" is verified, and needs hashing anew', async () => {
  const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  expect(await cheap.verify(hash, 'password', address)).toEqual({ matches: true, needsRehash: true });
  expect(await cheap.verify(hash, 'Password', address)).toEqual({ matches: false, needsRehash: false });
});

test.each([
  ['memory', { ...parameters, memory: 128 }],
  ['passes', { ...parameters, passes: 2 }],
  ['parallelism', { ...parameters, parallelism: 2 }],
])('a hash made with other %s still verifies, and needs hashing anew', async (_what, earlier) => {
  const hash = await createPasswordHashing({ random: systemRandom, parameters: earlier }).hash('x', address);
  expect(await cheap.verify(hash, 'x', address)).toEqual({ matches: true, needsRehash: true });
});

test.each([
  ['$2a$', 'abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
  ['$2b$', 'a', '$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'],
  ['$2y$', 'abcdefghijklmnopqrstuvwxyz', '$2y$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC'],
])('a bcrypt hash %s is verified, and needs hashing anew', async (_version, password, hash) => {
  expect(await cheap.verify(hash, password, address)).toEqual({ matches: true, needsRehash: true });
  expect(await cheap.verify(hash, `${password}x`, address)).toEqual({ matches: false, needsRehash: false });
});

test.each([
  '',
  'password',
  '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=256,t=99,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=256,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=8,t=1,p=2$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=8,t=1,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$',
  '$2b$20$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe',
  '$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfx',
])('what is no hash of ours, or would take too much, is refused: %s', async (hash) => {
  await expect(cheap.verify(hash, 'x', address)).rejects.toBeInstanceOf(PasswordHashUnsupported);
});

test('more than 1,024 bytes are refused before any hash, even while the queue is full', async () => {
  const narrow = createPasswordHashing({ random: systemRandom, parameters, concurrency: 1, queueLimit: 0 });
  const long = 'é'.repeat(513);
  const hash = await narrow.hash('x', address);
  const running = narrow.hash('x', address);
  await expect(narrow.hash(long, address)).rejects.toBeInstanceOf(PasswordTooLong);
  await expect(narrow.verify(hash, long, address)).rejects.toBeInstanceOf(PasswordTooLong);
  await expect(narrow.verifyAgainstNothing(long, address)).rejects.toBeInstanceOf(PasswordTooLong);
  expect(await running).toMatch(/^\$argon2id\$/);
});

test('PW-20: unknown users wait in the same queue, and take from the same bounds', async () => {
  const narrow = createPasswordHashing({ random: systemRandom, parameters, concurrency: 1, queueLimit: 1 });
  const first = narrow.verifyAgainstNothing('x', address);
  const second = narrow.verifyAgainstNothing('x', address);
  await expect(narrow.verifyAgainstNothing('x', address)).rejects.toBeInstanceOf(PasswordQueueFull);
  await expect(narrow.hash('x', address)).rejects.toBeInstanceOf(PasswordQueueFull);
  await Promise.all([first, second]);
  expect(await narrow.hash('x', address)).toMatch(/^\$argon2id\$/);
});

test('an unknown user costs the processor what a known one does', async () => {
  const hashing = createPasswordHashing({ random: systemRandom, concurrency: 1 });
  const hash = await hashing.hash('x', address);
  async function cost(task: () => Promise<unknown>): Promise<number> {
    const costs = [];
    for (let count = 0; count < 5; count++) {
      const before = process.cpuUsage();
      await task();
      const { user, system } = process.cpuUsage(before);
      costs.push(user + system);
    }
    return Math.min(...costs);
  }
  const known = await cost(() => hashing.verify(hash, 'y', address));
  const unknown = await cost(() => hashing.verifyAgainstNothing('y', address));
  expect(unknown / known).toBeGreaterThan(0.5);
  expect(unknown / known).toBeLessThan(2);
});
