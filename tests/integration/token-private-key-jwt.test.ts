// private_key_jwt: a client that signs who it is, at every endpoint where clients prove themselves.
import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  getCode,
  getTokens,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { assertionType, clientAssertion, type KeyPair, newKeyPair } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const algorithms = ['RS256', 'RS384', 'PS256', 'ES256'];
const keys = new Map(algorithms.map((alg) => [alg, newKeyPair(alg)]));
const rsa = keys.get('RS256')!;
/** Registered beside `rsa` for the client `two`; `old` has expired. */
const second = newKeyPair('RS256');
const old = newKeyPair('RS256');
const stranger = newKeyPair('RS256');

const signing = { ...spa, app_type: 'regular_web' };
const credential = ({ alg, pem }: KeyPair, more: object = {}) => ({
  name: 'a key',
  credential_type: 'public_key',
  alg,
  pem,
  ...more,
});
const registered = (...credentials: object[]) => ({
  client_authentication_methods: { private_key_jwt: { credentials } },
});

function tenant() {
  const sample = sampleTenant();
  sample.clients = [
    ...(sample.clients as unknown[]),
    ...algorithms.map((alg) => ({
      ...signing,
      name: `By ${alg}`,
      client_id: `by-${alg}`,
      ...registered(credential(keys.get(alg)!)),
    })),
    {
      ...signing,
      name: 'Two keys',
      client_id: 'two',
      ...registered(
        credential(rsa, { kid: 'a-kid-of-ours' }),
        credential(second),
        credential(old, { expires_at: '2020-01-01T00:00:00.000Z' }),
      ),
    },
  ];
  return sample;
}

let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: tenant(), users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const refusedClient = {
  status: 401,
  error: 'invalid_client',
  error_description: 'Client authentication failed',
};

type Differences = { claims?: object; header?: object; client_id?: string; at?: Freehold };

const assertion = (key: Pick<KeyPair, 'alg' | 'privateKey'>, differs: Differences = {}) => {
  const { client_id = 'by-RS256', at = freehold } = differs;
  const whose = { client_id, issuer: at.issuer, now: at.clock.now() };
  return clientAssertion(key, whose, { ...differs.claims }, { ...differs.header });
};

/** At /oauth/revoke, where a client that proved itself gets 200 whatever the token is. */
async function present(proof: Record<string, string>, more: Record<string, string> = {}) {
  return agent.postForm('/oauth/revoke', { token: 'x', ...proof, ...more });
}

describe('CA-1, CA-7: a client that signs', () => {
  test.each(algorithms)('by %s gets its tokens', async (alg) => {
    const client_id = `by-${alg}`;
    const { code, pkce } = await getCode(freehold, { agent, authorize: { client_id } });
    const proof = await assertion(keys.get(alg)!, { client_id });
    const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_id, ...proof }));
    expect([answer.status, answer.json().token_type]).toEqual([200, 'Bearer']);
  });

  test('CA-9: revokes, too', async () => {
    expect((await present(await assertion(rsa))).status).toBe(200);
    expect(refusalOf(await present(await assertion(stranger)))).toEqual(refusedClient);
  });

  test('CA-10: client_id may be sent besides, if it is the same', async () => {
    expect((await present(await assertion(rsa), { client_id: 'by-RS256' })).status).toBe(200);
    expect(refusalOf(await present(await assertion(rsa), { client_id: 'web' }))).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
  });

  test('CA-7: by any of its keys, one after the other; kid is a hint', async () => {
    const thumbprint = await calculateJwkThumbprint(await exportJWK(second.publicKey));
    for (const [key, kid] of [
      [rsa, undefined],
      [second, undefined],
      [rsa, 'a-kid-of-ours'],
      [second, thumbprint],
      [second, 'a-kid-of-its-own'],
    ] as const) {
      expect((await present(await assertion(key, { client_id: 'two', header: { kid } }))).status).toBe(200);
    }
    for (const [key, kid] of [
      [second, 'a-kid-of-ours'],
      [stranger, 'a-kid-of-ours'],
      [old, undefined],
    ] as const) {
      const answer = await present(await assertion(key, { client_id: 'two', header: { kid } }));
      expect(refusalOf(answer)).toEqual(refusedClient);
    }
  });

  test('CA-13: has no other method, and no other client has this one', async () => {
    expect(refusalOf(await present({ client_id: 'by-RS256' }))).toEqual(refusedClient);
    expect(refusalOf(await present({ client_id: 'by-RS256', client_secret: webSecret }))).toEqual(
      refusedClient,
    );
    for (const client_id of ['web', 'spa']) {
      expect(refusalOf(await present(await assertion(rsa, { client_id })))).toEqual(refusedClient);
    }
  });
});

describe('CA-7: an assertion', () => {
  test.each<[string, (now: number) => object, boolean]>([
    ['of five minutes', (now) => ({ exp: now + 300 }), true],
    ['of a moment longer', (now) => ({ exp: now + 301 }), false],
    ['without iat, of five minutes', (now) => ({ iat: undefined, exp: now + 300 }), true],
    ['without iat, of more', (now) => ({ iat: undefined, exp: now + 301 }), false],
    ['that has lived long', (now) => ({ iat: now - 200, exp: now + 101 }), false],
    ['of the last second', (now) => ({ exp: now + 1 }), true],
    ['that has expired', (now) => ({ exp: now }), false],
    ['without exp', () => ({ exp: undefined }), false],
    ['that ends in words', () => ({ exp: '9999999999' }), false],
    ['that never ends', () => ({ exp: 1e300 }), false],
    ['by a clock ten seconds fast', (now) => ({ iat: now + 10, nbf: now + 10 }), true],
    ['issued later than that', (now) => ({ iat: now + 11 }), false],
    ['valid later than that', (now) => ({ nbf: now + 11 }), false],
    ['with a wordy iat', () => ({ iat: 'now' }), false],
    ['of another iss', () => ({ iss: 'web' }), false],
    ['without iss', () => ({ iss: undefined }), false],
    ['without jti', () => ({ jti: undefined }), false],
    ['CA-8: with a jti of 64 characters', () => ({ jti: randomUUID().padEnd(64, 'x') }), true],
    ['CA-8: with a longer jti', () => ({ jti: randomUUID().padEnd(65, 'x') }), false],
    ['with a jti that is no text', () => ({ jti: 5 }), false],
    ['for the issuer, in a list', () => ({ aud: [freehold.issuer] }), true],
    [
      'for the issuer and its endpoint',
      () => ({ aud: [freehold.issuer, `${freehold.issuer}oauth/token`] }),
      true,
    ],
    ['for the endpoint alone', () => ({ aud: `${freehold.issuer}oauth/token` }), false],
    ['for the issuer without its slash', () => ({ aud: freehold.issuer.slice(0, -1) }), false],
    ['for somebody else besides', () => ({ aud: [freehold.issuer, 'https://evil.example/'] }), false],
    ['for somebody else', () => ({ aud: 'https://evil.example/' }), false],
    ['for nobody', () => ({ aud: undefined }), false],
    ['for an empty list', () => ({ aud: [] }), false],
  ])('%s', async (_what, claims, isGood) => {
    const answer = await present(await assertion(rsa, { claims: claims(freehold.clock.now()) }));
    if (isGood) expect(answer.status).toBe(200);
    else expect(refusalOf(answer)).toEqual(refusedClient);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'of another type',
      { client_assertion_type: 'urn:x', client_assertion: 'a.b.c' },
      `must be ${assertionType}`,
    ],
    ['without its type', { client_assertion: 'a.b.c' }, `must be ${assertionType}`],
    [
      'that is missing',
      { client_assertion_type: assertionType },
      'Missing required parameter: client_assertion',
    ],
    [
      'that is no JWT',
      { client_assertion_type: assertionType, client_assertion: 'a.b.c' },
      'client_assertion is not a JWT that names a client',
    ],
  ])('%s is 400 invalid_request', async (_what, proof, description) => {
    expect(refusalOf(await present(proof))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: expect.stringContaining(description),
    });
  });

  test('CA-8: longer than 2,048 bytes is refused before it is read', async () => {
    const claims = { more: 'x'.repeat(2048) };
    expect(refusalOf(await present(await assertion(rsa, { claims })))).toMatchObject({
      error: 'invalid_request',
    });
  });

  test('CA-4: with a secret or Basic besides is 400 invalid_request', async () => {
    const proof = await assertion(rsa);
    const basic = { authorization: `Basic ${Buffer.from(`web:${webSecret}`).toString('base64')}` };
    for (const answer of [
      await present(proof, { client_secret: webSecret }),
      await agent.postForm('/oauth/revoke', { token: 'x', ...proof }, basic),
    ]) {
      expect(refusalOf(answer)).toEqual({
        status: 400,
        error: 'invalid_request',
        error_description: 'The request authenticates the client in more than one way',
      });
    }
  });

  test('the tenant log says what is wrong with it, the answer does not', async () => {
    await present(await assertion(rsa, { claims: { aud: 'https://evil.example/' } }));
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'f',
      client_id: 'by-RS256',
      description: 'Client authentication failed',
      details: { requested_client_id: 'by-RS256', fault: 'its aud is not the issuer' },
    });
  });
});

describe('CA-7: an assertion is good once', () => {
  test('at whatever endpoint, and for the client that it names', async () => {
    const proof = await assertion(rsa, { claims: { jti: 'once' } });
    expect((await present(proof)).status).toBe(200);
    expect(refusalOf(await present(proof))).toEqual(refusedClient);
    const request = tokenRequest({ code_verifier: 'x' }, 'code', { client_id: undefined, ...proof });
    expect(refusalOf(await agent.postForm('/oauth/token', request))).toEqual(refusedClient);
    // The jti alone is what is remembered: another signature over it changes nothing.
    const again = await assertion(rsa, { claims: { jti: 'once', more: 1 } });
    expect(refusalOf(await present(again))).toEqual(refusedClient);
    const ofAnother = await assertion(second, { client_id: 'two', claims: { jti: 'once' } });
    expect((await present(ofAnother)).status).toBe(200);
  });

  test('one that is refused spends nothing', async () => {
    const claims = { jti: 'spent-later' };
    expect(refusalOf(await present(await assertion(stranger, { claims })))).toEqual(refusedClient);
    expect((await present(await assertion(rsa, { claims }))).status).toBe(200);
  });
});
