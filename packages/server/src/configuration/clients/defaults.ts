// What a client that says nothing is. The tenant file's defaults are this server's own, such that an application that
// says what it is logs in safely; those of the Management API are Auth0's, as its tools expect them.
import {
  type Client,
  defaultRefreshToken,
  defaultSpaRefreshToken,
  type RefreshTokenConfiguration,
} from '../../model/client.ts';

type AppType = Client['app_type'];
type AuthMethod = Client['token_endpoint_auth_method'];

export interface ClientDefaults {
  app_type: AppType;
  oidc_conformant: boolean;
  token_endpoint_auth_method(app_type: AppType): AuthMethod;
  grant_types(app_type: AppType, method: AuthMethod): string[];
  refresh_token(app_type: AppType): RefreshTokenConfiguration;
  /** RT-12: whether the refresh tokens of an SPA must end. */
  endsSpaRefreshTokens: boolean;
}

const publicGrantTypes = ['authorization_code', 'implicit', 'refresh_token'];
const allGrantTypes = [...publicGrantTypes, 'client_credentials'];

function isPublicType(app_type: AppType): boolean {
  return app_type === 'spa' || app_type === 'native';
}

export const tenantFileDefaults: ClientDefaults = {
  app_type: 'regular_web',
  // CL-5: there is one pipeline here, and it conforms.
  oidc_conformant: true,
  token_endpoint_auth_method: (app_type) => (isPublicType(app_type) ? 'none' : 'client_secret_post'),
  /** TK-13 */
  grant_types(app_type) {
    if (app_type === 'resource_server') return [];
    return isPublicType(app_type) ? publicGrantTypes : allGrantTypes;
  },
  /** DIS-24 */
  refresh_token: (app_type) => (app_type === 'spa' ? defaultSpaRefreshToken : defaultRefreshToken),
  endsSpaRefreshTokens: true,
};

/** CL-3, as recorded. */
export const managementApiDefaults: ClientDefaults = {
  app_type: null,
  oidc_conformant: false,
  token_endpoint_auth_method: () => null,
  grant_types(app_type, method) {
    if (app_type === 'resource_server') return [];
    return method === 'none' ? publicGrantTypes : allGrantTypes;
  },
  refresh_token: (app_type) =>
    app_type === 'non_interactive'
      ? { ...defaultRefreshToken, token_lifetime: 31_557_600, idle_token_lifetime: 2_592_000 }
      : defaultRefreshToken,
  endsSpaRefreshTokens: false,
};
