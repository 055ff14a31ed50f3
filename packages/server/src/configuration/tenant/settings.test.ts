import { expect, test } from 'vitest';
import { parseValue, problemsOf } from '../testing/parsed.ts';

test.each(['office', '10.0.0.0/33', '10.0.0.0/8/8', '::/0', ''])(
  'AP-4: an allow-list with %j is a problem, not a server that does not start',
  (range) => {
    const tenant = { brute_force_protection: { allowlist: ['10.0.0.0/8', range] } };
    expect(problemsOf({ tenant })).toEqual([
      'tenant.brute_force_protection.allowlist[1] must be an IP address or a CIDR range',
    ]);
  },
);

test('AP-1, AP-4, AP-5, TX-3: attackProtection, as auth0-deploy-cli writes it', () => {
  const file = parseValue({
    attackProtection: {
      breachedPasswordDetection: { enabled: false },
      bruteForceProtection: { enabled: true, shields: ['block'], max_attempts: 3, allowlist: ['10.0.0.1'] },
      suspiciousIpThrottling: {
        shields: ['block'],
        stage: {
          'pre-login': { max_attempts: 7, rate: 40_000 },
          'pre-custom-token-exchange': { max_attempts: 4, rate: 2000 },
        },
      },
    },
  });
  expect(file.tenant).toMatchObject({
    brute_force_protection: { max_attempts: 3, allowlist: ['10.0.0.1'] },
    suspicious_ip_throttling: {
      shields: ['block'],
      stage: {
        'pre-login': { max_attempts: 7, rate: 40_000 },
        'pre-custom-token-exchange': { max_attempts: 4, rate: 2000 },
      },
    },
  });
  expect(file.warnings.map(({ path }) => path).sort()).toEqual([
    'attackProtection.breachedPasswordDetection',
  ]);
  expect(problemsOf({ attackProtection: { bruteForceProtection: { max_attempts: 0 } } })).toHaveLength(1);
});

test('TN-1: tenant settings keep to their schema', () => {
  expect(parseValue({ tenant: { session_lifetime: 8 } }).tenant).toMatchObject({
    session_lifetime: 8,
    idle_session_lifetime: 8,
    dialect: 'auth0',
  });
  expect(problemsOf({ tenant: { session_lifetime: 8, idle_session_lifetime: 9 } })).toHaveLength(1);
  expect(problemsOf({ tenant: { dialect: 'okta' } })).toEqual([
    'tenant.dialect must be one of "auth0", "oidc"',
  ]);
  expect(problemsOf({ tenant: { allowed_logout_urls: ['javascript:x'] } })).toHaveLength(1);
  expect(problemsOf({ tenant: { error_page: { url: 'http://a.example/' } } })).toEqual([
    'tenant.error_page.url must be an https:// URL (http:// only on a loopback host)',
  ]);
});
