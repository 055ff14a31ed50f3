import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../runtime/random.ts';
import { type BoxPlace, openSuccessor, sealSuccessor } from './successor-box.ts';

const [presented, successor] = [systemRandom.token(), systemRandom.token()];
const place: BoxPlace = { aid: 'aid', spent_token: 'hash of the spent token', counter: 7 };
const seal = () => sealSuccessor(successor, presented, place, systemRandom);

describe('RR-13: the box of a successor', () => {
  test('the spent token opens it', () => {
    expect(openSuccessor(seal(), presented, place)).toBe(successor);
  });

  test('no box is like another, and none tells what is in it', () => {
    const boxes = Array.from({ length: 100 }, seal);
    expect(new Set(boxes).size).toBe(100);
    for (const box of boxes) expect(Buffer.from(box, 'base64url').includes(successor)).toBe(false);
  });

  test('another token does not open it', () => {
    const box = seal();
    fc.assert(
      fc.property(fc.string(), (other) => {
        fc.pre(other !== presented);
        expect(openSuccessor(box, other, place)).toBeUndefined();
      }),
    );
    expect(openSuccessor(box, successor, place)).toBeUndefined();
  });

  test.each<Partial<BoxPlace>>([
    { aid: 'other' },
    { spent_token: 'other' },
    { spent_token: null },
    { counter: 8 },
  ])('it opens nowhere else: %j', (differs) => {
    expect(openSuccessor(seal(), presented, { ...place, ...differs })).toBeUndefined();
  });

  test('it does not open if one bit was changed, or if it was cut', () => {
    const box = Buffer.from(seal(), 'base64url');
    for (const index of box.keys()) {
      const changed = Buffer.from(box);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(openSuccessor(changed.toString('base64url'), presented, place)).toBeUndefined();
      expect(openSuccessor(box.toString('base64url', 0, index), presented, place)).toBeUndefined();
    }
  });
});
