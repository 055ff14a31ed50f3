// A key that signs tokens, and where it stands in its life: contract rows SG-3 to SG-6.
import type { KeyAlgorithm } from './client.ts';

export type SigningKeyStatus = 'current' | 'next' | 'previous' | 'revoked';

export interface SigningKey {
  kid: string;
  alg: KeyAlgorithm;
  status: SigningKeyStatus;
  /** PKCS #8 PEM. */
  private_key: string;
  /** The public half as JWK members (`kty`, `n`, `e` or `crv`, `x`, `y`). */
  public_jwk: Record<string, string>;
  /** DER, base64: the `x5c` member. */
  certificate: string;
  created_at: number;
  current_since: number | null;
  revoked_at: number | null;
}
