// How a client proves itself at the token endpoint and at its neighbour, revocation.
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
import { type Freehold, startFreehold } from '../setup/server.ts';

const oddSecret = 'per%cent-plus+and:colon&equals=/sixty-four-characters-long-at-the-least';
const confidential = { ...spa, app_type: 'regular_web', client_secret: webSecret };
let freehold: Freehold;
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    { ...confidential, name: 'Basic', client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
    {
      ...confidential,
      name: 'Odd',
      client_id: 'odd:id',
      client_secret: oddSecret,
      token_endpoint_auth_method: 'client_secret_basic',
    },
    { ...confidential, name: 'Unset', client_id: 'unset', token_endpoint_auth_method: null },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const clientRefused = {
  status: 401,
  error: 'invalid_client',
  error_description: 'Client authentication failed',
};

function basic(client_id: string, client_secret: string): { authorization: string } {
  const encoded = `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`;
  return { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` };
}

/** A token request of `client_id`, valid but for the client's proof. */
async function requestOf(client_id: string, more: Record<string, string | undefined> = {}) {
  const { code, pkce } = await getCode(freehold, { agent, authorize: { client_id } });
  return tokenRequest(pkce, code, { client_id, ...more });
}

describe('CA-1, CA-3, CA-13: the registered method is the only one accepted', () => {
  const methods = {
    none: [{}, {}],
    client_secret_post: [{ client_secret: webSecret }, {}],
    client_secret_basic: [{}, webSecret],
  } as const;
  test.each([
    ['spa', 'none', 200],
    ['web', 'client_secret_post', 200],
    ['web', 'client_secret_basic', 401],
    ['web', 'none', 401],
    ['basic', 'client_secret_basic', 200],
    ['basic', 'client_secret_post', 401],
    ['basic', 'none', 401],
    ['unset', 'client_secret_post', 200],
    ['unset', 'client_secret_basic', 200],
    ['unset', 'none', 401],
  ] as const)('client %s by %s: %i', async (client_id, method, status) => {
    const [fields, secret] = methods[method];
    const headers = typeof secret === 'string' ? basic(client_id, secret) : {};
    const answer = await agent.postForm(
      '/oauth/token',
      { ...(await requestOf(client_id)), ...fields },
      headers,
    );
    expect(answer.status).toBe(status);
    if (status === 401) expect(refusalOf(answer)).toEqual(clientRefused);
    else expect(answer.json().token_type).toBe('Bearer');
  });
});

test('CA-2, RFC 6749 §2.3.1: id and secret are form-encoded before base64', async () => {
  const answer = await agent.postForm('/oauth/token', await requestOf('odd:id'), basic('odd:id', oddSecret));
  expect(answer.status).toBe(200);
});

test('RFC 7235 §2.1: the scheme is compared without case', async () => {
  const { authorization } = basic('basic', webSecret);
  const answer = await agent.postForm('/oauth/token', await requestOf('basic'), {
    authorization: authorization.replace('Basic', 'bAsIc'),
  });
  expect(answer.status).toBe(200);
});

test('CA-10: client_id may be left out of the body when it is in Basic', async () => {
  const { client_id: _left, ...request } = await requestOf('basic');
  expect((await agent.postForm('/oauth/token', request, basic('basic', webSecret))).status).toBe(200);
});

test.each([
  ['a secret in the body too', 'basic', { client_secret: webSecret }],
  ['another client_id in the body', 'basic', { client_id: 'web' }],
])('CA-4, RFC 6749 §2.3: Basic and %s is 400 invalid_request', async (_what, client_id, more) => {
  const answer = await agent.postForm(
    '/oauth/token',
    await requestOf(client_id, more),
    basic(client_id, webSecret),
  );
  expect(refusalOf(answer)).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: 'The request authenticates the client in more than one way',
  });
});

test('CA-5, DIS-1: unknown client, wrong, missing and foreign secret are one refusal', async () => {
  const request = await requestOf('web');
  for (const fields of [
    { client_id: 'nobody' },
    { client_id: 'nobody', client_secret: webSecret },
    { client_secret: `${webSecret}x` },
    { client_secret: webSecret.slice(1) },
    { client_secret: oddSecret },
    {},
  ]) {
    const answer = await agent.postForm('/oauth/token', { ...request, ...fields });
    expect(refusalOf(answer)).toEqual(clientRefused);
    expect(answer.headers['www-authenticate']).toBeUndefined();
  }
  // None of it burnt the code.
  expect((await agent.postForm('/oauth/token', { ...request, client_secret: webSecret })).status).toBe(200);
});

test('CA-6, RFC 6749 §5.2: 401 after Basic carries a Basic challenge', async () => {
  for (const credentials of [basic('basic', 'wrong'), basic('nobody', 'wrong'), basic('web', webSecret)]) {
    const { client_id: _left, ...request } = tokenRequest({ code_verifier: 'x' }, 'code');
    const answer = await agent.postForm('/oauth/token', request, credentials);
    expect(refusalOf(answer)).toEqual(clientRefused);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="Freehold"');
  }
});

test('CA-6: Basic credentials that cannot be read are 400 invalid_request', async () => {
  for (const authorization of ['Basic', 'Basic !!!', `Basic ${Buffer.from('no colon').toString('base64')}`]) {
    const answer = await agent.postForm('/oauth/token', tokenRequest({ code_verifier: 'x' }, 'x'), {
      authorization,
    });
    expect([authorization, refusalOf(answer)]).toEqual([
      authorization,
      { status: 400, error: 'invalid_request', error_description: 'The Authorization header is malformed' },
    ]);
  }
});

test('CA-12: a secret that a public client sends is ignored', async () => {
  const request = await requestOf('spa', { client_secret: 'anything' });
  expect((await agent.postForm('/oauth/token', request)).status).toBe(200);
});

test('SD-58, AC-18: client_id is required of public clients too', async () => {
  const { client_id: _left, ...request } = await requestOf('spa');
  expect(refusalOf(await agent.postForm('/oauth/token', request))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: 'Missing required parameter: client_id',
  });
});

test('CA-5, RV-4: revocation authenticates clients in the same way', async () => {
  const refused = await agent.postForm('/oauth/revoke', { client_id: 'web', token: 'x' });
  expect(refusalOf(refused)).toEqual(clientRefused);
  const challenged = await agent.postForm('/oauth/revoke', { token: 'x' }, basic('basic', 'wrong'));
  expect(refusalOf(challenged)).toEqual(clientRefused);
  expect(challenged.headers['www-authenticate']).toBe('Basic realm="Freehold"');
  expect((await agent.postForm('/oauth/revoke', { token: 'x' }, basic('basic', webSecret))).status).toBe(200);
});
