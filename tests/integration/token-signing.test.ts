// By which algorithm and key tokens are signed: PS256 by a key of the tenant, HS256 by a secret that is shared with one
// client or one API.
import { createHmac } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import { claimsOf, getTokens, sampleTenant, spa, users, webSecret } from '../setup/flow.ts';
import { isIdTokenHint } from '../setup/logout.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const signingSecret = 'the-signing-secret-of-an-api-0123456789';
const web = { ...spa, app_type: 'regular_web', client_secret: webSecret };
const clientBy = (alg: string) => ({ ...web, name: alg, client_id: `by-${alg}`, jwt_configuration: { alg } });
const apiBy = (signing_alg: string, more = {}) => ({
  identifier: `https://${signing_alg}.example/`,
  signing_alg,
  skip_consent_for_verifiable_first_party_clients: true,
  ...more,
});

let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  const sample = sampleTenant();
  freehold = await startFreehold({
    tenant: {
      ...sample,
      clients: [
        ...(sample.clients as unknown[]),
        ...['RS256', 'PS256', 'ES256', 'HS256', 'OTHER'].map((alg) =>
          alg === 'OTHER'
            ? {
                ...clientBy('HS256'),
                name: 'Other',
                client_id: 'other-HS256',
                client_secret: `other-${webSecret}`,
              }
            : clientBy(alg),
        ),
      ],
      resourceServers: [apiBy('PS256'), apiBy('HS256', { signing_secret: signingSecret }), apiBy('ES256')],
    },
    users,
  });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

async function tokensBy(alg: string, authorize: Record<string, string> = {}) {
  const client_id = `by-${alg}`;
  const token = { client_id, client_secret: webSecret };
  const { tokens } = await getTokens(freehold, { agent, authorize: { client_id, ...authorize }, token });
  return { ...tokens, id_token: tokens.id_token ?? '' };
}

const currentDate = () => new Date(freehold.clock.now() * 1000);

async function verifyWithPublished(jwt: string, alg: string) {
  const { text } = await agent.send('/.well-known/jwks.json');
  const keySet = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  return jwtVerify(jwt, keySet, { algorithms: [alg], currentDate: currentDate() });
}

const verifyWithSecret = (jwt: string, secret: string) =>
  jwtVerify(jwt, Buffer.from(secret), { algorithms: ['HS256'], currentDate: currentDate() });

const isHint = (id_token_hint: string) => isIdTokenHint(freehold, id_token_hint);

async function userinfoStatus(access_token: string): Promise<number> {
  return (await agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } })).status;
}

describe('SG-1: signed by a key of the tenant', () => {
  test('every algorithm that discovery lists signs ID tokens, and they are hints', async () => {
    const discovery = (await agent.send('/.well-known/openid-configuration')).json();
    expect(discovery.id_token_signing_alg_values_supported).toEqual(['RS256', 'PS256', 'ES256', 'HS256']);
    for (const alg of discovery.id_token_signing_alg_values_supported as string[]) {
      const { id_token } = await tokensBy(alg);
      expect([alg, decodeProtectedHeader(id_token).alg, await isHint(id_token)]).toEqual([alg, alg, true]);
      if (alg !== 'HS256') await verifyWithPublished(id_token, alg);
    }
  });

  test.each(['PS256', 'ES256'])('%s signs access tokens, which /userinfo takes', async (alg) => {
    const { access_token } = await tokensBy('RS256', { audience: `https://${alg}.example/` });
    const { payload } = await verifyWithPublished(access_token, alg);
    expect(payload.aud).toEqual([`https://${alg}.example/`, `${freehold.issuer}userinfo`]);
    expect(await userinfoStatus(access_token)).toBe(200);
  });

  test('SG-5: PS256 has keys of its own, a current and a next one, from its first use on', async () => {
    await tokensBy('PS256');
    const { keys } = (await agent.send('/.well-known/jwks.json')).json() as {
      keys: { alg: string; kid: string }[];
    };
    const kids = (alg: string) => keys.filter((key) => key.alg === alg).map(({ kid }) => kid);
    expect(kids('PS256')).toHaveLength(2);
    expect(kids('RS256')).not.toContain(kids('PS256')[0]);
    await freehold.composed.tenant.keys.rotate('PS256');
    const { id_token } = await tokensBy('PS256');
    expect(kids('PS256')).toContain(decodeProtectedHeader(id_token).kid);
  });

  test('RFC 8725 §3.1: a key signs by its one algorithm', async () => {
    const { id_token } = await tokensBy('RS256');
    const { kid } = decodeProtectedHeader((await tokensBy('PS256')).id_token);
    const [, claims, signature] = id_token.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid })).toString('base64url');
    expect(await isHint(`${header}.${claims}.${signature}`)).toBe(false);
  });
});

describe('SG-2, ID-16: signed by HS256', () => {
  test('an ID token verifies with the client_secret, and names no key', async () => {
    const { id_token, access_token } = await tokensBy('HS256');
    const { payload, protectedHeader } = await verifyWithSecret(id_token, webSecret);
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload).toMatchObject({ iss: freehold.issuer, aud: 'by-HS256' });
    expect(await userinfoStatus(access_token)).toBe(200);
  });

  test('AT-4: an access token verifies with the API’s signing_secret, and is not for /userinfo', async () => {
    const { access_token } = await tokensBy('RS256', { audience: 'https://HS256.example/' });
    const { payload } = await verifyWithSecret(access_token, signingSecret);
    expect([payload.aud, payload.scope]).toEqual(['https://HS256.example/', 'openid profile email']);
    expect(await userinfoStatus(access_token)).toBe(401);
  });

  test('SG-2, KY-1: the signing_secret is sealed in the database', () => {
    const stored = JSON.stringify(freehold.execute('select * from resource_server'));
    expect(stored).not.toContain(signingSecret);
  });

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  function signed(claims: object, secret: string) {
    const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }

  test('AT-16: an id_token_hint by another client’s secret, or of a client without HS256, is none', async () => {
    const claims = claimsOf((await tokensBy('HS256')).id_token);
    expect(await isHint(signed(claims, webSecret))).toBe(true);
    expect(await isHint(signed(claims, `other-${webSecret}`))).toBe(false);
    expect(await isHint(signed({ ...claims, aud: 'other-HS256' }, webSecret))).toBe(false);
    // Whose secret verifies nothing, because its ID tokens are signed by our key.
    expect(await isHint(signed({ ...claims, aud: 'by-RS256' }, webSecret))).toBe(false);
    expect(await isHint(signed({ ...claims, aud: 'spa' }, ''))).toBe(false);
    expect(await isHint(signed({ ...claims, aud: 'nobody' }, ''))).toBe(false);
    for (const aud of ['a\0b', '\ud800']) expect(await isHint(signed({ ...claims, aud }, ''))).toBe(false);
    expect(await isHint(signed({ ...claims, aud: ['by-HS256', 'other-HS256'] }, webSecret))).toBe(false);
  });

  test('RFC 8725 §2.1: the published keys, taken for a secret, sign nothing', async () => {
    const claims = claimsOf((await tokensBy('HS256')).id_token);
    const { keys } = (await agent.send('/.well-known/jwks.json')).json() as {
      keys: Record<string, string>[];
    };
    for (const key of keys) {
      for (const secret of [key.n ?? key.x ?? '', String(key.x5c), JSON.stringify(key)]) {
        expect(await isHint(signed(claims, secret))).toBe(false);
      }
    }
  });

  test('AT-16: what a client or an API can sign is no access token of ours', async () => {
    const claims = claimsOf((await tokensBy('RS256', { audience: 'https://PS256.example/' })).access_token);
    for (const secret of [webSecret, signingSecret]) {
      expect(await userinfoStatus(signed(claims, secret))).toBe(401);
      expect(await userinfoStatus(signed({ ...claims, azp: 'by-HS256' }, secret))).toBe(401);
    }
  });

  test('CL-6: what the secret before has signed is no hint any more', async () => {
    const { id_token } = await tokensBy('HS256');
    await freehold.composed.unitOfWork.transaction(({ clients }) =>
      clients.setSecret('by-HS256', `rotated-${webSecret}`),
    );
    freehold.clock.advance(2);
    expect(await isHint(id_token)).toBe(false);
  });

  test('AT-16: a secret that is too short signs nothing', async () => {
    await freehold.composed.unitOfWork.transaction(({ clients }) => clients.setSecret('by-HS256', 'short'));
    freehold.clock.advance(2);
    const token = { client_id: 'by-HS256', client_secret: 'short' };
    const authorize = { client_id: 'by-HS256' };
    await expect(getTokens(freehold, { agent, authorize, token })).rejects.toThrow('500');
  });
});
