// Token exchange (RFC 8693). The type of the token that is brought says which: one of our own access tokens, by an API
// that was called with it (TX-4), or one of another issuer's, by a profile (TX-2).
import type { TokenExchangeProfile } from '../../../model/token-exchange-profile.ts';
import { InvalidRequest, reflected } from '../../errors.ts';
import type { Parameters } from '../../parameters.ts';
import type { AuthenticatedClient } from '../client-authentication.ts';
import { type GrantPorts, type GrantRequest, grantNotAllowed, type PreparedGrant } from './grant.ts';
import { prepareOnBehalfOf } from './on-behalf-of.ts';
import { prepareProfileExchange } from './profile-exchange.ts';
import { accessTokenType, type BroughtToken, exchangeGrantType } from './token-types.ts';

export const tokenExchangeGrant: PreparedGrant = {
  grant_type: exchangeGrantType,
  success: 'secte',
  failure: 'fecte',

  // Auth0's clients are allowed it by `token_exchange`.
  judgesClients: true,

  async prepare(request, ports) {
    const { client, parameters } = request;
    const profile = await findProfile(parameters, ports);
    if (profile === undefined && !mayExchange(client)) throw grantNotAllowed(client, exchangeGrantType);
    const brought = parse(request);
    if (profile !== undefined) return prepareProfileExchange(brought, profile, request, ports);
    const { subject_token_type } = brought;
    if (subject_token_type === accessTokenType) return prepareOnBehalfOf(brought, request, ports);
    throw new InvalidRequest(`subject_token_type ${reflected(subject_token_type)} is not supported`);
  },
};

async function findProfile(
  parameters: Parameters,
  { unitOfWork }: GrantPorts,
): Promise<TokenExchangeProfile | undefined> {
  const type = parameters.get('subject_token_type');
  // Nobody's own type.
  if (type === undefined || type === accessTokenType) return undefined;
  return unitOfWork.read.tokenExchangeProfiles.find(type);
}

function mayExchange({ grant_types, token_exchange }: AuthenticatedClient): boolean {
  const allowed = token_exchange?.allow_any_profile_of_type ?? [];
  return grant_types.includes(exchangeGrantType) || allowed.includes('custom_authentication');
}

function parse({ parameters }: GrantRequest): BroughtToken {
  const subject_token = parameters.getRequired('subject_token');
  const subject_token_type = parameters.getRequired('subject_token_type');
  // RFC 8693 §2.1: "actor_token_type … MUST NOT be included when the actor_token parameter is not."
  const actor_token = parameters.get('actor_token');
  if ((actor_token === undefined) !== (parameters.get('actor_token_type') === undefined))
    throw new InvalidRequest('actor_token and actor_token_type belong together');
  const requested_token_type = parameters.get('requested_token_type') ?? accessTokenType;
  if (requested_token_type !== accessTokenType)
    throw new InvalidRequest(`requested_token_type ${reflected(requested_token_type)} is not supported`);
  return { subject_token, subject_token_type, actor_token };
}
