// What DPoP asks of a client beyond its proofs, which oauth4webapi makes.

import * as oauth from 'oauth4webapi';

/** "the client … retries the request with the new nonce value" RFC 9449 §8; the DPoP handle has noted it. */
export async function withNonce<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return attempt();
  }
}
