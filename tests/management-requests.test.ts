// §3.1: "validated strictly". What the operations take, as a body and in the query, is what Auth0's description lets them
// take: `null`, kinds, formats, choices, bounds, what must be there and what may not. Where it is not, the reason stands
// here: a difference that the test tells of is mended in the schema of the route, or is a line of one of the two lists.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from '../packages/server/src/management/index.ts';
import { operations } from './setup/management-api.ts';
import { differencesOfBody, differencesOfQuery } from './setup/request-differences.ts';

interface Exception {
  /** Of the operation, the place and the difference, as `PATCH /branding colors: accepts null`. */
  of: RegExp;
  why: string;
}

/** What Auth0 refuses, and this server takes. */
const laxer: Exception[] = [
  {
    of: /^PATCH \/tenants\/settings (?:authorization_code_lifetime|dialect|log_retention_days|rate_limits|refresh_token): is no member/,
    why: 'settings of our own: docs/tenant-settings.md',
  },
  {
    of: /^(?:POST|PATCH) \/clients\S* refresh_token\.retry_(?:safe|window): is no member/,
    why: 'RR-8: settings of our own',
  },
  {
    of: /^PATCH \/tenants\/settings (?:flags\.\w+|universal_login|sandbox_versions_available): is no member/,
    why: '§3.7: exports contain them, and are imported again',
  },
  {
    of: /^PATCH \/tenants\/settings \w*session_lifetime: accepts a fraction/,
    why: '§3.7: recorded lifetimes of parts of an hour',
  },
  {
    of: /^PATCH \/branding colors\.page_background\.\w+: is no member/,
    why: '§3.7: the members of a gradient, which the description leaves open',
  },
  {
    of: /suspicious-ip-throttling stage\.pre-custom-token-exchange: is no member/,
    why: '§3.7: recorded',
  },
  {
    of: /^POST \/clients client_secret: is no member/,
    why: '§6.2: who moves here keeps the secrets of their clients',
  },
  { of: /alg: accepts 'ES256'/, why: 'SG-1, CA-7: ES256 is an extension' },
  { of: /^POST \/keys\/signing\/rotate alg: is no parameter/, why: 'SG-1: the algorithm of the next key' },
  {
    of: /^PATCH \/clients\/\{id\} \S+\.credentials\.0(?:\.\w+)?: (?:is no member|accepts nothing|accepts an empty object)/,
    why: '§2.2: /clients/{id}/credentials is not served, so that a change brings new credentials with it',
  },
  {
    of: /^(?:POST|PATCH) \/organizations\S* branding\.logo_url: accepts null/,
    why: 'the description says so by the name of its format alone: strict-https-uri-or-null',
  },
  {
    of: /^(?:POST|PATCH) \/organizations\S* (?:third_party_client_access|is_app_entitlement_active): is no member/,
    why: '§3.6: recorded, and told to deploy-cli',
  },
  { of: /^(?:POST|PATCH) \/roles\S* type: is no member/, why: '§1.1: newer than the description' },
  { of: /^GET \/roles type: is no parameter/, why: '§1.1: newer than the description, sent by deploy-cli' },
  {
    of: /^GET \/organizations include_client_association_for: is no parameter/,
    why: '§1.1: newer than the description',
  },
  {
    of: /^POST \/users\/\{id\}\/revoke-access : accepts null/,
    why: 'a body may be left out, and null is as good as none',
  },
  {
    of: /^(?:POST|PATCH) \/connections\S* options\.(?:disable_signup|requires_username|brute_force_protection): is no member/,
    why: '§3.4: of databases; the description leaves the options of strategies open',
  },
  {
    of: /^(?:POST|PATCH) \/resource-servers\S* token_lifetime_for_web: is no member/,
    why: '§3.3: recorded',
  },
  { of: /^GET \/logs q: is no parameter/, why: '§3.7: what tools send' },
  {
    of: /^GET \S+ (?:page|per_page|include_totals): is no parameter/,
    why: '§4.5: sent with `take` by node-auth0 and deploy-cli',
  },
  {
    of: /^GET \S+ from: accepts \d+ characters/,
    why: '§2.1: a checkpoint is what the list has told, and may be longer here',
  },
  {
    of: /: accepts what is no [a-z-]+-id(?:-with-max-length)?$/,
    why: '§6.2: ids from elsewhere are kept as they are; what there is nothing of is not found',
  },
  {
    of: /: accepts what is no (?:acr|connection-realm|ec-initiate-login-uri-template-url)$/,
    why: 'formats of Auth0’s own, which are described nowhere',
  },
  {
    of: /^(?:POST \/clients|PATCH \/clients\/\{id\}|PATCH \/tenants\/settings) (?:\S+_urls\.0|callbacks\.0|\w+_origins\.0|initiate_login_uri|logo_uri): accepts what is no /,
    why: 'judged after the schema, with all else that is said: tests/integration/management/clients.test.ts, tenant.test.ts',
  },
];

/** What Auth0 takes, and this server refuses. */
const stricter: Exception[] = [
  {
    of: /: refuses what is large$/,
    why: 'a bound of our own where Auth0 tells of none: nothing is stored, or looked for, without one',
  },
  {
    of: /: refuses (?:an empty text|'')$/,
    why: 'nothing is called that: it would not be found, or could not be told again',
  },
  {
    of: /: refuses an unknown member$/,
    why: '§3.1: "400 on unknown properties", where the description forgets to say so',
  },
  { of: /alg: refuses 'RS512'/, why: 'SG-1: not among the algorithms of this server' },
  { of: / device_flow\.mask: refuses/, why: 'DV-2: of *, - and spaces, as the setting says' },
  {
    of: /^PATCH \/branding colors\.page_background: refuses/,
    why: '§3.7: a colour or a gradient: it stands in the style of a page',
  },
  {
    of: / addons\.(?:sentry\.base_url|sharepoint\.\w+|springcm\.acsurl)(?:\.0)?: refuses a text/,
    why: 'an address in all but the description: a text that is none is of no use to whoever follows it',
  },
  {
    of: / jwt_configuration\.lifetime_in_seconds: refuses (?:-1|0)$/,
    why: 'a token lives for a second at least',
  },
  {
    of: / client_authentication_methods\.\w+\.credentials: refuses an empty list/,
    why: 'CA-7: a client without a credential could never prove itself',
  },
  {
    of: /^(?:POST|PUT) \/users\/\{id\}\/authentication-methods .*(?:phone_number|email|key_id|public_key|totp_secret): refuses/,
    why: '§3.5: a factor is made with what it needs to be one',
  },
  {
    of: / (?:client|session|refresh_token)_metadata\.\*: refuses/,
    why: '§3.2: "string pairs ≤255 chars", as the description says in words',
  },
  {
    of: /_metadata: refuses nothing/,
    why: 'the only member of its body: a change that says nothing is refused',
  },
  {
    of: / options\.(?:validation\.username\.max|attributes\.username\.validation\.m\w+_length): refuses (?:-1|0|a fraction)/,
    why: 'a length is a whole number, and no username is shorter than one character',
  },
  { of: /^GET \/stats\/daily (?:from|to): refuses/, why: '§3.7: YYYYMMDD' },
  { of: /^GET \S+ (?:page|per_page|take): refuses '-1'/, why: '§2.1: 0-based' },
  {
    of: /^GET \S+ (?:app_type|sort|q|strategy): refuses/,
    why: '§3.2, §3.4, §3.5: the description says in words what the parameter takes',
  },
];

function* differences(): Generator<string> {
  for (const { method, path, body, query, fields } of routes) {
    const facts = operations[`${method} ${path}`];
    if (facts === undefined) continue;
    const found = facts.body && body ? [...differencesOfBody(facts.body, body)] : [];
    // fields.ts takes these two from the query of whichever route has them.
    const asked = Object.entries(facts.query ?? {}).filter(([name]) => !fields || !/fields\??$/.test(name));
    const taken = query instanceof z.ZodObject ? query : z.object({});
    for (const difference of [...found, ...differencesOfQuery(Object.fromEntries(asked), taken)])
      yield `${method} ${path} ${difference}`;
  }
}

test('§3.1: what is accepted and what is refused is what Auth0 accepts and refuses, but for the reasons given', () => {
  const known = [...laxer, ...stricter];
  const found = [...differences()];
  expect(found.filter((difference) => !known.some(({ of }) => of.test(difference)))).toEqual([]);
  const needless = known.filter(({ of }) => !found.some((difference) => of.test(difference)));
  expect(needless).toEqual([]);
});
