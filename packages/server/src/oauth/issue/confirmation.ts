// Which tokens are bound to a key of whoever they are given to, and to which (RFC 7800, RFC 9449 §6, RFC 8705 §3;
// contract DP-8, AT-15).
import { type Client, isPublicClient } from '../../model/client.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { Dialect } from '../dialect.ts';
import { InvalidDpopProof, InvalidRequest } from '../errors.ts';

/** The keys that the sender of the request has proved to hold; empty if none. */
export interface Possession {
  /** Thumbprint of the key of the DPoP proof. */
  jkt?: string;
  /** Thumbprint of the certificate by which a confidential client came. */
  x5t?: string;
}

/** The claim `cnf` of a bound token. */
export interface Confirmation {
  jkt?: string;
  'x5t#S256'?: string;
}

export type ConfirmationTerms = {
  client: Pick<Client, 'require_proof_of_possession' | 'token_endpoint_auth_method'>;
  /** Undefined: the token is for /userinfo alone. */
  resourceServer: Pick<ResourceServer, 'proof_of_possession'> | undefined;
};

/**
 * Undefined for a token that whoever has it may use. Throws InvalidDpopProof or InvalidRequest where a proof is due, or
 * where none would help: then no token is issued.
 */
export function confirmationOf(
  possession: Possession,
  { client, resourceServer }: ConfirmationTerms,
  dialect: Pick<Dialect, 'bindsTokensOfAnyApi'>,
): Confirmation | undefined {
  const policy = resourceServer?.proof_of_possession;
  const isRequired = client.require_proof_of_possession || (policy != null && isRequiredOf(client, policy));
  if (policy === null) {
    if (isRequired) {
      throw new InvalidRequest('The client takes only tokens that are bound to a key, and the API has none');
    }
    if (!dialect.bindsTokensOfAnyApi) return undefined;
  }
  const { jkt, x5t } = possession;
  const byCertificate =
    policy?.mechanism === 'mtls' || (policy === undefined && isRequired && jkt === undefined);
  if (byCertificate && x5t !== undefined) return { 'x5t#S256': x5t };
  if (policy?.mechanism !== 'mtls' && jkt !== undefined) return { jkt };
  if (!isRequired) return undefined;
  throw policy?.mechanism === 'mtls'
    ? new InvalidRequest('A client certificate is required')
    : new InvalidDpopProof('A DPoP proof is required');
}

function isRequiredOf(
  client: ConfirmationTerms['client'],
  { required, required_for }: NonNullable<ResourceServer['proof_of_possession']>,
): boolean {
  return required && (required_for === 'all_clients' || isPublicClient(client));
}
