// Tenant settings that change while servers run: whoever changes them sees the change at once, any other process
// within a second.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TenantSettings, tenantSettingsSchema } from '../../packages/server/src/model/tenant.ts';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, callback, newPkce, sampleTenant, users } from '../setup/flow.ts';
import { apiWith, managementApi } from '../setup/management.ts';
import { createDatabase, type TestDatabase } from '../setup/postgres.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

function change(freehold: Freehold, differing: Partial<TenantSettings>): Promise<void> {
  return freehold.composed.unitOfWork.transaction(async ({ tenant }) => {
    const stored = (await tenant.get()) ?? tenantSettingsSchema.parse({});
    await tenant.put({ ...stored, ...differing });
  });
}

function discoveryOf(freehold: Freehold): Promise<Record<string, unknown>> {
  return new Agent(freehold.issuer, freehold.port)
    .send('/.well-known/openid-configuration')
    .then((answer) => answer.json());
}

async function failedLogin(freehold: Freehold): Promise<number> {
  const url = authorizationUrl(freehold, newPkce());
  return (await new Agent(freehold.issuer).logIn(url, 'ada@example.com', 'wrong')).status;
}

describe('one server', () => {
  let freehold: Freehold;
  let settings: TenantSettings;
  beforeAll(async () => {
    freehold = await startFreehold({ tenant: sampleTenant(), users });
    ({ settings } = freehold.composed.tenant);
  });
  afterAll(() => freehold.stop());

  test('DIS-*, WK-1: the dialect changes what discovery and refusals say', async () => {
    expect((await discoveryOf(freehold)).authorization_response_iss_parameter_supported).toBe(false);
    await change(freehold, { dialect: 'oidc' });
    expect((await discoveryOf(freehold)).authorization_response_iss_parameter_supported).toBe(true);
    await change(freehold, { dialect: 'auth0' });
    expect((await discoveryOf(freehold)).authorization_response_iss_parameter_supported).toBe(false);
  });

  test('DR-1: registration is there as soon as it is allowed, and gone as soon as it is not', async () => {
    const agent = new Agent(freehold.issuer);
    const register = () => agent.postJson('/oidc/register', { redirect_uris: [callback] });
    const missing = await agent.postJson('/oidc/unknown', {});
    const before = await register();
    expect([before.status, before.text]).toEqual([404, missing.text]);
    await change(freehold, { flags: { ...settings.flags, enable_dynamic_client_registration: true } });
    expect((await register()).status).toBe(201);
    await change(freehold, { flags: settings.flags });
    expect((await register()).status).toBe(404);
  });

  test('AP-1: the limit of failed logins', async () => {
    const { brute_force_protection } = settings;
    await change(freehold, { brute_force_protection: { ...brute_force_protection, max_attempts: 2 } });
    expect([await failedLogin(freehold), await failedLogin(freehold), await failedLogin(freehold)]).toEqual([
      400, 400, 429,
    ]);
    await change(freehold, {
      brute_force_protection: { ...brute_force_protection, max_attempts: 2, enabled: false },
    });
    expect(await failedLogin(freehold)).toBe(400);
    await change(freehold, {
      brute_force_protection: { ...brute_force_protection, max_attempts: 2, allowlist: ['127.0.0.1'] },
    });
    expect(await failedLogin(freehold)).toBe(400);
    await change(freehold, { brute_force_protection });
  });

  test('RL-1: the rate limits, which count on where nothing of them changed', async () => {
    const agent = new Agent(freehold.issuer);
    const remaining = async () => Number((await agent.send('/v2/logout')).headers['x-ratelimit-remaining']);
    await change(freehold, { rate_limits: { ...settings.rate_limits, burst: 10, per_second: 0.001 } });
    expect(await remaining()).toBe(9);
    await change(freehold, { friendly_name: 'Another' });
    expect(await remaining()).toBe(8);
    await change(freehold, { rate_limits: { ...settings.rate_limits, burst: 5, per_second: 0.001 } });
    expect(await remaining()).toBe(4);
    await change(freehold, { rate_limits: { ...settings.rate_limits, enabled: false } });
    expect((await agent.send('/v2/logout')).headers).not.toHaveProperty('x-ratelimit-limit');
    await change(freehold, { rate_limits: settings.rate_limits });
  });

  test('the name on every page', async () => {
    await change(freehold, { friendly_name: 'Before' });
    const agent = new Agent(freehold.issuer);
    const pages = async () =>
      Promise.all(
        ['/activate', '/v2/logout', authorizationUrl(freehold, newPkce())].map(
          async (url) => (await agent.open(url)).text,
        ),
      );
    for (const html of await pages()) expect(html).toContain('· Before</title>');
    await change(freehold, { friendly_name: 'After' });
    for (const html of await pages()) expect(html).toContain('· After</title>');
  });

  test('a transaction that is rolled back changes nothing', async () => {
    const { composed } = freehold;
    const failing = composed.unitOfWork.transaction(async ({ tenant }) => {
      await tenant.put({ ...settings, friendly_name: 'Never' });
      throw new Error('not this time');
    });
    await expect(failing).rejects.toThrow('not this time');
    await discoveryOf(freehold);
    expect(composed.tenant.settings.friendly_name).not.toBe('Never');
  });

  test('nothing is read again within a second, and what did not change stays the same object', async () => {
    const { tenant } = freehold.composed;
    await discoveryOf(freehold);
    expect(tenant.refreshSettings()).toBeUndefined();
    const before = tenant.settings;
    freehold.clock.advance(1);
    await tenant.refreshSettings();
    expect(tenant.settings).toBe(before);
    await change(freehold, { friendly_name: 'Changed' });
    await tenant.refreshSettings();
    expect(tenant.settings).toEqual({ ...before, friendly_name: 'Changed' });
    expect(tenant.settings.rate_limits).toBe(before.rate_limits);
  });
});

describe('two servers on one PostgreSQL', () => {
  let database: TestDatabase;
  let one: Freehold;
  let other: Freehold;
  beforeAll(async () => {
    database = await createDatabase();
    const environment = { FREEHOLD_MASTER_KEY: randomBytes(32).toString('base64') };
    const shared = { tenant: sampleTenant(), users, databaseUrl: database.url };
    one = await startFreehold({ ...shared, environment });
    other = await startFreehold({
      ...shared,
      environment: { ...environment, FREEHOLD_ISSUER: one.issuer },
      clock: one.clock,
    });
  });
  afterAll(async () => {
    await other?.stop();
    await one?.stop();
    await database?.drop();
  });

  test('a change at one is seen by it at once, and by the other when a second has passed', async () => {
    const told = async (freehold: Freehold) =>
      (await discoveryOf(freehold)).authorization_response_iss_parameter_supported;
    expect([await told(one), await told(other)]).toEqual([false, false]);
    await change(one, { authorization_response_iss_parameter_supported: true });
    expect(await told(one)).toBe(true);
    one.clock.advance(1);
    expect(await told(other)).toBe(true);
  });

  test('work without a request reads them too', async () => {
    await change(one, { friendly_name: 'The new name' });
    one.clock.advance(1);
    await other.composed.deliverDue();
    expect(other.composed.tenant.settings.friendly_name).toBe('The new name');
  });

  test('so is a change by the Management API, and a rotation of the keys', async () => {
    const api = await managementApi(one);
    const published = async (freehold: Freehold) =>
      (await new Agent(one.issuer, freehold.port).send('/.well-known/jwks.json')).json();
    const page = async () => (await new Agent(one.issuer, other.port).open('/activate')).text;
    await page();
    await api.patch('/tenants/settings', { friendly_name: 'By the API' });
    await api.patch('/branding', { colors: { primary: '#0059d6' } });
    await api.post('/keys/signing/rotate');
    one.clock.advance(1);
    expect(await page()).toMatch(/theme\.css\?v=.*By the API/s);
    expect(await published(other)).toEqual(await published(one));
  });

  test('RFC 9110 §13.1.1: of changes to one state, made at both servers at once, one is accepted', async () => {
    const api = await managementApi(one);
    const apis = [api, apiWith(other, api.token)];
    const etag = String((await api.get('/tenants/settings')).headers.etag);
    const changes = ['A', 'B', 'C', 'D', 'E', 'F'].map((friendly_name, index) =>
      (apis[index % 2] ?? api).patch('/tenants/settings', { friendly_name }, { 'if-match': etag }),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412, 412, 412, 412]);
  });
});
