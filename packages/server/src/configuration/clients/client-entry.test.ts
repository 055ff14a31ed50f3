import { expect, test } from 'vitest';
import type { Client } from '../../model/client.ts';
import { Findings } from '../findings.ts';
import { clientEntryOf } from './client-entry.ts';
import { clientEntrySchema } from './client-schema.ts';
import { resolveClient } from './clients.ts';
import { type ClientDefaults, managementApiDefaults, tenantFileDefaults } from './defaults.ts';

function clientOf(entry: object, defaults: ClientDefaults): Client {
  const findings = new Findings('test');
  const parsed = clientEntrySchema.parse({ name: 'App', ...entry });
  const { settings } = resolveClient(parsed, [], findings, defaults);
  findings.throwIfAny();
  return { ...settings, client_id: 'app', global: false, is_system: false, created_at: 1, updated_at: 2 };
}

const certificateSubject = { tls_client_auth: { credentials: [{ subject_dn: 'CN=x', name: 'X' }] } };

test.each([
  {},
  { app_type: 'spa' },
  { app_type: 'zoom', token_endpoint_auth_method: null },
  { app_type: 'resource_server', resource_server_identifier: 'https://api.example/' },
  { client_authentication_methods: certificateSubject },
  {
    refresh_token: {
      expiration_type: 'expiring',
      retry_safe: true,
      policies: [{ audience: 'a', scope: ['b'] }],
    },
  },
  {
    description: 'What it is',
    callbacks: ['https://app.example/callback'],
    grant_types: [],
    initiate_login_uri: 'https://app.example/login',
    jwt_configuration: { alg: 'PS256', secret_encoded: true, scopes: { a: 1 } },
    oidc_logout: {
      backchannel_logout_urls: ['https://app.example/out'],
      backchannel_logout_initiators: { mode: 'all' },
      backchannel_logout_session_metadata: { include: true },
    },
    organization_usage: 'allow',
    addons: { samlp: { audience: 'urn:a' } },
    par_request_expiry: 60,
    token_exchange: { allow_any_profile_of_type: [] },
    redirection_policy: 'allow_always',
  },
])('an entry that says all of a client makes that client again, by whichever defaults: %j', (entry) => {
  for (const defaults of [tenantFileDefaults, managementApiDefaults]) {
    const client = clientOf(entry, defaults);
    const whole = clientEntryOf(client);
    const findings = new Findings('test');
    const { settings } = resolveClient(whole, [], findings, managementApiDefaults, client);
    expect(findings.problems).toEqual([]);
    expect({ ...client, ...settings }).toEqual(client);
    expect(clientEntrySchema.parse(whole)).toEqual(whole);
  }
});
