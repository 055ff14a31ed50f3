// Mutual TLS behind a proxy that ends TLS and passes the client's certificate on (RFC 8705).
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../packages/server/src/runtime/cryptography/certificate.ts';
import { Agent } from '../setup/agent.ts';
import { DpopKey } from '../setup/dpop.ts';
import {
  claimsOf,
  getCode,
  getTokens,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

function newCertificate(commonName: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = randomBytes(16);
  serial[0] = 1;
  const [notBefore, notAfter] = [1_700_000_000, 4_000_000_000];
  const der = selfSignedCertificate({ privateKey, publicKey, commonName, serial, notBefore, notAfter });
  return `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

const ofAuthority = newCertificate('payments');
const sameSubject = newCertificate('payments');
const other = newCertificate('other');
const selfSigned = newCertificate('ours');
const second = newCertificate('ours');
const old = newCertificate('ours');
const api = 'https://bound.example/';

/** What the proxy sends for a certificate. */
const by = (pem: string, verified = 'SUCCESS') => ({
  'client-certificate': encodeURIComponent(pem),
  'client-certificate-ca-verified': verified,
});
const thumbprint = (pem: string) =>
  Buffer.from(new X509Certificate(pem).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');

const confidential = { ...spa, app_type: 'regular_web' };
const clients = [
  {
    ...confidential,
    name: 'By authority',
    client_id: 'ca',
    client_authentication_methods: { tls_client_auth: { credentials: [{ subject_dn: 'CN=payments' }] } },
  },
  {
    ...confidential,
    name: 'Self-signed',
    client_id: 'self',
    require_proof_of_possession: true,
    client_authentication_methods: {
      self_signed_tls_client_auth: {
        credentials: [
          { pem: selfSigned },
          { pem: second },
          { pem: old, expires_at: '2020-01-01T00:00:00.000Z' },
        ],
      },
    },
  },
];

function tenant() {
  const sample = sampleTenant();
  const bound = {
    identifier: api,
    skip_consent_for_verifiable_first_party_clients: true,
    proof_of_possession: { mechanism: 'mtls', required: true },
  };
  return {
    ...sample,
    clients: [...(sample.clients as unknown[]), ...clients],
    resourceServers: [...(sample.resourceServers as unknown[]), bound],
  };
}

let freehold: Freehold;
/** Where no proxy is trusted. */
let open: Freehold;
let agent: Agent;
beforeAll(async () => {
  [freehold, open] = await Promise.all([
    startFreehold({ tenant: tenant(), users, environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1, ::1' } }),
    startFreehold({ tenant: tenant(), users }),
  ]);
  ({ agent } = await getTokens(freehold));
});
afterAll(() => Promise.all([freehold.stop(), open.stop()]));

const refusedClient = {
  status: 401,
  error: 'invalid_client',
  error_description: 'Client authentication failed',
};

function present(client_id: string, headers: Record<string, string>, more = {}, at = freehold) {
  return new Agent(at.issuer).postForm('/oauth/revoke', { client_id, token: 'x', ...more }, headers);
}

describe('CA-1, CA-11: a client proves itself by a certificate', () => {
  test('of an authority that the proxy trusts, with the registered subject', async () => {
    expect((await present('ca', by(ofAuthority))).status).toBe(200);
    // Whichever certificate of this subject it is.
    expect((await present('ca', by(sameSubject))).status).toBe(200);
  });

  test('of its own, which is registered, whatever the proxy thinks of it', async () => {
    for (const pem of [selfSigned, second]) {
      expect((await present('self', by(pem, 'FAILED:self-signed certificate'))).status).toBe(200);
    }
  });

  test.each<[string, string, Record<string, string>]>([
    ['no authority has vouched for', 'ca', by(ofAuthority, 'FAILED:unable to verify')],
    ['nobody says to be verified', 'ca', { 'client-certificate': encodeURIComponent(ofAuthority) }],
    ['has another subject', 'ca', by(other)],
    ['is another of the same name', 'self', by(newCertificate('ours'))],
    ['was registered until it expired', 'self', by(old)],
    ['is missing', 'ca', {}],
    ['is missing, though it is said to be verified', 'ca', { 'client-certificate-ca-verified': 'SUCCESS' }],
    ['is none', 'ca', by('nonsense')],
    ['cannot be decoded', 'ca', { ...by(ofAuthority), 'client-certificate': '%' }],
    ['is too long', 'ca', by(`${ofAuthority}${' '.repeat(4096)}`)],
  ])('one that %s is refused', async (_what, client_id, headers) => {
    expect(refusalOf(await present(client_id, headers))).toEqual(refusedClient);
  });

  test('CA-13: and by nothing else; nor does a certificate stand for a secret', async () => {
    expect(refusalOf(await present('ca', by(ofAuthority), { client_secret: 'x' }))).toEqual(refusedClient);
    expect(refusalOf(await present('web', by(ofAuthority)))).toEqual(refusedClient);
  });

  test('CA-11: from a peer that is no trusted proxy the headers are nothing', async () => {
    expect(refusalOf(await present('ca', by(ofAuthority), {}, open))).toEqual(refusedClient);
    expect(refusalOf(await present('self', by(selfSigned), {}, open))).toEqual(refusedClient);
  });

  test('WK-5: discovery lists it where it can be used, and there alone', async () => {
    const discovery = async ({ issuer }: Freehold) =>
      (await new Agent(issuer).send('/.well-known/openid-configuration')).json();
    const methods = ['tls_client_auth', 'self_signed_tls_client_auth'];
    const behind = await discovery(freehold);
    expect(behind.tls_client_certificate_bound_access_tokens).toBe(true);
    expect(behind.token_endpoint_auth_methods_supported).toEqual(expect.arrayContaining(methods));
    const alone = await discovery(open);
    expect(alone.tls_client_certificate_bound_access_tokens).toBeUndefined();
    for (const method of methods) expect(alone.token_endpoint_auth_methods_supported).not.toContain(method);
  });
});

describe('AT-15: a token is bound to the certificate', () => {
  async function redeem(client_id: string, headers: Record<string, string>, authorize = {}) {
    const { code, pkce } = await getCode(freehold, { agent, authorize: { client_id, ...authorize } });
    return agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_id }), headers);
  }
  const userinfoStatus = async (access_token: unknown, headers: Record<string, string>) => {
    const authorization = `Bearer ${String(access_token)}`;
    return (await agent.send('/userinfo', { headers: { authorization, ...headers } })).status;
  };

  test('for an API that asks for it: cnf.x5t#S256, token_type Bearer', async () => {
    const answer = await redeem('ca', by(ofAuthority), { audience: api });
    expect([answer.status, answer.json().token_type]).toEqual([200, 'Bearer']);
    const { access_token } = answer.json();
    expect(claimsOf(String(access_token)).cnf).toEqual({ 'x5t#S256': thumbprint(ofAuthority) });
    expect(await userinfoStatus(access_token, by(ofAuthority))).toBe(200);
    expect(await userinfoStatus(access_token, by(sameSubject))).toBe(401);
    expect(await userinfoStatus(access_token, {})).toBe(401);
  });

  test('for /userinfo, of a client that takes no others', async () => {
    const { access_token } = (await redeem('self', by(selfSigned))).json();
    expect(await userinfoStatus(access_token, by(selfSigned))).toBe(200);
    expect(await userinfoStatus(access_token, by(second))).toBe(401);
    expect(await userinfoStatus(access_token, {})).toBe(401);
  });

  test('UI-1: in the query no bound token is accepted, whoever sends it', async () => {
    const { access_token } = (await redeem('self', by(selfSigned))).json();
    const url = `/userinfo?access_token=${String(access_token)}`;
    expect(refusalOf(await agent.send(url, { headers: by(selfSigned) }))).toEqual({
      status: 401,
      error: 'invalid_token',
      error_description: 'A bound access token is not accepted in the query',
    });
  });

  test('DP-8: a DPoP proof, or none, is not what the API asks for', async () => {
    const dpop = await new DpopKey(freehold).proof();
    for (const headers of [{ dpop }, {}] as Record<string, string>[]) {
      const answer = await redeem('spa', headers, { audience: api });
      expect(refusalOf(answer)).toMatchObject({
        status: 400,
        error: 'invalid_request',
        error_description: 'A client certificate is required',
      });
    }
  });

  test('a certificate that nobody asks for binds nothing', async () => {
    const { access_token } = (await redeem('ca', by(ofAuthority))).json();
    expect(await userinfoStatus(access_token, {})).toBe(200);
  });
});
