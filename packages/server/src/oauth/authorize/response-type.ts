// What an authorization response carries (RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Types §3 and §5; contract AZ-3):
// any set of a code, an access token and an ID token.
import { type Client, isFapi } from '../../model/client.ts';
import { InvalidRequest, reflected, UnauthorizedClient, UnsupportedResponseType } from '../errors.ts';
import { type Parameters, parseSpaceDelimited } from '../parameters.ts';

/** The grant type that the client needs for each (AZ-61). */
const grantTypeOf = { code: 'authorization_code', token: 'implicit', id_token: 'implicit' } as const;
export type ResponseType = (keyof typeof grantTypeOf)[];

const known = Object.keys(grantTypeOf) as ResponseType;

/** WK-3: every combination there is. */
export const responseTypes = [
  'code',
  'token',
  'id_token',
  'code token',
  'code id_token',
  'token id_token',
  'code token id_token',
] as const;

/** RFC 6749 §3.1.1: "the order of values does not matter". */
export function parseResponseType(
  parameters: Parameters,
  client: Pick<Client, 'grant_types' | 'compliance_level'>,
): ResponseType {
  const asked = parameters.getRequired('response_type');
  const values = parseSpaceDelimited(asked);
  const response_type = known.filter((value) => values.includes(value));
  if (values.length === 0 || response_type.length !== values.length) {
    throw new UnsupportedResponseType(`Unsupported response type: ${reflected(asked)}`);
  }
  // FAPI 2.0 Security Profile §5.3.2.2: the authorization code flow alone.
  if (isFapi(client) && response_type.some((value) => value !== 'code')) {
    throw new UnsupportedResponseType('The client may ask for the response type code alone');
  }
  const missing = findMissingGrantType(response_type, client);
  if (missing !== undefined) {
    throw new UnauthorizedClient(`Grant type '${missing}' not allowed for the client.`);
  }
  return response_type;
}

export function findMissingGrantType(
  response_type: ResponseType,
  client: Pick<Client, 'grant_types'>,
): string | undefined {
  return response_type.map((value) => grantTypeOf[value]).find((type) => !client.grant_types.includes(type));
}

/** AZ-28. OpenID Connect Core §3.2.2.1: "Use of the nonce Claim is REQUIRED for this flow." */
export function parseNonce(parameters: Parameters, response_type: ResponseType): string | null {
  if (response_type.includes('id_token')) return parameters.getRequired('nonce');
  return parameters.get('nonce') ?? null;
}

/** AC-14: without `openid` there is no ID token, and an answer without it is none that was asked for. */
export function assertOpenid(scope: string[], response_type: ResponseType): void {
  if (response_type.includes('id_token') && !scope.includes('openid')) {
    throw new InvalidRequest('The scope openid is required for an ID token');
  }
}
