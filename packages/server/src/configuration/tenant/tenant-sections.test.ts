import { describe, expect, test } from 'vitest';
import { tenantSettingsSchema } from '../../model/tenant.ts';
import { Findings } from '../findings.ts';
import { parseValue, problemsOf } from '../testing/parsed.ts';
import { changedSettings, settingsEntryOf, toldSettings } from './settings.ts';

const warned = (value: unknown) => parseValue(value).warnings.map(({ path }) => path);

describe('each section says all of its subject, and nothing of another', () => {
  test.each([
    [{ attackProtection: { bruteForceProtection: {} } }, ['brute_force_protection']],
    [{ attackProtection: { suspiciousIpThrottling: {} } }, ['suspicious_ip_throttling']],
    [{ branding: {} }, ['branding']],
    [{ prompts: {} }, ['prompts']],
    [{ branding: null, prompts: null, tenant: null }, []],
  ])('%j', (file, members) => {
    expect(Object.keys(parseValue(file).tenant ?? {})).toEqual(members);
  });

  test('`tenant` leaves protection and looks alone, unless it speaks of them', () => {
    const { branding, prompts, brute_force_protection, suspicious_ip_throttling, ...rest } =
      tenantSettingsSchema.parse({});
    expect(parseValue({ tenant: {} }).tenant).toEqual(rest);
    expect(parseValue({ tenant: { brute_force_protection: { max_attempts: 3 } } }).tenant).toEqual({
      ...rest,
      brute_force_protection: { ...brute_force_protection, max_attempts: 3 },
    });
    expect([branding, prompts, suspicious_ip_throttling.enabled]).toEqual([
      {},
      { universal_login_experience: 'new', identifier_first: false },
      true,
    ]);
  });
});

describe('§3.7: the settings of a tenant', () => {
  test('what Auth0 knows and this server has no use for is kept and told, with a warning', () => {
    const tenant = {
      sandbox_version: '22',
      guardian_mfa_page: { enabled: true, html: '<html>' },
      error_page: { html: '<p>', url: 'https://acme.example/error', show_log_link: true },
      flags: { universal_login: true, revoke_refresh_token_grant: true, enable_sso: false },
    };
    const { tenant: settings = {} } = parseValue({ tenant });
    expect(settings).toMatchObject({
      error_page: { url: 'https://acme.example/error' },
      flags: { revoke_refresh_token_grant: true },
      unused: {
        sandbox_version: '22',
        guardian_mfa_page: { enabled: true, html: '<html>' },
        error_page: { html: '<p>', show_log_link: true },
        flags: { universal_login: true, enable_sso: false },
      },
    });
    expect(warned({ tenant })).toEqual(
      expect.arrayContaining([
        'tenant.sandbox_version',
        'tenant.flags.universal_login',
        'tenant.error_page.html',
      ]),
    );
    const told = toldSettings(tenantSettingsSchema.parse(settings));
    expect(told).toMatchObject(tenant);
    expect(told.flags).toMatchObject({ disable_clickjack_protection_headers: false });
    expect(told).not.toHaveProperty('unused');
    expect(told).not.toHaveProperty('support_email');
  });

  test('lifetimes in minutes are hours', () => {
    const tenant = {
      session_lifetime_in_minutes: 90,
      idle_session_lifetime_in_minutes: 5,
      ephemeral_session_lifetime: 2,
      idle_ephemeral_session_lifetime_in_minutes: 15,
    };
    expect(parseValue({ tenant }).tenant).toMatchObject({
      session_lifetime: 1.5,
      idle_session_lifetime: 5 / 60,
      unused: { ephemeral_session_lifetime: 2, idle_ephemeral_session_lifetime: 0.25 },
    });
  });

  test.each([
    [{ enabled_locales: [] }, 'tenant.enabled_locales must not be empty'],
    [{ enabled_locales: ['tlh'] }, 'tenant.enabled_locales[0] must be one of'],
    [{ support_email: 'nobody' }, 'tenant.support_email must be an e-mail address'],
    [{ support_url: 'javascript:alert(1)' }, 'tenant.support_url must be an http:// or https:// URL'],
    [
      { default_redirection_uri: 'http://a.example/' },
      'tenant.default_redirection_uri must be an https:// URL',
    ],
    [{ flags: { enable_sso: 'yes' } }, 'tenant.flags.enable_sso must be a boolean'],
    [{ flags: { enable_everything: true } }, 'tenant.flags.enable_everything is no known key'],
    [{ device_flow: { mask: '***' } }, 'tenant.device_flow.mask must have at least 8 *'],
    [
      { session_lifetime_in_minutes: 60, idle_session_lifetime_in_minutes: 61 },
      'tenant.idle_session_lifetime must not be longer than session_lifetime (1)',
    ],
    [
      { default_token_quota: { clients: {} } },
      'tenant.default_token_quota.clients.client_credentials is missing',
    ],
  ])('%j is a problem', (tenant, words) => {
    expect(problemsOf({ tenant })).toEqual([expect.stringContaining(words)]);
  });

  test('an empty address leads nowhere', () => {
    const tenant = {
      support_email: '',
      support_url: '',
      picture_url: '',
      default_redirection_uri: '',
      error_page: { url: '' },
    };
    expect(parseValue({ tenant }).tenant).toMatchObject({
      support_email: null,
      support_url: null,
      picture_url: null,
      default_redirection_uri: null,
      error_page: null,
    });
  });

  test('a change replaces what it names, flags one by one, and leaves the rest', () => {
    const { tenant: before } = parseValue({
      tenant: {
        friendly_name: 'Acme',
        flags: { revoke_refresh_token_grant: true, enable_sso: true },
        change_password: { enabled: true },
        session_lifetime: 100,
        idle_session_lifetime: 50,
      },
    });
    const stored = tenantSettingsSchema.parse(before);
    const findings = new Findings('');
    const change = (body: object) => changedSettings(stored, body, [], findings);
    expect(change({ flags: { remove_alg_from_jwks: true } })).toMatchObject({
      friendly_name: 'Acme',
      flags: { revoke_refresh_token_grant: true, remove_alg_from_jwks: true },
      unused: { flags: { enable_sso: true }, change_password: { enabled: true } },
    });
    expect(change({ change_password: null, friendly_name: null })).toMatchObject({
      friendly_name: 'Freehold',
      unused: { flags: { enable_sso: true } },
    });
    expect(change({ session_lifetime: 10 })).toMatchObject({
      session_lifetime: 10,
      idle_session_lifetime: 10,
    });
    expect(change({ session_lifetime_in_minutes: 6000 })).toMatchObject({ idle_session_lifetime: 50 });
    expect(findings.problems).toEqual([]);
    change({ idle_session_lifetime: 101 });
    expect(findings.problems).toEqual([
      {
        path: 'idle_session_lifetime',
        line: undefined,
        text: 'must not be longer than session_lifetime (100)',
      },
    ]);
  });

  test('what is told can be said again, and is then the same', () => {
    const stored = tenantSettingsSchema.parse(parseValue({ tenant: { error_page: { html: '<p>' } } }).tenant);
    const findings = new Findings('');
    const again = changedSettings(stored, settingsEntryOf(stored), [], findings);
    const {
      branding: _b,
      prompts: _p,
      brute_force_protection: _f,
      suspicious_ip_throttling: _i,
      ...members
    } = stored;
    expect([again, findings.problems]).toEqual([members, []]);
  });
});

describe('branding and prompts', () => {
  const gradient = { type: 'linear-gradient', start: '#000000', end: '#fff', angle_deg: 35 };

  test('as auth0-deploy-cli writes them; null is nothing', () => {
    const branding = {
      colors: { primary: '#0059d6', page_background: gradient },
      logo_url: 'https://acme.example/logo.png',
      favicon_url: null,
      font: { url: 'https://acme.example/acme.woff2' },
    };
    const { favicon_url: _, ...given } = branding;
    expect(parseValue({ branding }).tenant?.branding).toEqual(given);
    expect(
      parseValue({ prompts: { identifier_first: true, webauthn_platform_first_factor: null } }).tenant,
    ).toEqual({
      prompts: { universal_login_experience: 'new', identifier_first: true },
    });
    expect(warned({ branding: { templates: [] }, prompts: { customText: {}, partials: {} } })).toEqual([
      'branding.templates',
      'prompts.customText',
      'prompts.partials',
    ]);
  });

  test.each([
    [{ colors: { primary: 'red' } }, 'branding.colors.primary must be a colour'],
    [{ colors: { page_background: 'red' } }, 'branding.colors.page_background must be a colour'],
    [
      { colors: { page_background: { ...gradient, start: 'url(//x)' } } },
      'branding.colors.page_background.start must be a colour',
    ],
    [{ logo_url: 'http://acme.example/logo.png' }, 'branding.logo_url must be an https:// URL'],
    [{ favicon_url: 'data:image/png;base64,AA' }, 'branding.favicon_url must be an https:// URL'],
    [{ font: { url: 'https://acme.example/a b' } }, 'branding.font.url must be an https:// URL'],
    [{ logo: '' }, 'branding.logo is no known key'],
  ])('%j is a problem', (branding, words) => {
    expect(problemsOf({ branding })).toEqual([expect.stringContaining(words)]);
  });
});
