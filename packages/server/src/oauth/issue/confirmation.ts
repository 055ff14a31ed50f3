// Which tokens are bound to a key of whoever they are given to, and to which (RFC 7800, RFC 9449 §6; contract DP-8).
import { type Client, isPublicClient } from '../../model/client.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { Dialect } from '../dialect.ts';
import { InvalidDpopProof, InvalidRequest } from '../errors.ts';

/** The keys that the sender of the request has proved to hold; empty if none. */
export interface Possession {
  /** Thumbprint of the key of the DPoP proof. */
  jkt?: string;
}

/** The claim `cnf` of a bound token. */
export interface Confirmation {
  jkt: string;
}

export type ConfirmationTerms = {
  client: Pick<Client, 'require_proof_of_possession' | 'token_endpoint_auth_method'>;
  /** Undefined: the token is for /userinfo alone. */
  resourceServer: Pick<ResourceServer, 'proof_of_possession'> | undefined;
};

/**
 * Undefined for a token that whoever has it may use. Throws InvalidDpopProof where a proof is due, InvalidRequest where
 * none would help: then no token is issued.
 */
export function confirmationOf(
  { jkt }: Possession,
  { client, resourceServer }: ConfirmationTerms,
  dialect: Pick<Dialect, 'bindsTokensOfAnyApi'>,
): Confirmation | undefined {
  const policy = resourceServer?.proof_of_possession;
  if (policy === null) {
    if (client.require_proof_of_possession) {
      throw new InvalidRequest('The client takes only tokens that are bound to a key, and the API has none');
    }
    if (!dialect.bindsTokensOfAnyApi) return undefined;
  }
  const isRequired = client.require_proof_of_possession || (policy != null && isRequiredOf(client, policy));
  if (jkt !== undefined) return { jkt };
  if (isRequired) throw new InvalidDpopProof('A DPoP proof is required');
  return undefined;
}

function isRequiredOf(
  client: ConfirmationTerms['client'],
  { required, required_for }: NonNullable<ResourceServer['proof_of_possession']>,
): boolean {
  return required && (required_for === 'all_clients' || isPublicClient(client));
}
