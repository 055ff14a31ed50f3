// /tenants/settings, /branding, /prompts and /attack-protection of the Management API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../../setup/agent.ts';
import { audience, authorizationUrl, callback, newPkce, sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const settingsPath = '/tenants/settings';
const bruteForcePath = '/attack-protection/brute-force-protection';
const throttlingPath = '/attack-protection/suspicious-ip-throttling';

async function refusalOf(path: string, body: unknown): Promise<unknown> {
  const before = await api.get(path);
  const answer = await api.patch(path, body);
  expect((await api.get(path)).body).toEqual(before.body);
  expect({ status: answer.status, error: answer.body.error, errorCode: answer.body.errorCode }).toEqual({
    status: 400,
    error: 'Bad Request',
    errorCode: 'invalid_body',
  });
  return answer.body.message;
}

describe('§3.7: /tenants/settings', () => {
  test('what is told of a tenant that nobody has changed', async () => {
    const { status, body } = await api.get(settingsPath);
    expect([status, body]).toEqual([
      200,
      {
        acr_values_supported: [],
        allowed_logout_urls: [],
        authorization_code_lifetime: 60,
        device_flow: { charset: 'base20', mask: '****-****' },
        dialect: 'auth0',
        dynamic_client_registration_security_mode: 'strict',
        enabled_locales: ['en'],
        flags: {
          allow_changing_enable_sso: false,
          disable_clickjack_protection_headers: false,
          disable_impersonation: true,
          enable_client_connections: true,
          enable_dynamic_client_registration: false,
          enable_public_signup_user_exists_error: false,
          enable_sso: true,
          enforce_client_authentication_on_passwordless_start: false,
          new_universal_login_experience_enabled: true,
          remove_alg_from_jwks: false,
          require_pushed_authorization_requests: false,
          revoke_refresh_token_grant: false,
          universal_login: true,
          use_scope_descriptions_for_consent: false,
        },
        friendly_name: 'Acme',
        idle_session_lifetime: 72,
        log_retention_days: 30,
        oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
        pushed_authorization_requests_supported: false,
        rate_limits: { allowlist: [], enabled: true },
        refresh_token: { retry_safe: true, retry_window: 60 },
        resource_parameter_profile: 'audience',
        session_cookie: { mode: 'persistent' },
        session_lifetime: 168,
        sessions: { oidc_logout_prompt_enabled: true },
      },
    ]);
  });

  test('a change as recorded; members that have no effect are told again', async () => {
    const change = {
      friendly_name: 'My Example Tenant',
      support_email: 'support@example.com',
      support_url: 'https://support.example.com',
      allowed_logout_urls: ['https://app.com/logout', 'http://localhost/logout'],
      default_redirection_uri: 'https://example.com/login',
      default_token_quota: {
        clients: { client_credentials: { enforce: true, per_day: 100, per_hour: 10 } },
        organizations: { client_credentials: { enforce: true, per_day: 100, per_hour: 10 } },
      },
      enabled_locales: ['fr', 'en', 'es'],
      session_cookie: { mode: 'non-persistent' },
      sessions: { oidc_logout_prompt_enabled: false },
      acr_values_supported: ['foo', 'bar'],
      mtls: { enable_endpoint_aliases: true },
      pushed_authorization_requests_supported: true,
      resource_parameter_profile: 'compatibility',
      client_id_metadata_document_supported: true,
      country_codes: { list: ['US', 'GB'], mode: 'allow' },
    };
    const lifetimes = {
      session_lifetime: 1080,
      idle_session_lifetime: 720,
      ephemeral_session_lifetime: 2,
      idle_ephemeral_session_lifetime_in_minutes: 15,
    };
    const { status, body } = await api.patch(settingsPath, { ...change, ...lifetimes });
    const { idle_ephemeral_session_lifetime_in_minutes: _, ...hours } = lifetimes;
    const told = { ...change, ...hours, idle_ephemeral_session_lifetime: 0.25 };
    expect(status).toBe(200);
    expect(body).toMatchObject(told);
    expect(body).not.toHaveProperty('idle_ephemeral_session_lifetime_in_minutes');
    expect((await api.get(settingsPath)).body).toEqual(body);
    const minutes = await api.patch(settingsPath, {
      session_lifetime_in_minutes: 30,
      idle_session_lifetime_in_minutes: 5,
    });
    expect(minutes.body).toMatchObject({
      ...told,
      session_lifetime: 0.5,
      idle_session_lifetime: 0.08333333333333333,
    });
    const discovery = await new Agent(freehold.issuer).send('/.well-known/openid-configuration');
    expect(discovery.json()).toMatchObject({
      acr_values_supported: ['foo', 'bar'],
      pushed_authorization_request_endpoint: `${freehold.issuer}oauth/par`,
    });
    const again = await api.patch(settingsPath, {
      ...Object.fromEntries(Object.keys(change).map((name) => [name, null])),
      friendly_name: '',
      support_email: '',
      support_url: '',
      default_redirection_uri: '',
      allowed_logout_urls: [],
      resource_parameter_profile: 'audience',
      default_token_quota: null,
      enabled_locales: ['en'],
      client_id_metadata_document_supported: false,
      flags: {},
    });
    expect([again.status, again.body.friendly_name]).toEqual([200, 'Freehold']);
    for (const name of ['mtls', 'default_token_quota', 'support_email', 'country_codes'])
      expect(again.body).not.toHaveProperty(name);
  });

  test('null takes away what was set; flags change one by one', async () => {
    await api.patch(settingsPath, {
      change_password: { enabled: true, html: '<p>' },
      error_page: { url: 'https://acme.example/error', show_log_link: true },
      flags: { universal_login: false, revoke_refresh_token_grant: true },
    });
    const { body } = await api.patch(settingsPath, {
      change_password: null,
      error_page: null,
      support_email: '',
      flags: { remove_alg_from_jwks: true },
    });
    for (const name of ['change_password', 'error_page', 'support_email'])
      expect(body).not.toHaveProperty(name);
    expect(body.flags).toMatchObject({
      universal_login: false,
      revoke_refresh_token_grant: true,
      remove_alg_from_jwks: true,
    });
    await api.patch(settingsPath, {
      flags: { revoke_refresh_token_grant: false, remove_alg_from_jwks: false },
    });
  });

  test('our own settings are told and changed there too', async () => {
    const extensions = {
      dialect: 'oidc',
      refresh_token: { retry_safe: false, retry_window: 5 },
      log_retention_days: 7,
      authorization_code_lifetime: 30,
      rate_limits: { enabled: true, burst: 100_000, per_second: 1000, allowlist: ['10.0.0.0/8'] },
    };
    expect((await api.patch(settingsPath, extensions)).body).toMatchObject(extensions);
    expect(freehold.composed.tenant.settings.dialect).toBe('auth0');
    await new Agent(freehold.issuer).send('/');
    expect(freehold.composed.tenant.settings).toMatchObject(extensions);
    await api.patch(settingsPath, { dialect: 'auth0', rate_limits: null });
  });

  test('fields', async () => {
    const { body } = await api.get(`${settingsPath}?fields=friendly_name,flags&include_fields=true`);
    expect(Object.keys(body).sort()).toEqual(['flags', 'friendly_name']);
    const rest = await api.get(`${settingsPath}?fields=friendly_name&include_fields=false`);
    expect(rest.body).not.toHaveProperty('friendly_name');
    expect((await api.get(`${settingsPath}?fields=name`)).status).toBe(400);
  });

  test.each([
    [
      { friendly_name: 7 },
      "Payload validation error: 'Expected type string but found type integer' on property friendly_name",
    ],
    [{ tenant: 'x' }, "Payload validation error: 'Additional properties not allowed: tenant'"],
    [
      { flags: { x: true } },
      "Payload validation error: 'Additional properties not allowed: x' on property flags",
    ],
    [
      { flags: { enable_sso: 1 } },
      "Payload validation error: 'Expected type boolean but found type integer' on property flags.enable_sso",
    ],
    [
      { session_lifetime: 0 },
      "Payload validation error: 'Value 0 is less than minimum 0.01' on property session_lifetime",
    ],
    [
      { session_lifetime_in_minutes: 1.5 },
      "'Expected type integer but found type number' on property session_lifetime_in_minutes",
    ],
    [
      { session_lifetime: 5, idle_session_lifetime: 6 },
      "Payload validation error: 'must not be longer than session_lifetime (5)' on property idle_session_lifetime",
    ],
    [
      { enabled_locales: [] },
      "Payload validation error: 'Array is too short (0), minimum 1' on property enabled_locales",
    ],
    [
      { enabled_locales: ['tlh'] },
      "Payload validation error: 'No enum match for: tlh' on property enabled_locales[0]",
    ],
    [
      { support_email: 'nobody' },
      "Payload validation error: 'Object didn't pass validation for format email-or-empty: nobody' on property support_email",
    ],
    [
      { default_redirection_uri: 'http://a.example/' },
      "Payload validation error: 'Object didn't pass validation for format absolute-https-uri-or-empty: http://a.example/' on property default_redirection_uri",
    ],
    [{ allowed_logout_urls: ['javascript:alert(1)'] }, 'on property allowed_logout_urls[0]'],
    [{ device_flow: { mask: '****' } }, 'on property device_flow.mask'],
    [
      { default_audience: 'https://nowhere.example/' },
      "'names no resource server: add one with this identifier' on property default_audience",
    ],
    [
      { default_directory: 'nowhere' },
      "'names no connection: add one of this name' on property default_directory",
    ],
    [{ dialect: 'okta' }, "'No enum match for: okta' on property dialect"],
    [[], "'Expected type object but found type array'"],
    [{}, "'Too few properties defined (0), minimum 1'"],
    [{ support_email: null }, "'Expected type string but found type null' on property support_email"],
    ['not json', "'The body is not JSON'"],
  ])('%j is refused in Auth0’s words, and nothing changes', async (body, words) => {
    expect(await refusalOf(settingsPath, body)).toContain(words);
  });

  test('what the settings name may be anything that is there', async () => {
    const { status } = await api.patch(settingsPath, { default_audience: audience });
    expect(status).toBe(200);
    expect((await api.patch(settingsPath, { default_audience: '' })).body).not.toHaveProperty(
      'default_audience',
    );
  });

  test('§3.1: each needs its scope', async () => {
    const reader = await managementApi(freehold, ['read:tenant_settings'], 'reader');
    expect((await reader.get(settingsPath)).status).toBe(200);
    const refused = await reader.patch(settingsPath, {});
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'Insufficient scope, expected any of: update:tenant_settings',
    ]);
  });

  test('a change that somebody else has outrun is refused', async () => {
    const { headers } = await api.get(settingsPath);
    await api.patch(settingsPath, { friendly_name: 'First' });
    const answer = await api.patch(
      settingsPath,
      { friendly_name: 'Second' },
      { 'if-match': String(headers.etag) },
    );
    expect([answer.status, (await api.get(settingsPath)).body.friendly_name]).toEqual([412, 'First']);
  });
});

describe('§3.7: /prompts', () => {
  test('is told, changed and refused', async () => {
    const path = '/prompts';
    expect((await api.get(path)).body).toEqual({
      universal_login_experience: 'new',
      identifier_first: false,
    });
    const change = { universal_login_experience: 'classic', identifier_first: true };
    expect((await api.patch(path, change)).body).toEqual(change);
    expect((await api.patch(path, { webauthn_platform_first_factor: true })).body).toEqual({
      ...change,
      webauthn_platform_first_factor: true,
    });
    expect(
      (await api.patch(path, { webauthn_platform_first_factor: null, identifier_first: null })).body,
    ).toEqual({
      universal_login_experience: 'classic',
      identifier_first: false,
    });
    expect(await refusalOf(path, { universal_login_experience: 'old' })).toBe(
      "Payload validation error: 'No enum match for: old' on property universal_login_experience.",
    );
  });
});

describe('§3.7: /attack-protection', () => {
  async function failedLogin(): Promise<number> {
    const url = authorizationUrl(freehold, newPkce());
    return (await new Agent(freehold.issuer).logIn(url, 'ada@example.com', 'wrong')).status;
  }

  test('AP-1, AP-4: brute-force protection takes effect at once', async () => {
    expect((await api.get(bruteForcePath)).body).toEqual({
      enabled: true,
      shields: ['block', 'user_notification'],
      mode: 'count_per_identifier_and_ip',
      allowlist: [],
      max_attempts: 10,
    });
    expect((await api.patch(bruteForcePath, { max_attempts: 1 })).body).toMatchObject({
      max_attempts: 1,
      enabled: true,
    });
    expect([await failedLogin(), await failedLogin()]).toEqual([400, 429]);
    await api.patch(bruteForcePath, { shields: ['user_notification'] });
    expect(await failedLogin()).toBe(400);
    const whole = {
      enabled: true,
      shields: ['user_notification', 'block'],
      mode: 'count_per_identifier',
      allowlist: ['127.0.0.1', '2001:db8::/32'],
      max_attempts: 100,
    };
    expect((await api.patch(bruteForcePath, whole)).body).toEqual(whole);
  });

  test('AP-5: suspicious IP throttling, stage by stage', async () => {
    expect((await api.get(throttlingPath)).body).toEqual({
      enabled: true,
      shields: ['block', 'admin_notification'],
      allowlist: [],
      stage: {
        'pre-login': { max_attempts: 100, rate: 864_000 },
        'pre-user-registration': { max_attempts: 50, rate: 1200 },
        'pre-custom-token-exchange': { max_attempts: 10, rate: 600_000 },
      },
    });
    const stage = { 'pre-login': { max_attempts: 1, rate: 34_560 } };
    expect((await api.patch(throttlingPath, { allowlist: ['127.0.0.1'], stage })).body).toMatchObject({
      allowlist: ['127.0.0.1'],
      stage: { ...stage, 'pre-user-registration': { max_attempts: 50, rate: 1200 } },
    });
  });

  test.each([
    [bruteForcePath, { max_attempts: 0 }, "'Value 0 is less than minimum 1' on property max_attempts"],
    [
      bruteForcePath,
      { max_attempts: 101 },
      "'Value 101 is greater than maximum 100' on property max_attempts",
    ],
    [bruteForcePath, { mode: 'x' }, "'No enum match for: x' on property mode"],
    [bruteForcePath, { shields: ['admin_notification'] }, 'on property shields[0]'],
    [bruteForcePath, { allowlist: ['::/0'] }, 'on property allowlist[0]'],
    [
      throttlingPath,
      { stage: { 'pre-logout': {} } },
      "'Additional properties not allowed: pre-logout' on property stage",
    ],
    [
      throttlingPath,
      { stage: { 'pre-login': { rate: 34_559 } } },
      "'Value 34559 is less than minimum 34560' on property stage.pre-login.rate",
    ],
    [
      throttlingPath,
      { stage: { 'pre-user-registration': { max_attempts: 72_001 } } },
      "'Value 72001 is greater than maximum 72000' on property stage.pre-user-registration.max_attempts",
    ],
    [
      throttlingPath,
      { stage: { 'pre-custom-token-exchange': { rate: 0 } } },
      'on property stage.pre-custom-token-exchange.rate',
    ],
    [throttlingPath, { allowlist: Array(101).fill('10.0.0.1') }, "'Array is too long (101), maximum 100'"],
  ])('%s refuses %j', async (path, body, words) => {
    expect(await refusalOf(path, body)).toContain(words);
  });
});

test('DR-1: registration, allowed by the Management API, is there at once', async () => {
  const agent = new Agent(freehold.issuer);
  const register = () => agent.postJson('/oidc/register', { redirect_uris: [callback] });
  expect((await register()).status).toBe(404);
  await api.patch(settingsPath, { flags: { enable_dynamic_client_registration: true } });
  expect((await register()).status).toBe(201);
});

test('a start with the tenant file leaves alone what the file does not speak of', async () => {
  const shared = { environment: { FREEHOLD_DATA_DIR: freehold.folder }, clock: freehold.clock };
  await api.patch(settingsPath, { friendly_name: 'By the API' });
  await api.patch('/branding', { logo_url: 'https://acme.example/logo.png' });
  const other = await startFreehold({ ...shared, tenant: { tenant: { friendly_name: 'By the file' } } });
  try {
    const { settings } = other.composed.tenant;
    expect([
      settings.friendly_name,
      settings.branding.logo_url,
      settings.brute_force_protection.max_attempts,
    ]).toEqual(['By the file', 'https://acme.example/logo.png', 100]);
  } finally {
    await other.stop();
  }
});
