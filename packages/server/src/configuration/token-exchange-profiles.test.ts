import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseValue, problemsOf, warningsOf } from './testing/parsed.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const subject_token = {
  issuer: 'https://partner.example/',
  audience: 'https://acme.example/',
  jwks_uri: 'https://partner.example/jwks',
  connection: 'Username-Password-Authentication',
};
const profile = { name: 'Partner', subject_token_type: 'urn:partner:token', subject_token };
const file = (...tokenExchangeProfiles: object[]) => ({ tokenExchangeProfiles });

test('TX-2: a profile says whose tokens are meant; what it leaves out is usual', () => {
  const { tokenExchangeProfiles, warnings } = parseValue(file(profile));
  expect(warnings).toEqual([]);
  expect(tokenExchangeProfiles).toEqual([
    {
      path: ['tokenExchangeProfiles', 0],
      settings: {
        name: 'Partner',
        subject_token_type: 'urn:partner:token',
        type: 'custom_authentication',
        subject_token: {
          issuer: 'https://partner.example/',
          audience: 'https://acme.example/',
          jwks_uri: 'https://partner.example/jwks',
          algorithms: ['RS256', 'PS256', 'ES256'],
          match: 'user_id',
          user_claim: 'sub',
        },
      },
      connection: {
        name: 'Username-Password-Authentication',
        path: ['tokenExchangeProfiles', 0, 'subject_token', 'connection'],
      },
    },
  ]);
});

test('a match by e-mail looks at the claim email, unless told', () => {
  const claimOf = (more: object) =>
    parseValue(file({ ...profile, subject_token: { ...subject_token, match: 'email', ...more } }))
      .tokenExchangeProfiles[0]?.settings.subject_token.user_claim;
  expect(claimOf({})).toBe('email');
  expect(claimOf({ user_claim: 'mail' })).toBe('mail');
});

describe('what auth0-deploy-cli writes: a profile names an Action', () => {
  const exported = {
    name: 'Partner',
    type: 'custom_authentication',
    subject_token_type: 'urn:partner:token',
  };

  test.each([{ action: 'judge-partner' }, { action_id: 'f8c0a5f6-9d0c-4a0e-8f55-1c9a0a3b7b61' }])(
    'it is warned of, and not applied: %o',
    (more) => {
      expect(parseValue(file({ ...exported, ...more })).tokenExchangeProfiles).toEqual([]);
      expect(warningsOf(parseValue(file({ ...exported, ...more }))).join('\n')).toMatch(/Actions come later/);
    },
  );

  test('with a subject_token it is applied, and the Action has no effect', () => {
    const both = { ...exported, id: 'tep_1', action: 'judge-partner', subject_token };
    expect(parseValue(file(both)).tokenExchangeProfiles).toHaveLength(1);
    expect(warningsOf(parseValue(file(both))).join('\n')).toMatch(
      /action is not supported yet and has no effect/,
    );
  });

  test('with neither it is refused', () => {
    expect(problemsOf(file(exported))).toEqual([expect.stringContaining('subject_token is missing')]);
  });
});

describe('TX-2: the type', () => {
  test.each([
    'http://auth0.com/oauth/token-type/apple-id-token',
    'https://auth0.com/x',
    'https://auth0.com.evil.example/x',
    'HTTPS://AUTH0.com/x',
    'https://okta.com/x',
    'http://okta.com/x',
    'urn:ietf:params:oauth:token-type:access_token',
    'URN:IETF:params:oauth:token-type:jwt',
    'urn:auth0:x',
    'urn:okta:x',
  ])('%s is reserved', (subject_token_type) => {
    const problems = problemsOf(file({ ...profile, subject_token_type }));
    expect(problems).toEqual([expect.stringContaining('must not begin with a reserved namespace')]);
  });

  test.each(['partner-token', 'ftp://partner.example/', 'https://a b.example/', 'urn:pa rtner'])(
    '%s is no URI of one’s own',
    (subject_token_type) => {
      const problems = problemsOf(file({ ...profile, subject_token_type }));
      expect(problems).toEqual([expect.stringContaining('must be a URI of your own')]);
    },
  );

  test('stands once, and so does the name', () => {
    const other = { ...profile, subject_token_type: 'urn:partner:other' };
    expect(problemsOf(file(profile, { ...profile, name: 'Other' }))).toHaveLength(1);
    expect(problemsOf(file(profile, other))).toHaveLength(1);
  });
});

describe('the keys', () => {
  const problemsWith = (more: object) =>
    problemsOf(file({ ...profile, subject_token: { ...subject_token, ...more } }));
  const inline = (jwk: object, more: object = {}) =>
    problemsWith({ jwks_uri: undefined, jwks: { keys: [jwk] }, ...more });
  const publicJwk = rsa.publicKey.export({ format: 'jwk' });

  test('are somewhere or here, and not both', () => {
    expect(problemsWith({ jwks_uri: undefined })).toEqual([expect.stringContaining('give it, or jwks')]);
    expect(problemsWith({ jwks: { keys: [publicJwk] } })).toEqual([
      expect.stringContaining('give it, or jwks'),
    ]);
    expect(inline(publicJwk)).toEqual([]);
  });

  test.each([
    ['http://partner.example/jwks', 'must'],
    ['file:///etc/passwd', 'must'],
    ['', 'must'],
  ])('are not asked for at %j', (jwks_uri, words) => {
    expect(problemsWith({ jwks_uri })).toEqual([expect.stringContaining(words)]);
  });

  test('are public, of the profile’s algorithms, and long enough', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const refused = [expect.stringContaining('must be a public key for RS256, PS256, ES256')];
    expect(inline(rsa.privateKey.export({ format: 'jwk' }))).toEqual(refused);
    expect(inline({ kty: 'oct', k: 'c2VjcmV0' })).toEqual(refused);
    expect(inline({ ...publicJwk, alg: 'HS256' })).toEqual(refused);
    expect(inline({ ...publicJwk, alg: 'RS384' })).toEqual(refused);
    expect(inline({ ...publicJwk, use: 'enc' })).toEqual(refused);
    expect(inline(small.publicKey.export({ format: 'jwk' }))).toEqual(refused);
    expect(inline(publicJwk, { algorithms: ['ES256'] })).toHaveLength(1);
    expect(inline({ ...publicJwk, alg: 'RS384' }, { algorithms: ['RS384'] })).toEqual([]);
  });

  test.each([['HS256'], ['none'], ['RS512']])('are never for %s', (alg) => {
    expect(problemsWith({ algorithms: [alg] })).toHaveLength(1);
  });
});
