import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { Findings } from '../findings.ts';
import { clientEntrySchema } from './client-schema.ts';
import { resolveClient } from './clients.ts';
import { tenantFileDefaults } from './defaults.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
const byKey = (alg: string) => ({ private_key_jwt: { credentials: [{ alg, pem }] } });
const bySubject = { tls_client_auth: { credentials: [{ subject_dn: 'CN=x' }] } };

function resolve(more: object) {
  const findings = new Findings('tenant.yaml');
  const entry = clientEntrySchema.parse({
    name: 'App',
    compliance_level: 'fapi2_sp_pkj_mtls',
    client_authentication_methods: byKey('PS256'),
    jwt_configuration: { alg: 'PS256' },
    ...more,
  });
  const settings = resolveClient(entry, ['clients', 0], findings, tenantFileDefaults).settings;
  return { settings, problems: findings.problems.map(({ path, text }) => `${path} ${text}`) };
}

test('FAPI 2.0 §5.3.2: a compliance_level brings its rules with it', () => {
  const { settings, problems } = resolve({});
  expect(problems).toEqual([]);
  expect(settings).toMatchObject({
    require_pushed_authorization_requests: true,
    require_proof_of_possession: true,
    compliance_level: 'fapi2_sp_pkj_mtls',
  });
  const byCertificate = { compliance_level: 'fapi2_sp_mtls_mtls', client_authentication_methods: bySubject };
  expect(resolve(byCertificate).problems).toEqual([]);
});

test.each([
  [{ client_authentication_methods: bySubject }, 'client_authentication_methods must be private_key_jwt'],
  [
    { compliance_level: 'fapi2_sp_mtls_mtls' },
    'client_authentication_methods must be tls_client_auth or self_signed_tls_client_auth',
  ],
  [
    { client_authentication_methods: byKey('RS256') },
    'client_authentication_methods must have keys for PS256 or ES256',
  ],
  [
    { signed_request_object: { credentials: [{ alg: 'RS256', pem }] } },
    'signed_request_object must have keys for PS256 or ES256',
  ],
  [{ jwt_configuration: { alg: 'RS256' } }, 'jwt_configuration.alg must be PS256 or ES256'],
  [{ grant_types: ['authorization_code', 'password'] }, 'grant_types must not have the password grants'],
  [
    { grant_types: ['http://auth0.com/oauth/grant-type/password-realm'] },
    'grant_types must not have the password grants',
  ],
  [{ refresh_token: { rotation_type: 'rotating' } }, 'refresh_token.rotation_type must be non-rotating'],
  [{ require_proof_of_possession: false }, 'require_proof_of_possession must be true'],
  [{ require_pushed_authorization_requests: false }, 'require_pushed_authorization_requests must be true'],
])('FAPI 2.0 §5.3.2: what contradicts it is a problem: %j', (differs, text) => {
  expect(resolve(differs).problems).toEqual([
    expect.stringMatching(new RegExp(`^clients\\[0\\]\\.${text}: fapi2_sp_\\w+ asks for it$`)),
  ]);
});
