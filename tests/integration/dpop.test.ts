// DPoP at the token endpoint (RFC 9449): proofs, nonces, and the tokens that are bound to a key.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { DpopKey, type ProofDifferences } from '../setup/dpop.ts';
import {
  audience,
  claimsOf,
  getCode,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const apis = {
  none: audience,
  allowed: 'https://allowed.example/',
  required: 'https://required.example/',
  'required of public clients': 'https://public.example/',
};
const api = (identifier: string, proof_of_possession: object) => ({
  identifier,
  allow_offline_access: true,
  skip_consent_for_verifiable_first_party_clients: true,
  proof_of_possession: { mechanism: 'dpop', ...proof_of_possession },
});

function tenant(dialect: string) {
  const sample = sampleTenant({ tenant: { dialect } });
  const strict = { ...spa, name: 'Strict', client_id: 'strict', require_proof_of_possession: true };
  return {
    ...sample,
    clients: [...(sample.clients as unknown[]), strict],
    resourceServers: [
      ...(sample.resourceServers as unknown[]),
      api(apis.allowed, { required: false }),
      api(apis.required, { required: true }),
      api(apis['required of public clients'], { required: true, required_for: 'public_clients' }),
    ],
  };
}

let freehold: Freehold;
let oidc: Freehold;
let agent: Agent;
let oidcAgent: Agent;
let key: DpopKey;
beforeAll(async () => {
  [freehold, oidc] = await Promise.all([
    startFreehold({ tenant: tenant('auth0'), users }),
    startFreehold({ tenant: tenant('oidc'), users }),
  ]);
  [{ agent }, { agent: oidcAgent }] = await Promise.all([getTokens(freehold), getTokens(oidc)]);
  key = new DpopKey(freehold);
});
afterAll(() => Promise.all([freehold.stop(), oidc.stop()]));

type Fields = Record<string, string | undefined>;
const secretOf: Record<string, Fields> = { web: { client_secret: webSecret } };

/** Redeems a new code with a proof, or with what is given as the header. */
async function redeem(authorize: Fields = {}, dpop?: string | ProofDifferences, by = key) {
  const { code, pkce } = await getCode(freehold, { agent, authorize });
  const { client_id = spa.client_id } = authorize;
  const request = tokenRequest(pkce, code, { client_id, ...secretOf[client_id] });
  const header = typeof dpop === 'string' ? dpop : await by.proof(dpop);
  return { request, header, answer: await agent.postForm('/oauth/token', request, { dpop: header }) };
}

const invalidProof = { status: 400, error: 'invalid_dpop_proof', error_description: expect.any(String) };

describe('DP-1, DP-6, AT-15, SD-63: a proof binds the tokens to its key', () => {
  test('an opaque token: token_type is DPoP', async () => {
    const { answer } = await redeem();
    expect([answer.status, answer.json().token_type]).toEqual([200, 'DPoP']);
    expect((await key.userinfo(agent, String(answer.json().access_token))).status).toBe(200);
  });

  test('a JWT carries cnf.jkt', async () => {
    const { answer } = await redeem({ audience: apis.allowed });
    expect(answer.json().token_type).toBe('DPoP');
    expect(claimsOf(String(answer.json().access_token)).cnf).toEqual({ jkt: await key.jkt() });
  });

  test('without one the token is a Bearer token, and has no cnf', async () => {
    const { tokens } = await getTokens(freehold, { agent, authorize: { audience: apis.allowed } });
    expect([tokens.token_type, claimsOf(tokens.access_token).cnf]).toEqual(['Bearer', undefined]);
  });

  test('FAPI 2.0: the case of htu’s host, its default port, its query and other members do not matter', async () => {
    const { host } = new URL(freehold.issuer);
    for (const htu of [`http://${host.toUpperCase()}/oauth/token`, `${freehold.issuer}oauth/token?a=b#c`]) {
      const { answer } = await redeem({}, { claims: { htu, more: 1 }, header: { more: 1 } });
      expect(answer.status).toBe(200);
    }
  });
});

describe('DP-3, DP-4: nonces', () => {
  test('DP-3, TK-95: a public client without one is told it, and nothing is spent', async () => {
    const { answer, request } = await redeem({}, { claims: { nonce: undefined } });
    expect(refusalOf(answer)).toEqual({
      status: 400,
      error: 'use_dpop_nonce',
      error_description: 'Authorization server requires nonce in DPoP proof',
    });
    const nonce = answer.headers['dpop-nonce'];
    const dpop = await key.proof({ claims: { nonce } });
    const again = await agent.postForm('/oauth/token', request, { dpop });
    expect([again.status, again.headers['dpop-nonce']]).toEqual([200, nonce]);
  });

  test('DP-3, CO-2: a browser may read the nonce', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const headers = {
      dpop: await key.proof({ claims: { nonce: undefined } }),
      origin: 'https://app.example',
    };
    const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code), headers);
    expect(answer.headers['access-control-expose-headers']).toContain('DPoP-Nonce');
  });

  test('DP-3: a nonce rotates, and the one before is good for a while', async () => {
    const claims = { nonce: freehold.composed.tenant.dpopNonces.current() };
    freehold.clock.advance(300);
    const { answer } = await redeem({}, { claims });
    expect(answer.status).toBe(200);
    expect(answer.headers['dpop-nonce']).not.toBe(claims.nonce);
    freehold.clock.advance(300);
    expect((await redeem({}, { claims })).answer.json().error).toBe('use_dpop_nonce');
  });

  test('DP-3: one that is not ours, or no text, is none', async () => {
    for (const nonce of ['made-up', oidc.composed.tenant.dpopNonces.current(), 5, null]) {
      expect((await redeem({}, { claims: { nonce } })).answer.json().error).toBe('use_dpop_nonce');
    }
  });

  test('DP-4: a confidential client needs none, and a wrong one is told the right', async () => {
    const { answer } = await redeem({ client_id: 'web' }, { claims: { nonce: undefined } });
    expect([answer.status, answer.json().token_type]).toEqual([200, 'DPoP']);
    const wrong = await redeem({ client_id: 'web' }, { claims: { nonce: 'made-up' } });
    expect(wrong.answer.json().error).toBe('use_dpop_nonce');
  });
});

describe('DP-11: a proof is used once', () => {
  test('the same proof with another code is refused, and the code stays good', async () => {
    const { header } = await redeem();
    const { answer, request } = await redeem({}, header);
    expect(refusalOf(answer)).toEqual({
      ...invalidProof,
      error_description: 'The DPoP proof was used before',
    });
    const again = await agent.postForm('/oauth/token', request, { dpop: await key.proof() });
    expect(again.status).toBe(200);
  });

  test('with the same refresh token it is a retry, which the rules of rotation judge', async () => {
    const { answer } = await redeem({ scope: 'openid offline_access' });
    const dpop = await key.proof();
    const request = refreshRequest(String(answer.json().refresh_token));
    expect((await agent.postForm('/oauth/token', request, { dpop })).status).toBe(200);
    const retried = await agent.postForm('/oauth/token', request, { dpop });
    expect(retried.json().error).not.toBe('invalid_dpop_proof');
  });

  test('another key may choose the same jti', async () => {
    const claims = { jti: 'chosen-by-two' };
    expect((await redeem({}, { claims })).answer.status).toBe(200);
    expect((await redeem({}, { claims }, new DpopKey(freehold))).answer.status).toBe(200);
    expect((await redeem({}, { claims })).answer.json().error).toBe('invalid_dpop_proof');
  });
});

test('DP-9: client credentials are bound too, and such a proof is good once', async () => {
  const machine = { ...spa, name: 'Machine', client_id: 'machine', app_type: 'non_interactive' };
  const clients = [{ ...machine, client_secret: webSecret, grant_types: ['client_credentials'] }];
  const clientGrants = [{ client_id: 'machine', audience: apis.allowed, subject_type: 'client', scope: [] }];
  const resourceServers = [api(apis.allowed, { required: false })];
  const server = await startFreehold({ tenant: { clients, resourceServers, clientGrants } });
  try {
    const dpop = await new DpopKey(server).proof();
    const of = { client_id: 'machine', client_secret: webSecret };
    const request = { grant_type: 'client_credentials', audience: apis.allowed, ...of };
    const browser = new Agent(server.issuer);
    const answer = await browser.postForm('/oauth/token', request, { dpop });
    expect([answer.status, answer.json().token_type]).toEqual([200, 'DPoP']);
    expect(refusalOf(await browser.postForm('/oauth/token', request, { dpop }))).toEqual(invalidProof);
  } finally {
    await server.stop();
  }
});

describe('AZ-36, AC-21: dpop_jkt binds the code', () => {
  test('to the key that redeems it', async () => {
    const { answer } = await redeem({ dpop_jkt: await key.jkt() });
    expect([answer.status, answer.json().token_type]).toEqual([200, 'DPoP']);
  });

  test('another key, or none, is refused', async () => {
    const authorize = { dpop_jkt: await key.jkt() };
    const { answer } = await redeem(authorize, {}, new DpopKey(freehold));
    expect(refusalOf(answer)).toEqual(invalidProof);
    const { code, pkce } = await getCode(freehold, { agent, authorize });
    expect(refusalOf(await agent.postForm('/oauth/token', tokenRequest(pkce, code)))).toEqual(invalidProof);
  });
});

describe('DP-7, RR-2, RR-11: refresh tokens', () => {
  const offline = { scope: 'openid offline_access' };
  const refresh = async (refresh_token: unknown, more: Record<string, string>, by: DpopKey | undefined) =>
    agent.postForm(
      '/oauth/token',
      refreshRequest(String(refresh_token), more),
      by === undefined ? {} : { dpop: await by.proof() },
    );

  test('of a public client are bound: no other key, and no request without one, spends or ends them', async () => {
    const { refresh_token } = (await redeem(offline)).answer.json();
    for (const by of [undefined, new DpopKey(freehold)]) {
      expect(refusalOf(await refresh(refresh_token, {}, by))).toEqual(invalidProof);
      expect((await freehold.logEntries()).at(-1)).toMatchObject({ type: 'fertft', client_id: 'spa' });
    }
    const answer = await refresh(refresh_token, {}, key);
    expect([answer.status, answer.json().token_type]).toEqual([200, 'DPoP']);
    // The successor is bound as well.
    expect((await refresh(answer.json().refresh_token, {}, undefined)).json().error).toBe(
      'invalid_dpop_proof',
    );
  });

  test('that were not bound stay so', async () => {
    const { tokens } = await getTokens(freehold, { agent, authorize: offline });
    const answer = await refresh(tokens.refresh_token, {}, key);
    expect(answer.json().token_type).toBe('DPoP');
    expect((await refresh(answer.json().refresh_token, {}, undefined)).json().token_type).toBe('Bearer');
  });

  test('of a confidential client are bound by its authentication: cnf follows each proof', async () => {
    const { refresh_token } = (await redeem({ ...offline, client_id: 'web' })).answer.json();
    const of = { client_id: 'web', client_secret: webSecret };
    expect((await refresh(refresh_token, of, new DpopKey(freehold))).json().token_type).toBe('DPoP');
    expect((await refresh(refresh_token, of, undefined)).json().token_type).toBe('Bearer');
  });

  test('RR-1: where the API requires a proof, a request without one spends nothing', async () => {
    const scope = 'offline_access';
    const { refresh_token } = (await redeem({ scope, audience: apis.required })).answer.json();
    // As if it had been given before the client used DPoP.
    freehold.execute('update refresh_token_family set jkt = null');
    expect(refusalOf(await refresh(refresh_token, {}, undefined))).toEqual(invalidProof);
    expect((await refresh(refresh_token, {}, key)).status).toBe(200);
  });
});

describe('DP-8: which tokens are bound', () => {
  const refused = 'refused';
  test.each<[string, string, keyof typeof apis | undefined, boolean, string, string?]>([
    ['spa', 'for /userinfo', undefined, true, 'DPoP'],
    ['spa', 'for /userinfo', undefined, false, 'Bearer'],
    ['spa', 'API without a policy', 'none', true, 'Bearer', 'DPoP'],
    ['spa', 'API without a policy', 'none', false, 'Bearer'],
    ['spa', 'API that allows it', 'allowed', true, 'DPoP'],
    ['spa', 'API that allows it', 'allowed', false, 'Bearer'],
    ['spa', 'API that requires it', 'required', true, 'DPoP'],
    ['spa', 'API that requires it', 'required', false, refused],
    ['web', 'API that requires it', 'required', false, refused],
    ['spa', 'API that requires it of public clients', 'required of public clients', false, refused],
    ['web', 'API that requires it of public clients', 'required of public clients', false, 'Bearer'],
    ['strict', 'for /userinfo', undefined, true, 'DPoP'],
    ['strict', 'for /userinfo', undefined, false, refused],
    ['strict', 'API that allows it', 'allowed', true, 'DPoP'],
    ['strict', 'API that allows it', 'allowed', false, refused],
    ['strict', 'API without a policy', 'none', true, refused],
  ])(
    'client %s, %s (%s), proof %j: %s',
    async (client_id, _what, name, hasProof, inAuth0, inOidc = inAuth0) => {
      for (const [server, browser, expected] of [
        [freehold, agent, inAuth0],
        [oidc, oidcAgent, inOidc],
      ] as const) {
        const authorize = { client_id, ...(name === undefined ? {} : { audience: apis[name] }) };
        const { code, pkce } = await getCode(server, { agent: browser, authorize });
        const headers = hasProof ? { dpop: await new DpopKey(server).proof() } : undefined;
        const request = tokenRequest(pkce, code, { client_id, ...secretOf[client_id] });
        const answer = await browser.postForm('/oauth/token', request, headers);
        if (expected !== refused) expect(answer.json().token_type).toBe(expected);
        else expect([answer.status, answer.json().access_token]).toEqual([400, undefined]);
      }
    },
  );

  test('DP-8: the authorization endpoint, where nothing proves a key, issues none that has to be bound', async () => {
    const tenantFile = tenant('auth0');
    const implicit = { ...spa, name: 'Implicit', client_id: 'implicit', grant_types: ['implicit'] };
    const clients = [...tenantFile.clients, { ...implicit, require_proof_of_possession: true }];
    const server = await startFreehold({ tenant: { ...tenantFile, clients }, users });
    try {
      const { agent: browser } = await getTokens(server);
      const query = new URLSearchParams({
        client_id: 'implicit',
        response_type: 'token',
        redirect_uri: spa.callbacks[0] ?? '',
      });
      const { location } = await browser.send(`/authorize?${query}`);
      expect(location?.hash).toContain('error=invalid_dpop_proof');
    } finally {
      await server.stop();
    }
  });
});
