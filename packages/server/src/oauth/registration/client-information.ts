// What an application is told of its registration (RFC 7591 §3.2.1, RFC 7592 §3; contract DR-2).
import { authenticationMethodOf, type Client, isPublicClient } from '../../model/client.ts';
import type { ClientInformation } from '../../model/client-metadata.ts';

/** What is registered, as it is, whatever was asked for. `client_secret`: undefined where there is none. */
export function clientInformationOf(
  client: Client,
  client_secret: string | undefined,
  registration_access_token: string,
  issuer: string,
): ClientInformation {
  const [backchannel_logout_uri] = client.oidc_logout?.backchannel_logout_urls ?? [];
  const members = {
    client_secret,
    client_secret_expires_at: isPublicClient(client) ? undefined : 0,
    client_name: client.name,
    redirect_uris: client.callbacks,
    token_endpoint_auth_method: authenticationMethodOf(client),
    grant_types: client.grant_types,
    response_types: ['code'],
    id_token_signed_response_alg: client.jwt_configuration.alg,
    logo_uri: client.logo_uri ?? undefined,
    initiate_login_uri: client.initiate_login_uri ?? undefined,
    post_logout_redirect_uris: client.allowed_logout_urls.length > 0 ? client.allowed_logout_urls : undefined,
    backchannel_logout_uri,
    ...client.registration,
  };
  return {
    client_id: client.client_id,
    client_id_issued_at: client.created_at,
    ...Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
    registration_access_token,
    registration_client_uri: `${issuer}oidc/register/${client.client_id}`,
  };
}
