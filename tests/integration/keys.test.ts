// Signing keys: published with certificates, rotated and revoked while the server runs, the same in every process.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { audience, getTokens, sampleTenant, users } from '../setup/flow.ts';
import { isIdTokenHint } from '../setup/logout.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

interface PublishedKey {
  kty: string;
  use: string;
  alg: string;
  kid: string;
  x5t: string;
  x5c: string[];
  [member: string]: unknown;
}

let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

async function published(server = freehold): Promise<PublishedKey[]> {
  const answer = await new Agent(server.issuer).send('/.well-known/jwks.json');
  return (answer.json() as { keys: PublishedKey[] }).keys;
}

async function kidsOf(alg: string, server = freehold): Promise<string[]> {
  return (await published(server)).filter((key) => key.alg === alg).map(({ kid }) => kid);
}

function statuses(alg = 'RS256'): unknown[] {
  return freehold
    .execute('select kid, status from signing_key where alg = ? order by created_at, kid', alg)
    .map(({ status }) => status);
}

async function newTokens() {
  return (await getTokens(freehold, { agent, authorize: { audience } })).tokens;
}

async function verifies(jwt: string | undefined): Promise<boolean> {
  const { text } = await agent.send('/.well-known/jwks.json');
  const keySet = createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
  try {
    await jwtVerify(jwt ?? '', keySet, { currentDate: new Date(freehold.clock.now() * 1000) });
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(errors.JWKSNoMatchingKey);
    return false;
  }
}

async function userinfoStatus(access_token: string): Promise<number> {
  return (await agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } })).status;
}

describe('SG-4: the published keys', () => {
  test('SG-4, CO-4: content type, cross-origin, briefly cached', async () => {
    const answer = await agent.send('/.well-known/jwks.json');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=15',
    });
  });

  test('SG-4, SG-5: two keys of each algorithm, without their private halves', async () => {
    const keys = await published();
    const members = {
      use: 'sig',
      kid: expect.any(String),
      x5t: expect.any(String),
      x5c: [expect.any(String)],
    };
    const word = expect.stringMatching(/^[\w-]+$/);
    for (const key of keys) {
      expect(key).toEqual(
        key.kty === 'RSA'
          ? { ...members, kty: 'RSA', alg: 'RS256', n: expect.stringMatching(/^[\w-]{342}$/), e: 'AQAB' }
          : { ...members, kty: 'EC', alg: 'ES256', crv: 'P-256', x: word, y: word },
      );
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  });

  test('SG-4, RFC 7517 §4.7 and §4.8: x5c is a certificate of the very key, self-signed; x5t is its SHA-1', async () => {
    for (const { x5c, x5t, use: _use, alg: _alg, kid: _kid, ...jwk } of await published()) {
      const certificate = new X509Certificate(Buffer.from(x5c[0] ?? '', 'base64'));
      expect(certificate.publicKey.export({ format: 'jwk' })).toEqual(jwk);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.subject).toBe('CN=localhost');
      expect(certificate.fingerprint.replaceAll(':', '')).toBe(
        Buffer.from(x5t, 'base64url').toString('hex').toUpperCase(),
      );
      const now = new Date(freehold.clock.now() * 1000);
      expect(certificate.validFromDate <= now && now < certificate.validToDate).toBe(true);
    }
  });

  test.each([
    ['/pem', 'application/x-pem-file', 'localhost.pem'],
    ['/rawpem', 'text/plain; charset=utf-8', undefined],
    ['/cer', 'application/pkix-cert', 'localhost.cer'],
  ])('SG-7: %s is the certificate of the key that signs', async (path, type, file) => {
    const answer = await fetch(new URL(path, freehold.issuer));
    const certificate = new X509Certificate(Buffer.from(await answer.arrayBuffer()));
    const kid = decodeProtectedHeader((await newTokens()).id_token ?? '').kid;
    const signing = (await published()).find((key) => key.kid === kid);
    expect(certificate.raw.toString('base64')).toBe(signing?.x5c[0]);
    const disposition = file === undefined ? null : `attachment; filename="${file}"`;
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('content-disposition'),
    ]).toEqual([200, type, disposition]);
  });

  test('SG-7: /fingerprint is its SHA-1, and /pb7 holds it and nothing that is signed', async () => {
    const text = async (path: string) => (await fetch(new URL(path, freehold.issuer))).text();
    const certificate = new X509Certificate(await text('/pem'));
    expect(await text('/fingerprint')).toBe(certificate.fingerprint);
    const [, base64 = ''] =
      /^-----BEGIN PKCS7-----\n([\s\S]*)\n-----END PKCS7-----\n$/.exec(await text('/pb7')) ?? [];
    const message = Buffer.from(base64, 'base64').toString('hex');
    // RFC 2315: ContentInfo { signedData, [0] SignedData { 1, {}, { data }, [0] certificate, {} } }
    const expected = `30 .{6} 06092a864886f70d010702 a0 .{6} 30 .{6} 020101 3100 300b06092a864886f70d010701 a0 .{6} ${certificate.raw.toString('hex')} 3100`;
    expect(message).toMatch(new RegExp(`^${expected.replaceAll(' ', '')}$`));
  });

  test('SG-3: kid of a token names a published key', async () => {
    const { id_token = '', access_token } = await newTokens();
    const kids = await kidsOf('RS256');
    expect(kids).toContain(decodeProtectedHeader(id_token).kid);
    expect(kids).toContain(decodeProtectedHeader(access_token).kid);
  });
});

describe('SG-5, SG-6: rotation at run time', () => {
  test('SG-6: current becomes previous, next becomes current, a next is made; old tokens stay good', async () => {
    const before = await newTokens();
    const kidsBefore = await kidsOf('RS256');
    await freehold.composed.tenant.keys.rotate('RS256');
    const kidsAfter = await kidsOf('RS256');
    expect(kidsBefore.every((kid) => kidsAfter.includes(kid))).toBe(true);
    expect(kidsAfter).toHaveLength(kidsBefore.length + 1);
    const after = await newTokens();
    const [old, current] = [before, after].map(({ id_token = '' }) => decodeProtectedHeader(id_token).kid);
    expect(current).not.toBe(old);
    // SG-5: it had been published before anything was signed with it.
    expect(kidsBefore).toContain(current);
    for (const { id_token, access_token } of [before, after]) {
      expect([
        await verifies(id_token),
        await verifies(access_token),
        await userinfoStatus(access_token),
      ]).toEqual([true, true, 200]);
    }
  });

  test('SG-6: a revoked previous key is gone from the JWKS, and what it signed is refused', async () => {
    const before = await newTokens();
    const { kid = '' } = decodeProtectedHeader(before.access_token);
    await freehold.composed.tenant.keys.rotate('RS256');
    await freehold.composed.tenant.keys.revoke(kid);
    expect(await kidsOf('RS256')).not.toContain(kid);
    expect([await verifies(before.id_token), await userinfoStatus(before.access_token)]).toEqual([
      false,
      401,
    ]);
    expect(await isIdTokenHint(freehold, before.id_token ?? '')).toBe(false);
  });

  test('SG-6: rotate and revoke: the current key goes at once, and the next one signs', async () => {
    const before = await newTokens();
    const { kid = '' } = decodeProtectedHeader(before.access_token);
    await freehold.composed.tenant.keys.revoke(kid);
    expect(await userinfoStatus(before.access_token)).toBe(401);
    const after = await newTokens();
    expect(decodeProtectedHeader(after.access_token).kid).not.toBe(kid);
    expect(await userinfoStatus(after.access_token)).toBe(200);
    expect(statuses().filter((status) => status === 'current')).toEqual(['current']);
    expect(statuses().filter((status) => status === 'next')).toEqual(['next']);
  });

  test('SG-6: the next key and an unknown one cannot be revoked', async () => {
    const [row] = freehold.execute("select kid from signing_key where alg = 'RS256' and status = 'next'");
    await expect(freehold.composed.tenant.keys.revoke(String(row?.kid))).rejects.toThrow('rotate instead');
    await expect(freehold.composed.tenant.keys.revoke('unknown')).rejects.toThrow(
      'There is no signing key unknown',
    );
  });

  test('SG-6: another algorithm is not touched', async () => {
    const before = await kidsOf('ES256');
    await freehold.composed.tenant.keys.rotate('RS256');
    expect(await kidsOf('ES256')).toEqual(before);
  });

  test('SG-6: four rotations at once leave one current and one next key', async () => {
    await Promise.all(Array.from({ length: 4 }, () => freehold.composed.tenant.keys.rotate('ES256')));
    expect(statuses('ES256').filter((status) => status === 'current')).toHaveLength(1);
    expect(statuses('ES256').filter((status) => status === 'next')).toHaveLength(1);
  });
});

test('SG-5, SG-6: another process on the same database signs with the same key, and sees a rotation', async () => {
  const databaseUrl = `sqlite:${freehold.folder}/freehold.db`;
  const masterKey = await readFile(join(freehold.folder, 'master.key'), 'utf8');
  const environment = { FREEHOLD_MASTER_KEY: masterKey.trim() };
  const second = await startFreehold({ databaseUrl, environment, clock: freehold.clock });
  try {
    expect(await published(second)).toEqual(await published());
    await freehold.composed.tenant.keys.rotate('RS256');
    freehold.clock.advance(1);
    expect(await published(second)).toEqual(await published());
  } finally {
    await second.stop();
  }
});

test('SG-5, KY-1: private keys are sealed in the database', () => {
  const rows = JSON.stringify(freehold.execute('select * from signing_key'));
  expect(rows).not.toMatch(/PRIVATE KEY|"d":/);
});
