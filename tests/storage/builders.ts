// Valid rows of every kind; a test states only what differs.
import type { LoginTransaction, Ticket } from '../../packages/server/src/login/ports.ts';
import type { Role } from '../../packages/server/src/model/access-control.ts';
import { type Client, defaultSpaRefreshToken } from '../../packages/server/src/model/client.ts';
import type { DatabaseConnection } from '../../packages/server/src/model/connection.ts';
import type { LogEvent, Requester } from '../../packages/server/src/model/events.ts';
import type { Invitation } from '../../packages/server/src/model/invitation.ts';
import type { Organization, OrganizationConnection } from '../../packages/server/src/model/organization.ts';
import type { ClientGrant, ResourceServer } from '../../packages/server/src/model/resource-server.ts';
import type { Session, UserGrant } from '../../packages/server/src/model/session.ts';
import type { SigningKey } from '../../packages/server/src/model/signing-key.ts';
import type { Identity, User } from '../../packages/server/src/model/user.ts';
import type { DeviceCode } from '../../packages/server/src/oauth/device-codes.ts';
import type { AuthorizationCode } from '../../packages/server/src/oauth/ports.ts';
import type { PushedRequest } from '../../packages/server/src/oauth/pushed-requests.ts';
import type { RefreshToken, RefreshTokenFamily } from '../../packages/server/src/oauth/token/ports.ts';
import { type OpenedDatabase, start } from './databases.ts';

export function client(differs: Partial<Client> = {}): Client {
  return {
    client_id: 'spa',
    name: 'Single page',
    description: null,
    app_type: 'spa',
    logo_uri: null,
    callbacks: ['https://app.example/callback'],
    allowed_logout_urls: [],
    web_origins: ['https://app.example'],
    allowed_origins: [],
    initiate_login_uri: null,
    is_first_party: true,
    oidc_conformant: true,
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    client_authentication_methods: null,
    redirection_policy: null,
    registration: null,
    oidc_logout: null,
    require_pushed_authorization_requests: false,
    par_request_expiry: null,
    signed_request_object: null,
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
    refresh_token: defaultSpaRefreshToken,
    require_proof_of_possession: false,
    compliance_level: 'none',
    client_metadata: { colour: 'blå' },
    skip_non_verifiable_callback_uri_confirmation_prompt: null,
    is_token_endpoint_ip_header_trusted: false,
    resource_server_identifier: null,
    token_exchange: null,
    organization_usage: null,
    organization_require_behavior: null,
    unused: { sso_disabled: true },
    global: false,
    is_system: false,
    created_at: start,
    updated_at: start,
    ...differs,
  };
}

export function resourceServer(differs: Partial<ResourceServer> = {}): ResourceServer {
  return {
    id: 'rs_1',
    identifier: 'https://api.example/',
    name: 'An API',
    scopes: [{ value: 'read:things', description: 'Read things' }],
    signing_alg: 'RS256',
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    token_dialect: 'access_token',
    enforce_policies: false,
    skip_consent_for_verifiable_first_party_clients: true,
    allow_offline_access: true,
    allow_online_access: false,
    subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'require_client_grant' } },
    proof_of_possession: null,
    unused: {},
    is_system: false,
    created_at: start,
    updated_at: start,
    ...differs,
  };
}

export function ticket(differs: Partial<Ticket> = {}): Ticket {
  return {
    hash: 'ticket-1',
    purpose: 'password_change',
    user_id: 'auth0|1',
    email: 'ada@example.com',
    connection_id: 'con_1',
    identity_user_id: '1',
    client_id: 'spa',
    mark_email_as_verified: true,
    result_url: null,
    organization_id: null,
    expires_at: start + 432_000,
    used_at: null,
    ...differs,
  };
}

export function clientGrant(differs: Partial<ClientGrant> = {}): ClientGrant {
  return {
    id: 'cgr_1',
    client_id: 'spa',
    audience: 'https://api.example/',
    scope: ['read:things'],
    subject_type: 'client',
    allow_all_scopes: false,
    organization_usage: null,
    allow_any_organization: null,
    unused: {},
    ...differs,
  };
}

export function connection(differs: Partial<DatabaseConnection> = {}): DatabaseConnection {
  return {
    id: 'con_1',
    name: 'Username-Password-Authentication',
    display_name: null,
    strategy: 'auth0',
    options: {
      passwordPolicy: 'good',
      disable_signup: false,
      requires_username: false,
      brute_force_protection: true,
    },
    is_domain_connection: false,
    realms: [differs.name ?? 'Username-Password-Authentication'],
    metadata: {},
    authentication: null,
    unused: {},
    created_at: start,
    updated_at: start,
    ...differs,
  };
}

export function user(differs: Partial<User> = {}): User {
  return {
    user_id: 'auth0|1',
    email: 'ada@example.com',
    email_verified: false,
    username: null,
    phone_number: null,
    phone_verified: false,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: null,
    middle_name: null,
    nickname: 'ada',
    picture: 'https://cdn.example/ada.png',
    user_metadata: { theme: 'dark', 'null byte': '\0', half: '\ud800' },
    app_metadata: {},
    blocked: false,
    blocked_set_at: null,
    multifactor: [],
    multifactor_last_modified: null,
    epoch: 0,
    created_at: start,
    updated_at: start,
    last_login: null,
    last_ip: null,
    logins_count: 0,
    last_password_reset: null,
    ...differs,
  };
}

export function identity(differs: Partial<Identity> = {}): Identity {
  return {
    connection_id: 'con_1',
    connection: 'Username-Password-Authentication',
    provider: 'auth0',
    user_id: '1',
    owner: 'auth0|1',
    email: 'ada@example.com',
    username: null,
    phone_number: null,
    isSocial: false,
    profile: null,
    ...differs,
  };
}

export function session(differs: Partial<Session> = {}): Session {
  return {
    sid: 'sid-1',
    user_id: 'auth0|1',
    epoch: 0,
    connection_id: 'con_1',
    authenticated_at: start,
    created_at: start,
    updated_at: start,
    last_interacted_at: start,
    expires_at: start + 1000,
    idle_expires_at: start + 100,
    persistent: true,
    initial_ip: '192.0.2.1',
    initial_user_agent: 'A',
    last_ip: '192.0.2.1',
    last_user_agent: 'A',
    ...differs,
  };
}

export function pushedRequest(differs: Partial<PushedRequest> = {}): PushedRequest {
  return {
    hash: 'pushed-1',
    client_id: 'spa',
    parameters: [['state', 'any\0thing']],
    browser: null,
    expires_at: start + 30,
    spent_at: null,
    ...differs,
  };
}

export function loginTransaction(differs: Partial<LoginTransaction> = {}): LoginTransaction {
  return {
    handle: 'handle-1',
    browser: 'browser-1',
    client_id: 'spa',
    identifier: null,
    request: {
      client_id: 'spa',
      redirect_uri: 'https://app.example/callback',
      redirect_uri_sent: 'https://app.example/callback',
      response_type: ['code'],
      response_mode: 'query',
      state: 'any\0thing',
      scope: ['openid'],
      audience: null,
      nonce: null,
      code_challenge: 'challenge',
      prompt: [],
      max_age: null,
      login_hint: null,
      screen_hint: null,
      hinted_user_id: null,
      ui_locales: [],
      acr_values: [],
      connection: null,
      dpop_jkt: null,
      extensions: {},
      correlation_id: null,
      pushed: null,
    },
    created_at: start,
    expires_at: start + 600,
    user_id: null,
    sid: null,
    authenticated_at: null,
    consented_at: null,
    confirmed_at: null,
    finished_at: null,
    ...differs,
  };
}

export function authorizationCode(differs: Partial<AuthorizationCode> = {}): AuthorizationCode {
  return {
    hash: 'code-1',
    aid: 'aid-1',
    client_id: 'spa',
    redirect_uri: 'https://app.example/callback',
    redirect_uri_sent: null,
    code_challenge: 'challenge',
    nonce: 'nonce',
    scope: ['openid', 'profile'],
    audience: null,
    organization: null,
    user_id: 'auth0|1',
    epoch: 0,
    sid: 'sid-1',
    auth_time: start,
    auth_time_requested: true,
    acr: null,
    dpop_jkt: null,
    issuer: 'https://id.example/',
    created_at: start,
    expires_at: start + 60,
    redeemed_at: null,
    ...differs,
  };
}

export function family(differs: Partial<RefreshTokenFamily> = {}): RefreshTokenFamily {
  return {
    aid: 'aid-1',
    client_id: 'spa',
    user_id: 'auth0|1',
    epoch: 0,
    sid: 'sid-1',
    jkt: null,
    scope: ['openid', 'offline_access'],
    audience: null,
    auth_time: start,
    created_at: start,
    absolute_at: start + 10_000,
    idle_at: start + 1000,
    online: false,
    revoked_at: null,
    revocation_reason: null,
    current_token: 'token-0',
    counter: 0,
    rotating: true,
    spent_token: null,
    spent_at: null,
    box: null,
    box_ends_at: null,
    ...differs,
  };
}

export function refreshToken(differs: Partial<RefreshToken> = {}): RefreshToken {
  return {
    hash: 'token-0',
    aid: 'aid-1',
    n: 0,
    issued_at: start,
    ...differs,
  };
}

export function deviceCode(differs: Partial<DeviceCode> = {}): DeviceCode {
  return {
    hash: 'device-1',
    user_code: 'user-code-1',
    aid: 'aid-1',
    client_id: 'spa',
    scope: ['openid', 'offline_access'],
    audience: null,
    interval: 5,
    polled_at: null,
    created_at: start,
    expires_at: start + 900,
    denied_at: null,
    approved_at: null,
    user_id: null,
    epoch: null,
    sid: null,
    ended_at: null,
    ...differs,
  };
}

export function userGrant(differs: Partial<UserGrant> = {}): UserGrant {
  return {
    id: 'grant-1',
    user_id: 'auth0|1',
    client_id: 'spa',
    audience: '',
    scope: ['openid'],
    created_at: start,
    ...differs,
  };
}

export function signingKey(differs: Partial<SigningKey> = {}): SigningKey {
  return {
    kid: 'kid-1',
    alg: 'RS256',
    status: 'current',
    private_key: 'PRIVATE-KEY-IN-CLEAR',
    public_jwk: { kty: 'RSA', n: 'n', e: 'AQAB' },
    certificate: 'MII',
    created_at: start,
    current_since: start,
    revoked_at: null,
    ...differs,
  };
}

export const successfulLogin: LogEvent = { type: 's', user_id: 'auth0|1', client_id: 'spa' };

export const requester: Requester = { ip: '192.0.2.1', user_agent: 'A', hostname: 'id.example' };

/** What tokens and sessions hang on: a client, a connection enabled for it, and a user of that connection. */
export async function insertClientAndUser(opened: OpenedDatabase): Promise<void> {
  await opened.write(async (stores) => {
    await stores.clients.upsert(client());
    await stores.connections.upsert(connection());
    await stores.connections.setClients('con_1', ['spa']);
    await stores.users.insert(user(), identity(), '$argon2id$hash');
  });
}

export function organization(differs: Partial<Organization> = {}): Organization {
  return {
    id: 'org_1',
    name: 'acme',
    display_name: 'Acme',
    branding: { logo_url: 'https://acme.example/logo.svg' },
    metadata: { plan: 'free' },
    unused: {},
    created_at: start,
    ...differs,
  };
}

export function organizationConnection(
  differs: Partial<OrganizationConnection> = {},
): OrganizationConnection {
  return {
    organization_id: 'org_1',
    connection_id: 'con_1',
    organization_connection_name: null,
    assign_membership_on_login: true,
    show_as_button: true,
    is_signup_enabled: true,
    is_enabled: true,
    unused: {},
    ...differs,
  };
}

export function role(differs: Partial<Role> = {}): Role {
  return {
    id: 'rol_1',
    name: 'Reader',
    description: null,
    permissions: [{ resource_server_identifier: 'https://api.example/', permission_name: 'read:things' }],
    is_system: false,
    ...differs,
  };
}

export function invitation(differs: Partial<Invitation> = {}): Invitation {
  return {
    id: 'uinv_1',
    organization_id: 'org_1',
    client_id: 'spa',
    connection_id: null,
    inviter: { name: 'Ada' },
    invitee: { email: 'grace@example.com' },
    roles: [],
    user_metadata: null,
    app_metadata: { plan: 'free' },
    login_url: 'https://app.example/login',
    created_at: start,
    expires_at: start + 604_800,
    ...differs,
  };
}
