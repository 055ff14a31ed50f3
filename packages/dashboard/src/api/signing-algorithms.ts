import type { ResourceServer } from './types.ts';

export type SigningAlgorithm = ResourceServer['signing_alg'];

/** What tokens can be signed by, the usual one first. */
export const signingAlgorithms: readonly SigningAlgorithm[] = ['RS256', 'PS256', 'ES256', 'HS256'];
