import { expect, test } from 'vitest';
import { parseValue, problemsOf } from './testing/parsed.ts';

test('RS-1: what a resource server leaves out is resolved', () => {
  const file = parseValue({
    resourceServers: [{ identifier: 'https://api', scopes: [{ value: 'read:x' }] }],
  });
  expect(file.resourceServers[0]?.settings).toEqual({
    identifier: 'https://api',
    name: 'https://api',
    scopes: [{ value: 'read:x', description: '' }],
    signing_alg: 'RS256',
    token_lifetime: 86_400,
    token_lifetime_for_web: 86_400,
    token_dialect: null,
    enforce_policies: null,
    skip_consent_for_verifiable_first_party_clients: false,
    allow_offline_access: false,
    allow_online_access: false,
    subject_type_authorization: null,
    proof_of_possession: null,
    unused: {},
  });
});

test('AT-16: a resource server may not have the identifier of a client', () => {
  expect(
    problemsOf({ clients: [{ name: 'A', client_id: 'a' }], resourceServers: [{ identifier: 'a' }] }).join(),
  ).toContain('resourceServers[0].identifier must not be the client_id of a client');
});

test('RFC 6749 §3.3: a scope has no space and no quotation mark', () => {
  for (const value of ['read x', 'read"', 'read\\', '']) {
    expect(problemsOf({ resourceServers: [{ identifier: 'x', scopes: [{ value }] }] })).not.toEqual([]);
  }
});

test('scopes and identifiers may not repeat', () => {
  const scopes = [{ value: 'a' }, { value: 'a' }];
  expect(problemsOf({ resourceServers: [{ identifier: 'x', scopes }, { identifier: 'x' }] })).toHaveLength(2);
});
