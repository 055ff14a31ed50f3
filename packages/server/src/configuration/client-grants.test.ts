import { expect, test } from 'vitest';
import { problemsOf } from './testing/parsed.ts';

test.each([{}, { client_id: 'App', default_for: 'third_party_clients' }])(
  'a client grant is for one client or for all third-party clients: %o',
  (whose) => {
    const clientGrants = [{ audience: 'https://api.example/', ...whose }];
    const resourceServers = [{ name: 'API', identifier: 'https://api.example/' }];
    expect(problemsOf({ clientGrants, resourceServers, clients: [{ name: 'App' }] })).toEqual([
      'clientGrants[0].client_id is missing: give it, or default_for, and not both',
    ]);
  },
);
