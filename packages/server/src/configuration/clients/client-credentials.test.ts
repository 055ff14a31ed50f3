import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../runtime/cryptography/certificate.ts';
import { jwkThumbprint } from '../../runtime/cryptography/signature.ts';
import { Findings } from '../findings.ts';
import { clientEntrySchema } from './client-schema.ts';
import { resolveClient } from './clients.ts';
import { tenantFileDefaults } from './defaults.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const pemOf = ({ publicKey }: typeof rsa) => publicKey.export({ format: 'pem', type: 'spki' }).toString();

function resolve(credential: object, more: object = {}) {
  const findings = new Findings('tenant.yaml');
  const client_authentication_methods = { private_key_jwt: { credentials: [credential] } };
  const entry = clientEntrySchema.parse({ name: 'App', client_authentication_methods, ...more });
  const client = resolveClient(entry, ['clients', 0], findings, tenantFileDefaults);
  const problems = findings.problems.map(({ path, text }) => `${path} ${text}`);
  const warnings = findings.warnings.map(({ path, text }) => `${path} ${text}`);
  return { problems, warnings, settings: client.settings };
}
const credentialOf = (credential: object) =>
  resolve(credential).settings.client_authentication_methods?.private_key_jwt?.credentials[0];

describe('CA-7: client_authentication_methods', () => {
  test('a public key is a credential, the same at each start', () => {
    const pem = pemOf(rsa);
    expect(credentialOf({ pem })).toEqual({
      id: expect.stringMatching(/^cred_[0-9A-Za-z]{22}$/),
      name: '',
      credential_type: 'public_key',
      kid: jwkThumbprint(rsa.publicKey),
      alg: 'RS256',
      pem: pem.trim(),
      expires_at: null,
    });
    expect(credentialOf({ pem })).toEqual(credentialOf({ pem: `\n${pem}\n` }));
  });

  test('what is given is kept', () => {
    const given = { name: 'Ours', kid: 'a-kid-of-ours', alg: 'ES256', pem: pemOf(ec) };
    const credential = credentialOf({ ...given, expires_at: '2030-01-31T00:00:00.000Z' });
    expect(credential).toMatchObject({
      name: 'Ours',
      kid: 'a-kid-of-ours',
      alg: 'ES256',
      expires_at: 1_896_048_000,
    });
  });

  test('the client has no other method and needs no secret', () => {
    const { settings, warnings, problems } = resolve({ pem: pemOf(rsa) });
    expect([settings?.token_endpoint_auth_method, warnings, problems]).toEqual([null, [], []]);
    expect(resolve({ pem: pemOf(rsa) }, { client_secret: 'x'.repeat(64) }).warnings).toEqual([
      'clients[0].client_secret has no effect: this client authenticates by private_key_jwt',
    ]);
  });

  test('two ways to prove itself are a problem', () => {
    const { problems } = resolve({ pem: pemOf(rsa) }, { token_endpoint_auth_method: 'client_secret_post' });
    expect(problems).toEqual([
      'clients[0].token_endpoint_auth_method must be left out: client_authentication_methods says how the client proves itself',
    ]);
  });

  test.each([
    ['an id alone', { id: 'cred_1' }, 'is missing: an export leaves keys out, so give the public key in PEM'],
    [
      'a private key',
      { pem: rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
      'must be a public key or a certificate in PEM; the private key stays with the client',
    ],
    [
      'no PEM',
      { pem: 'MIIB' },
      'must be a public key or a certificate in PEM; the private key stays with the client',
    ],
    ['a key of another kind', { pem: pemOf(ec) }, 'must be a key for RS256: RSA of 2,048 bits or more'],
    ['a short key', { pem: pemOf(short) }, 'must be a key for RS256: RSA of 2,048 bits or more'],
    ['RSA for ES256', { pem: pemOf(rsa), alg: 'ES256' }, 'must be a key for ES256: P-256'],
  ])('%s is a problem', (_what, credential, text) => {
    expect(resolve(credential).problems).toEqual([
      `clients[0].client_authentication_methods.private_key_jwt.credentials[0].pem ${text}`,
    ]);
  });
});

describe('PA-7, PA-9: signed_request_object', () => {
  const of = (signed_request_object: object | null) => {
    const findings = new Findings('tenant.yaml');
    const entry = clientEntrySchema.parse({ name: 'App', app_type: 'spa', signed_request_object });
    const settings = resolveClient(entry, ['clients', 0], findings, tenantFileDefaults).settings;
    return {
      value: settings.signed_request_object,
      problems: findings.problems.map(({ path, text }) => `${path} ${text}`),
    };
  };

  test('its keys are credentials as the others are; required is off unless said', () => {
    const { value, problems } = of({ credentials: [{ pem: pemOf(ec), alg: 'ES256' }] });
    expect(problems).toEqual([]);
    expect(value).toEqual({
      required: false,
      credentials: [credentialOf({ pem: pemOf(ec), alg: 'ES256' })],
    });
    expect(of(null).value).toBeNull();
    expect(of({}).value).toEqual({ required: false, credentials: [] });
  });

  test('to require what nobody can sign is a problem, and so is a wrong key', () => {
    expect(of({ required: true }).problems).toEqual([
      'clients[0].signed_request_object.credentials must hold a public key, because request objects are required',
    ]);
    expect(of({ required: true, credentials: [{ pem: pemOf(ec) }] }).problems).toEqual([
      'clients[0].signed_request_object.credentials[0].pem must be a key for RS256: RSA of 2,048 bits or more',
    ]);
  });
});

describe('CA-11: certificates', () => {
  const certificate = `-----BEGIN CERTIFICATE-----\n${selfSignedCertificate({
    ...ec,
    commonName: 'payments',
    serial: Buffer.from('01'.repeat(16), 'hex'),
    notBefore: 1_700_000_000,
    notAfter: 1_900_000_000,
  })}\n-----END CERTIFICATE-----\n`;
  const methodsOf = (methods: object) => {
    const findings = new Findings('tenant.yaml');
    const entry = clientEntrySchema.parse({ name: 'App', client_authentication_methods: methods });
    const resolved = resolveClient(entry, ['clients', 0], findings, tenantFileDefaults).settings
      .client_authentication_methods;
    return { resolved, problems: findings.problems.map(({ path, text }) => `${path} ${text}`) };
  };

  test('CA-11: the subject of tls_client_auth is given, or read from a certificate', () => {
    for (const credential of [{ subject_dn: 'CN=payments' }, { pem: certificate }]) {
      const { resolved } = methodsOf({ tls_client_auth: { credentials: [credential] } });
      expect(Object.keys(resolved ?? {})).toEqual(['tls_client_auth']);
      expect(resolved?.tls_client_auth?.credentials).toMatchObject([
        { credential_type: 'cert_subject_dn', subject_dn: 'CN=payments' },
      ]);
    }
    expect(methodsOf({ tls_client_auth: { credentials: [{ name: 'x' }] } }).problems).toEqual([
      'clients[0].client_authentication_methods.tls_client_auth.credentials[0] must give the subject_dn, or a certificate in PEM that has it',
    ]);
  });

  test('CA-11: self_signed_tls_client_auth keeps the thumbprint of the certificate', () => {
    const credential = { pem: certificate, parse_expiry_from_cert: true };
    const { resolved } = methodsOf({ self_signed_tls_client_auth: { credentials: [credential] } });
    expect(resolved?.self_signed_tls_client_auth?.credentials).toMatchObject([
      {
        credential_type: 'x509_cert',
        thumbprint_sha256: expect.stringMatching(/^[\w-]{43}$/),
        expires_at: 1_900_000_000,
      },
    ]);
    const { problems } = methodsOf({ self_signed_tls_client_auth: { credentials: [{ pem: pemOf(rsa) }] } });
    expect(problems).toEqual([
      'clients[0].client_authentication_methods.self_signed_tls_client_auth.credentials[0].pem must be a certificate in PEM',
    ]);
  });

  test('CA-13: one method is registered, not several', () => {
    const both = {
      tls_client_auth: { credentials: [{ subject_dn: 'CN=x' }] },
      private_key_jwt: { credentials: [{ pem: pemOf(rsa) }] },
    };
    expect(() => methodsOf(both)).toThrow('must name one method');
  });
});
