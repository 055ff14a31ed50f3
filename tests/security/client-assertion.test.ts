// Mirrors Fosite CVE-2020-15222 and Hydra CVE-2020-5300, and what forged-jws.ts mirrors: who does not hold a client's
// private key is not that client, whatever the header says.
import { randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { refusalOf, sampleTenant, spa } from '../setup/flow.ts';
import { assertionType, clientAssertion, type KeyPair } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { byRsa, ec, forgeJws, rsa, testForgeries } from './forged-jws.ts';

const clientOf = (client_id: string, { alg, pem }: KeyPair) => ({
  ...spa,
  name: client_id,
  client_id,
  app_type: 'regular_web',
  client_authentication_methods: {
    private_key_jwt: { credentials: [{ alg, pem, kid: `kid-of-${client_id}` }] },
  },
});

let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant();
  const clients = [...(tenant.clients as unknown[]), clientOf('signer-rsa', rsa), clientOf('signer-ec', ec)];
  freehold = await startFreehold({ tenant: { ...tenant, clients } });
});
afterAll(() => freehold.stop());

const claims = (client_id: string) => {
  const now = freehold.clock.now();
  return { iss: client_id, sub: client_id, aud: freehold.issuer, jti: randomUUID(), iat: now, exp: now + 60 };
};

const forge = (header: object, signature: (signed: Buffer) => Buffer, client_id = 'signer-rsa') =>
  forgeJws(header, claims(client_id), signature);

async function isAccepted(client_assertion: string): Promise<boolean> {
  const fields = { token: 'x', client_assertion_type: assertionType, client_assertion };
  const answer = await new Agent(freehold.issuer).postForm('/oauth/revoke', fields);
  if (answer.status === 200) return true;
  expect(refusalOf(answer)).toMatchObject({ error: expect.stringMatching(/^invalid_(client|request)$/) });
  return false;
}

testForgeries({ forge, isAccepted });

test('CA-7: a key serves the algorithm that it is registered for, and no other', async () => {
  for (const alg of ['PS256', 'RS384', 'ES256', 'RS512', 'EdDSA']) {
    expect(await isAccepted(forge({ alg }, byRsa))).toBe(false);
  }
  for (const alg of ['PS256', 'RS384']) {
    const whose = { client_id: 'signer-rsa', issuer: freehold.issuer, now: freehold.clock.now() };
    const { client_assertion } = await clientAssertion({ alg, privateKey: rsa.privateKey }, whose);
    expect(await isAccepted(client_assertion)).toBe(false);
  }
});

test('CVE-2022-21449: an ECDSA signature of zeros, or in DER, is refused', async () => {
  expect(await isAccepted(forge({ alg: 'ES256' }, () => Buffer.alloc(64), 'signer-ec'))).toBe(false);
  const der = (bytes: Buffer) => sign('sha256', bytes, ec.privateKey);
  expect(await isAccepted(forge({ alg: 'ES256' }, der, 'signer-ec'))).toBe(false);
});

test('one client cannot speak for another', async () => {
  expect(await isAccepted(forge({ alg: 'RS256' }, byRsa, 'signer-ec'))).toBe(false);
  const fields = { token: 'x', client_id: 'signer-ec', client_assertion_type: assertionType };
  const client_assertion = forge({ alg: 'RS256' }, byRsa);
  const answer = await new Agent(freehold.issuer).postForm('/oauth/revoke', { ...fields, client_assertion });
  expect(refusalOf(answer)).toMatchObject({ status: 400, error: 'invalid_request' });
});

test('our own tokens are no assertions', async () => {
  const { keys } = freehold.composed.tenant;
  expect(await isAccepted(await keys.sign(claims('signer-rsa'), 'RS256', 'JWT'))).toBe(false);
});

test.each(['a\0b', '\ud800', ''])(
  'a client_id that no column takes, %j, is refused without a word of ours',
  async (sub) => {
    const forged = forgeJws({ alg: 'RS256' }, { ...claims('signer-rsa'), iss: sub, sub }, byRsa);
    expect(await isAccepted(forged)).toBe(false);
  },
);

test('OpenID Connect Dynamic Client Registration §2: a client that said which algorithm it signs with uses no other', async () => {
  const jwkOf = ({ alg, publicKey }: KeyPair) => ({ ...publicKey.export({ format: 'jwk' }), alg });
  const flags = { enable_dynamic_client_registration: true };
  const server = await startFreehold({ tenant: sampleTenant({ tenant: { flags } }) });
  try {
    const agent = new Agent(server.issuer);
    const registered = await agent.postJson('/oidc/register', {
      redirect_uris: spa.callbacks,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [jwkOf(rsa), jwkOf(ec)] },
    });
    const client_id = String(registered.json().client_id);
    const revokeWith = async (key: KeyPair) => {
      const by = { client_id, issuer: server.issuer, now: server.clock.now() };
      return agent.postForm('/oauth/revoke', { token: 'x', ...(await clientAssertion(key, by)) });
    };
    expect((await revokeWith(ec)).status).toBe(200);
    expect(refusalOf(await revokeWith(rsa))).toMatchObject({ status: 401, error: 'invalid_client' });
  } finally {
    await server.stop();
  }
});
