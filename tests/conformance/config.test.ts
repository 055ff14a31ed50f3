// The OpenID Foundation's plan oidcc-config-certification-test-plan, in dialect `oidc`.
import { createPublicKey, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Provider, startProvider } from '../setup/conformance.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider({
    tenant: { dialect: 'oidc', pushed_authorization_requests_supported: true },
  });
});
afterAll(() => provider.freehold.stop());

describe('oidcc-discovery-endpoint-verification', () => {
  const wellKnown = '.well-known/openid-configuration';
  const list = (name: string) => provider.discovery[name] as string[];

  test('200 and application/json, at an https issuer without query and fragment', async () => {
    const answer = await provider.newBrowser().send(`/${wellKnown}`);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const issuer = new URL(String(provider.discovery.issuer));
    expect([issuer.protocol, issuer.search, issuer.hash]).toEqual(['https:', '', '']);
    expect(`${issuer.href}${wellKnown}`).toBe(`https://op.example/${wellKnown}`);
  });

  test('every endpoint and URI is https', () => {
    const urls = Object.entries(provider.discovery).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(urls.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'authorization_endpoint',
        'token_endpoint',
        'userinfo_endpoint',
        'jwks_uri',
        'pushed_authorization_request_endpoint',
      ]),
    );
    for (const [name, url] of urls)
      expect([name, new URL(String(url)).origin]).toEqual([name, 'https://op.example']);
  });

  test('what has to be listed is', () => {
    expect(list('response_types_supported')).toEqual(
      expect.arrayContaining(['code', 'id_token', 'token id_token']),
    );
    expect(list('subject_types_supported')).toEqual(['public']);
    expect(list('id_token_signing_alg_values_supported')).toContain('RS256');
    expect(list('token_endpoint_auth_methods_supported')).toEqual(
      expect.arrayContaining(['client_secret_basic', 'client_secret_post']),
    );
    expect(list('grant_types_supported').length).toBeGreaterThan(0);
    expect(list('code_challenge_methods_supported')).toEqual(['S256']);
    expect(list('claims_supported')).toContain('sub');
    expect(list('scopes_supported')).toContain('openid');
    for (const scope of list('scopes_supported')) expect(scope).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(list('request_object_signing_alg_values_supported')).not.toContain('none');
  });

  test('each member has the type that RFC 8414 and OpenID Connect Discovery give it', () => {
    for (const [name, value] of Object.entries(provider.discovery)) {
      if (/_supported$/.test(name) && Array.isArray(value)) {
        expect(value.every((one) => typeof one === 'string')).toBe(true);
        expect([name, new Set(value).size]).toEqual([name, value.length]);
      } else if (/_supported$|^require_/.test(name)) {
        expect([name, typeof value]).toEqual([name, 'boolean']);
      } else {
        expect([name, typeof value]).toEqual([name, 'string']);
      }
    }
  });

  test('every key has a kid of its own, no private part, no padding, and a certificate of the same key', () => {
    const { keys } = provider.jwks;
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: 'sig', alg: expect.any(String) });
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
      for (const part of [key.n, key.e, key.x, key.y])
        if (part !== undefined) expect(part).toMatch(/^[\w-]+$/);
      const certificate = new X509Certificate(Buffer.from(key.x5c?.[0] ?? '', 'base64'));
      const bare = createPublicKey({ key, format: 'jwk' });
      expect(certificate.publicKey.equals(bare)).toBe(true);
    }
  });
});
