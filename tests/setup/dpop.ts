// An application's DPoP key, and the proofs that it makes (RFC 9449 §4.2): valid unless a test says otherwise.
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { Agent, Answer } from './agent.ts';
import { type KeyPair, newKeyPair, signJwt } from './keys.ts';
import type { Freehold } from './server.ts';

export interface ProofDifferences {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
}

export class DpopKey {
  readonly pair: KeyPair;
  readonly #freehold: Freehold;

  constructor(freehold: Freehold, pair = newKeyPair('ES256')) {
    this.#freehold = freehold;
    this.pair = pair;
  }

  async jkt(): Promise<string> {
    return calculateJwkThumbprint(await exportJWK(this.pair.publicKey));
  }

  /** For POST /oauth/token, with the nonce of now. */
  async proof({ claims = {}, header = {} }: ProofDifferences = {}): Promise<string> {
    const { issuer, clock, composed } = this.#freehold;
    const valid = {
      jti: randomUUID(),
      htm: 'POST',
      htu: `${issuer}oauth/token`,
      iat: clock.now(),
      nonce: composed.tenant.dpopNonces.current(),
    };
    const jwk = await exportJWK(this.pair.publicKey);
    return signJwt(this.pair, { ...valid, ...claims }, { typ: 'dpop+jwt', jwk, ...header });
  }

  /** For GET /userinfo. */
  proofFor(access_token: string, { claims = {}, header = {} }: ProofDifferences = {}): Promise<string> {
    const ath = createHash('sha256').update(access_token).digest('base64url');
    const htu = `${this.#freehold.issuer}userinfo`;
    return this.proof({ claims: { htm: 'GET', htu, ath, nonce: undefined, ...claims }, header });
  }

  async userinfo(agent: Agent, access_token: string, differs: ProofDifferences = {}): Promise<Answer> {
    const dpop = await this.proofFor(access_token, differs);
    return agent.send('/userinfo', { headers: { authorization: `DPoP ${access_token}`, dpop } });
  }
}
