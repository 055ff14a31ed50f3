// Who does not hold a client's private key does not ask in its name, whatever the header of a request object says.
import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, callback, newPkce, sampleTenant, spa } from '../setup/flow.ts';
import { clientAssertion, type KeyPair } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { byRsa, ec, forgeJws, rsa, testForgeries } from './forged-jws.ts';

const typ = 'oauth-authz-req+jwt';

const clientOf = (client_id: string, { alg, pem }: KeyPair, more: object = {}) => ({
  ...spa,
  name: client_id,
  client_id,
  app_type: 'regular_web',
  client_authentication_methods: { private_key_jwt: { credentials: [{ alg, pem }] } },
  signed_request_object: { credentials: [{ alg, pem, kid: `kid-of-${client_id}`, ...more }] },
});

let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant();
  const clients = [
    ...(tenant.clients as unknown[]),
    clientOf('signer-rsa', rsa),
    clientOf('signer-ec', ec),
    clientOf('signer-late', rsa, { expires_at: '2020-01-31T00:00:00.000Z' }),
  ];
  freehold = await startFreehold({ tenant: { ...tenant, clients } });
});
afterAll(() => freehold.stop());

const claims = (client_id: string) => {
  const now = freehold.clock.now();
  const asks = Object.fromEntries(authorizationUrl(freehold, newPkce()).searchParams);
  return { ...asks, client_id, iss: client_id, aud: freehold.issuer, iat: now, exp: now + 60 };
};

const forge = (header: object, signature: (signed: Buffer) => Buffer, client_id = 'signer-rsa') =>
  forgeJws({ typ, ...header }, claims(client_id), signature);

/** Outside stands all that a request without an object would need. */
async function isAccepted(request: string, client_id = 'signer-rsa'): Promise<boolean> {
  const url = authorizationUrl(freehold, newPkce(), { client_id, request, redirect_uri: callback });
  const { status, location, text } = await new Agent(freehold.issuer).send(url);
  if (location?.pathname === '/u/login') return true;
  expect([status, location, text.includes('invalid_request_object')]).toEqual([400, undefined, true]);
  return false;
}

describe('PA-7: a request object', () => testForgeries({ forge, isAccepted }));

test('PA-7: a key serves the algorithm that it is registered for, and no other', async () => {
  for (const alg of ['PS256', 'RS384', 'ES256', 'RS512', 'EdDSA'])
    expect(await isAccepted(forge({ alg }, byRsa))).toBe(false);
});

test('CVE-2022-21449: an ECDSA signature of zeros, or in DER, is refused', async () => {
  expect(
    await isAccepted(
      forge({ alg: 'ES256' }, () => Buffer.alloc(64), 'signer-ec'),
      'signer-ec',
    ),
  ).toBe(false);
  const der = (bytes: Buffer) => sign('sha256', bytes, ec.privateKey);
  expect(await isAccepted(forge({ alg: 'ES256' }, der, 'signer-ec'), 'signer-ec')).toBe(false);
});

test('a key that has expired signs nothing', async () => {
  expect(await isAccepted(forge({ alg: 'RS256' }, byRsa, 'signer-late'), 'signer-late')).toBe(false);
});

test('one client cannot ask for another', async () => {
  expect(await isAccepted(forge({ alg: 'RS256' }, byRsa), 'signer-ec')).toBe(false);
  expect(await isAccepted(forge({ alg: 'RS256' }, byRsa, 'signer-ec'), 'signer-ec')).toBe(false);
});

test('our own tokens, and the client’s own assertions, are no request objects', async () => {
  const { keys } = freehold.composed.tenant;
  expect(await isAccepted(await keys.sign(claims('signer-rsa'), 'RS256', typ))).toBe(false);
  const whose = { client_id: 'signer-rsa', issuer: freehold.issuer, now: freehold.clock.now() };
  const { client_assertion } = await clientAssertion(rsa, whose, claims('signer-rsa'), { typ: 'JWT' });
  expect(await isAccepted(client_assertion)).toBe(false);
});

test('a request object is no assertion', async () => {
  const fields = {
    token: 'x',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: forge({ alg: 'RS256' }, byRsa),
  };
  expect((await new Agent(freehold.issuer).postForm('/oauth/revoke', fields)).status).toBe(400);
});

test('every byte of it counts', async () => {
  const request = forge({ alg: 'RS256' }, byRsa);
  for (let index = 0; index < request.length; index += 7) {
    const flipped = request.charAt(index) === 'A' ? 'B' : 'A';
    const changed = request.slice(0, index) + flipped + request.slice(index + 1);
    if (changed !== request) expect(await isAccepted(changed), String(index)).toBe(false);
  }
});
