// A partner: another issuer, with keys of its own behind a `jwks_uri`, whose tokens a profile lets applications exchange.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, type Answer } from './agent.ts';
import { exchangeGrant } from './exchange.ts';
import { spa } from './flow.ts';
import { type KeyPair, newKeyPair, signJwt } from './keys.ts';
import type { Freehold } from './server.ts';

export const partnerIssuer = 'https://partner.example/';
export const partnerAudience = 'https://acme.example/';
export const partnerTokenType = 'https://partner.example/token';

/** A profile of the tenant file; `subject_token` replaces members of the usual one. */
export function partnerProfile(subject_token: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'Partner',
    subject_token_type: partnerTokenType,
    type: 'custom_authentication',
    subject_token: {
      issuer: partnerIssuer,
      audience: partnerAudience,
      connection: 'Username-Password-Authentication',
      ...subject_token,
    },
  };
}

/** A public application that may exchange. */
export const mobile = {
  ...spa,
  name: 'Mobile',
  client_id: 'mobile',
  app_type: 'native',
  token_exchange: { allow_any_profile_of_type: ['custom_authentication'] },
};

export function publicJwk({ alg, publicKey }: KeyPair, kid: string): Record<string, unknown> {
  return { ...publicKey.export({ format: 'jwk' }), alg, kid, use: 'sig' };
}

export interface Partner {
  key: KeyPair;
  jwks_uri: string;
  /** What answers there: a key set, unless a test says otherwise. */
  published: unknown;
  /** When it answers. */
  answering: Promise<void>;
  stop(): Promise<void>;
}

export async function startPartner(): Promise<Partner> {
  const key = newKeyPair('RS256');
  const server = createServer(async (_request, response) => {
    await partner.answering;
    response.end(JSON.stringify(partner.published));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const partner: Partner = {
    key,
    jwks_uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    published: { keys: [publicJwk(key, 'partner-key')] },
    answering: Promise.resolve(),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return partner;
}

/** What the partner says of one of its users, who is our user of this provider's id. */
export function partnerClaims(now: number, user_id = '0123456789abcdef01234567'): Record<string, unknown> {
  const times = { iat: now, exp: now + 600 };
  return { iss: partnerIssuer, aud: partnerAudience, sub: user_id, jti: randomUUID(), ...times };
}

/** Signed by the partner for a minute or ten; members that are `undefined` are left out. */
export function partnerToken(
  { key }: Pick<Partner, 'key'>,
  { clock }: Pick<Freehold, 'clock'>,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = { kid: 'partner-key' },
): Promise<string> {
  return signJwt(key, { ...partnerClaims(clock.now()), ...claims }, header);
}

export function exchangePartnerToken(
  { issuer }: Pick<Freehold, 'issuer'>,
  subject_token: string,
  overrides: Record<string, string | undefined> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const fields: Record<string, string | undefined> = {
    grant_type: exchangeGrant,
    client_id: mobile.client_id,
    subject_token,
    subject_token_type: partnerTokenType,
    ...overrides,
  };
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Agent(issuer).postForm('/oauth/token', Object.fromEntries(given), headers);
}
