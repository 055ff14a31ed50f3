// Bodies that are wrong in one place, in every place and in every way that Auth0's description knows: refused with 400 in
// its grammar (which the oracle of the tests' client checks), and nothing has changed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../packages/server/src/management/index.ts';
import type { Route } from '../../packages/server/src/management/route.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { operations, shapes } from '../setup/management-api.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { wrongValues } from '../setup/wrong-values.ts';

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  freehold = await startFreehold();
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const withBody = routes.filter((route) => operations[nameOf(route)]?.body !== undefined);

/** What must be there beside a member that is wrong, so that it is that which is refused. */
const needed: Record<string, Record<string, unknown>> = {
  'POST /clients': { name: 'A client' },
  'POST /resource-servers': { identifier: 'https://wrong.example/' },
  'POST /roles': { name: 'A role' },
  'POST /organizations': { name: 'an-organization' },
  'POST /connections': { name: 'A-connection', strategy: 'auth0' },
};

/** What Auth0's description refuses, and this server takes. */
const taken: { of: RegExp; why: string }[] = [
  { of: /^POST \/users\/\{id\}\/revoke-access : null$/, why: 'its body may be left out' },
  {
    of: /^(?:POST|PATCH) \/clients(?:\/\{id\})? \/\w+(?:\/(?:google|apple|facebook))?: null$/,
    why: 'null is as good as absent',
  },
  { of: /^PATCH \/tenants\/settings \/\w+(?:\/url)?: null$/, why: 'null unsets a setting, whichever' },
  { of: /^\w+ \/roles\S* \/description: null$/, why: 'recorded: null, and null takes it away' },
  {
    of: /^POST \/organizations \/token_quota: null$/,
    why: 'auth0-deploy-cli sends what stands in a file, which may be null',
  },
  {
    of: /^\w+ \/organizations(?:\/\{id\})? \/branding\/logo_url: null$/,
    why: 'its format is strict-https-uri-or-null',
  },
  { of: /^PATCH \/tenants\/settings \/\w+_lifetime: a number$/, why: 'recorded: parts of an hour come back' },
];

/** Milliseconds: a client has thousands of places to be wrong in. */
const patience = 180_000;

/** Everything that is stored, but for what refusals leave in the log. */
function stored(): Record<string, unknown> {
  const tables = freehold.execute(
    "select name from sqlite_master where type = 'table' and name not like '%log%'",
  );
  return Object.fromEntries(tables.map(({ name }) => [name, freehold.execute(`select * from "${name}"`)]));
}

describe('§3.1: a body that is wrong in one place is refused, and nothing has changed', () => {
  test.each(withBody.map((route) => [nameOf(route), route] as const))(
    '%s',
    async (name, route) => {
      const { body = 'any' } = operations[name] ?? {};
      const path = route.path.replace(/\{\w+\}/g, 'unknown');
      const method = route.method.toLowerCase() as 'post' | 'patch' | 'put' | 'delete';
      const before = stored();
      const deviating: Record<string, string> = {};
      for (const { at, how, value } of wrongValues(body, shapes, needed[name])) {
        if (taken.some(({ of }) => of.test(`${name} ${at}: ${how}`))) continue;
        const status = await statusOf(api[method](path, JSON.stringify(value)));
        if (status !== 400) deviating[at] ??= `${how} → ${status}`;
      }
      expect(deviating).toEqual({});
      expect(stored()).toEqual(before);
    },
    patience,
  );
});

/** What the oracle has to say of an answer that should not have been given is told in a line. */
async function statusOf(answer: Promise<{ status: number }>): Promise<number | string> {
  try {
    return (await answer).status;
  } catch (error) {
    return String(error).split('\n', 1)[0]?.slice(0, 160) ?? '';
  }
}
