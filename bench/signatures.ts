// What the signatures alone cost: one over text as long as an ID token's, again and again, in this process.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Algorithm, algorithms } from './flow.ts';

const keys: Record<Algorithm, KeyObject> = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};
const signed = Buffer.alloc(700, 'a');
const counts: Record<Algorithm, number> = { RS256: 60, ES256: 600 };

export class SignatureCosts {
  readonly #milliseconds: Record<Algorithm, number> = { RS256: 0, ES256: 0 };
  #turns = 0;

  /** One turn, between two rounds, so that the machine's mood is the same for all that is measured. */
  measure(): void {
    for (const alg of algorithms) {
      const before = process.cpuUsage();
      for (let index = 0; index < counts[alg]; index += 1) {
        sign('sha256', signed, keys[alg]);
      }
      const { user, system } = process.cpuUsage(before);
      this.#milliseconds[alg] += (user + system) / 1000;
    }
    this.#turns += 1;
  }

  /** Milliseconds of processor time for one signature. */
  of(alg: Algorithm): number {
    return this.#milliseconds[alg] / (counts[alg] * this.#turns);
  }
}
