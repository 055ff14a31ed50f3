import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Client, defaultRefreshToken } from '../../model/client.ts';
import { isAllowedCallback, isVerifiableCallback, onlyCallback, withoutFragment } from './redirect-uri.ts';

function clientWith(callbacks: string[], differing: Partial<Client> = {}): Client {
  return {
    client_id: 'spa',
    name: 'Single page',
    description: null,
    app_type: 'spa',
    logo_uri: null,
    callbacks,
    allowed_logout_urls: [],
    web_origins: [],
    allowed_origins: [],
    initiate_login_uri: null,
    is_first_party: true,
    oidc_conformant: true,
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'none',
    client_authentication_methods: null,
    redirection_policy: null,
    registration: null,
    oidc_logout: null,
    require_pushed_authorization_requests: false,
    par_request_expiry: null,
    signed_request_object: null,
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
    refresh_token: defaultRefreshToken,
    require_proof_of_possession: false,
    compliance_level: 'none',
    client_metadata: {},
    skip_non_verifiable_callback_uri_confirmation_prompt: null,
    is_token_endpoint_ip_header_trusted: false,
    resource_server_identifier: null,
    token_exchange: null,
    organization_usage: null,
    organization_require_behavior: null,
    unused: {},
    global: false,
    is_system: false,
    created_at: 0,
    updated_at: 0,
    ...differing,
  };
}

const native: Partial<Client> = { app_type: 'native' };

test('AZ-6: everything from # on is stripped', () => {
  expect(withoutFragment('https://app.example/cb#a#b')).toBe('https://app.example/cb');
  expect(withoutFragment('https://app.example/cb')).toBe('https://app.example/cb');
  expect(withoutFragment('#')).toBe('');
});

describe('CB-1, RFC 9700 §2.1: exact string matching', () => {
  const registered = 'https://app.example/callback?a=1';

  test('CB-7: any entry may match', () => {
    const client = clientWith(['https://one.example/', registered]);
    expect(isAllowedCallback(client, registered)).toBe(true);
    expect(isAllowedCallback(client, 'https://one.example/')).toBe(true);
  });

  test.each([
    'https://app.example/callback',
    'https://app.example/callback?a=1&b=2',
    'https://app.example/callback?A=1',
    'https://app.example/callback/?a=1',
    'https://app.example/Callback?a=1',
    'https://APP.example/callback?a=1',
    'HTTPS://app.example/callback?a=1',
    'http://app.example/callback?a=1',
    'https://app.example:443/callback?a=1',
    'https://app.example./callback?a=1',
    'https://app.example/./callback?a=1',
    'https://app.example/%63allback?a=1',
    'https://app.example.evil.example/callback?a=1',
    'https://app.example@evil.example/callback?a=1',
    'https://evil.example/https://app.example/callback?a=1',
    'https:\\\\app.example\\callback?a=1',
    ' https://app.example/callback?a=1',
    'https://app.example/callback?a=1 ',
    'https://app.example/callback?a=1\t',
    '//app.example/callback?a=1',
    '/callback?a=1',
    '',
  ])('CB-2, CB-3: %j is another callback', (sent) => {
    expect(isAllowedCallback(clientWith([registered]), sent)).toBe(false);
  });

  test('without patterns nothing but a registered string is allowed', () => {
    const client = clientWith([registered, 'com.myclientapp://myclientapp.com/callback']);
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (sent) => {
        expect(isAllowedCallback(client, sent)).toBe(client.callbacks.includes(sent));
      }),
    );
  });
});

describe('CB-4: a wildcard for one label', () => {
  const table: [registered: string, sent: string, allowed: boolean][] = [
    ['https://*.example.com/cb', 'https://one.example.com/cb', true],
    ['https://*.example.com/cb', 'https://a-1.example.com/cb', true],
    ['https://pre-*-post.example.com/cb', 'https://pre-x-post.example.com/cb', true],
    ['https://*.example.com:8443/cb?a=b', 'https://x.example.com:8443/cb?a=b', true],
    ['http://*.example.com', 'http://x.example.com', true],
    ['https://*.example.com/cb', 'https://example.com/cb', false],
    ['https://*.example.com/cb', 'https://.example.com/cb', false],
    ['https://*.example.com/cb', 'https://a.b.example.com/cb', false],
    ['https://*.example.com/cb', 'https://*.example.com/cb', false],
    ['https://*.example.com/cb', 'https://evil.example/x.example.com/cb', false],
    ['https://*.example.com/cb', 'https://evil?.example.com/cb', false],
    ['https://*.example.com/cb', 'https://evil\\.example.com/cb', false],
    ['https://*.example.com/cb', 'https://a%2eb.example.com/cb', false],
    ['https://*.example.com/cb', 'https://user@x.example.com/cb', false],
    ['https://*.example.com/cb', 'https://bücher.example.com/cb', false],
    ['https://*.example.com/cb', `https://${'a'.repeat(64)}.example.com/cb`, false],
    ['https://*.example.com/cb', 'https://x.example.com/cb/', false],
    ['https://*.example.com/cb', 'http://x.example.com/cb', false],
    ['https://pre-*-post.example.com/cb', 'https://pre--post.example.com/cb', false],
    ['https://pre-*-post.example.com/cb', 'https://pre-post.example.com/cb', false],
    ['https://*.com', 'https://x.com', false],
    ['https://a.*.example.com/', 'https://a.b.example.com/', false],
    ['https://**.example.com/', 'https://ab.example.com/', false],
    ['https://example.com/*', 'https://example.com/x', false],
    ['com.app://*.example.com/', 'com.app://x.example.com/', false],
    // CB-5, CB-6: placeholders match nothing yet, themselves included.
    ['https://{organization_name}.example.com/', 'https://acme.example.com/', false],
    ['https://{organization_name}.example.com/', 'https://{organization_name}.example.com/', false],
  ];

  test.each(table)('%s and %s', (registered, sent, allowed) => {
    expect(isAllowedCallback(clientWith([registered]), sent)).toBe(allowed);
  });

  test('CB-8: not for third-party clients', () => {
    const third = clientWith(['https://*.example.com/cb'], { is_first_party: false });
    expect(isAllowedCallback(third, 'https://one.example.com/cb')).toBe(false);
  });
});

describe('DIS-17, RFC 8252 §7.3: loopback callbacks of native clients', () => {
  const registered = ['http://127.0.0.1/callback', 'http://[::1]:9000/cb?a=b', 'http://localhost'];
  const table: [sent: string, allowed: boolean][] = [
    ['http://127.0.0.1/callback', true],
    ['http://127.0.0.1:51004/callback', true],
    ['http://[::1]/cb?a=b', true],
    ['http://[::1]:1/cb?a=b', true],
    ['http://localhost:3000', true],
    ['https://127.0.0.1:51004/callback', false],
    ['http://127.0.0.1:51004/callback/', false],
    ['http://127.0.0.1:51004/callback?a=b', false],
    ['http://127.0.0.1:/callback', false],
    ['http://127.0.0.1:123456/callback', false],
    ['http://127.0.0.1:51004@evil.example/callback', false],
    ['http://user@127.0.0.1:51004/callback', false],
    ['http://127.0.0.1.evil.example:51004/callback', false],
    ['http://127.0.0.2:51004/callback', false],
    ['http://127.1:51004/callback', false],
    ['http://localhost:51004/callback', false],
    ['http://[::1]:51004/callback', false],
    ['http://LOCALHOST:3000', false],
  ];

  test.each(table)('%s', (sent, allowed) => {
    expect(isAllowedCallback(clientWith(registered, native), sent)).toBe(allowed);
  });

  test('CB-10: every other client’s port is exact', () => {
    const spa = clientWith(['http://localhost:3000/cb']);
    expect(isAllowedCallback(spa, 'http://localhost:3000/cb')).toBe(true);
    expect(isAllowedCallback(spa, 'http://localhost:3001/cb')).toBe(false);
    expect(isAllowedCallback(spa, 'http://127.0.0.1:3000/cb')).toBe(false);
  });
});

test('AZ-56, CB-11: the only callback, if there is exactly one and it is no pattern', () => {
  expect(onlyCallback(clientWith(['https://app.example/cb']))).toBe('https://app.example/cb');
  expect(onlyCallback(clientWith([]))).toBeUndefined();
  expect(onlyCallback(clientWith(['https://a.example/', 'https://b.example/']))).toBeUndefined();
  expect(onlyCallback(clientWith(['https://*.example.com/']))).toBeUndefined();
  expect(onlyCallback(clientWith(['https://{organization_name}.example.com/']))).toBeUndefined();
});

test('CB-13: custom schemes and loopback addresses prove nothing about whose they are', () => {
  expect(isVerifiableCallback('https://app.example/cb')).toBe(true);
  expect(isVerifiableCallback('http://app.example/cb')).toBe(true);
  for (const callback of [
    'com.myclientapp://myclientapp.com/callback',
    'http://localhost:3000/cb',
    'http://127.0.0.1:1/cb',
    'http://[::1]/cb',
    'https://localhost/cb',
  ]) {
    expect(isVerifiableCallback(callback), callback).toBe(false);
  }
});
