// Whatever is sent to the registration endpoint, it is a client that is safe to send people to, or a refusal in the
// words of RFC 7591. A failure prints the seed and the path with which fast-check repeats it.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { callback, sampleTenant } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  const tenant = {
    flags: { enable_dynamic_client_registration: true },
    rate_limits: { enabled: false },
  };
  freehold = await startFreehold({ tenant: sampleTenant({ tenant }) });
});
afterAll(() => freehold.stop());

const schemes = [
  'https:',
  'http:',
  'HTTPS:',
  'javascript:',
  'data:',
  'com.app:',
  'blob:',
  '',
  'file:',
  'about:',
];
const hosts = [
  'app.example',
  'localhost',
  '127.0.0.1',
  '*.app.example',
  'me@app.example',
  '[::1]',
  '\\evil',
  '',
];
const address = fc
  .tuple(
    fc.constantFrom(...schemes),
    fc.constantFrom('//', '/', '\\\\', '////', ''),
    fc.constantFrom(...hosts),
    fc.constantFrom('/callback', '/\0', '#x', '?a=b', '/%', '/é', '\t', ''),
  )
  .map((parts) => parts.join(''));
const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue(), address, fc.constant(callback));
const metadata = fc.record(
  {
    redirect_uris: fc.oneof(fc.array(fc.oneof(address, fc.constant(callback)), { maxLength: 3 }), anything),
    client_name: anything,
    token_endpoint_auth_method: fc.oneof(
      fc.constantFrom('none', 'private_key_jwt', 'client_secret_basic'),
      anything,
    ),
    grant_types: fc.oneof(fc.constant(['authorization_code', 'implicit']), anything),
    response_types: anything,
    application_type: fc.oneof(fc.constantFrom('web', 'native'), anything),
    logo_uri: anything,
    policy_uri: anything,
    initiate_login_uri: anything,
    post_logout_redirect_uris: fc.oneof(fc.array(address, { maxLength: 2 }), anything),
    backchannel_logout_uri: anything,
    jwks_uri: anything,
    jwks: fc.oneof(fc.record({ keys: fc.array(fc.dictionary(fc.string(), fc.jsonValue())) }), anything),
    contacts: anything,
    __proto__: anything,
    client_id: anything,
    is_first_party: fc.boolean(),
    is_system: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const safeCallback =
  /^(?:https:\/\/[^/@*\\#]+|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?=[/?]|$)|com\.app:\/)[^#\\*]*$/;

test('DR-2, DR-3: metadata of any kind is a safe client or a refusal', async () => {
  const agent = new Agent(freehold.issuer);
  await fc.assert(
    fc.asyncProperty(metadata, async (given) => {
      const answer = await agent.postJson('/oidc/register', given);
      const body = answer.json();
      if (answer.status === 400) {
        expect(['invalid_redirect_uri', 'invalid_client_metadata']).toContain(body.error);
        expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
        return;
      }
      expect(answer.status).toBe(201);
      expect(body.client_id).toMatch(/^tpc_[A-Za-z0-9]{28}$/);
      const client = await freehold.stores.clients.find(String(body.client_id));
      expect(client).toMatchObject({ is_first_party: false, is_system: false });
      expect(
        client?.grant_types.filter((type) => !/^(authorization_code|refresh_token)$/.test(type)),
      ).toEqual([]);
      for (const registered of client?.callbacks ?? []) expect(registered).toMatch(safeCallback);
    }),
    { numRuns: 400, examples: [[{ redirect_uris: [callback] }]] },
  );
});

test('DR-3: a body of any kind is a client or a refusal', async () => {
  const agent = new Agent(freehold.issuer);
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (body) => {
      const answer = await agent.postJson('/oidc/register', body);
      expect([answer.status, answer.json().error]).toEqual([
        400,
        expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/),
      ]);
    }),
    { numRuns: 200 },
  );
});
