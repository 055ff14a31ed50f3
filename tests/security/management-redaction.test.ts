// No secret that is sent to the Management API, or that it answers, stands in the tenant log (contract §3.1: an entry
// `sapi` holds the bodies of the request and of the answer): proved over every schema there is.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../packages/server/src/management/index.ts';
import { redact } from '../../packages/server/src/management/redaction.ts';
import type { Route } from '../../packages/server/src/management/route.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { isText, membersOf, valueAt } from '../setup/schema-members.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const changes = routes.filter(({ method }) => method !== 'GET');
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

const looksSecret =
  /secret|passw|private|credential|api_?key|assertion|hash|(?:^|_)(?:token|ticket|pem|key|totp|code|cookie|jwt)$|ticket|invitation_url/i;

/** Names that only look so, and what they hold. */
const harmless: Record<string, string> = {
  credential_type: 'what a credential is: public_key, cert_subject_dn, x509_cert',
  last_password_reset: 'a time',
  public_key: 'of a passkey, for whoever wants to verify',
  credential_device_type: 'whether a passkey is on one device or several',
  pem: 'a public key, or a certificate',
};

function* textOf(route: Route) {
  for (const [of, schema] of [
    ['body', route.body],
    ['answer', route.response],
  ] as const)
    for (const member of membersOf(schema))
      if (isText(member.schema))
        yield { ...member, of, at: `${nameOf(route)} ${of} ${member.path.join('.')}` };
}

describe('every schema', () => {
  test('a field that looks like a secret is marked as one', () => {
    const unmarked = changes
      .flatMap((route) => [...textOf(route)])
      .filter(
        ({ path, isSecret }) => !isSecret && looksSecret.test(path.findLast((name) => name !== '0') ?? ''),
      )
      .filter(({ path }) => !Object.hasOwn(harmless, path.findLast((name) => name !== '0') ?? ''));
    expect(unmarked.map(({ at }) => at)).toEqual([]);
  });

  test('what is marked is taken out, wherever it stands', () => {
    const canary = 'a-secret-that-nobody-may-read';
    for (const route of changes) {
      for (const { of, path, isSecret, at } of textOf(route)) {
        if (!isSecret) continue;
        const shown = redact(of === 'body' ? route.body : route.response, valueAt(path, canary));
        expect({ at, shown: JSON.stringify(shown).includes(canary) }).toEqual({ at, shown: false });
      }
    }
  });
});

describe('the tenant log', () => {
  let freehold: Freehold;
  let api: ManagementApi;
  beforeAll(async () => {
    freehold = await startFreehold();
    api = await managementApi(freehold);
  });
  afterAll(() => freehold.stop());

  const send = ({ method, path }: Route, body: unknown) => {
    const name = method.toLowerCase() as 'post' | 'patch' | 'put' | 'delete';
    return api[name](path.replace(/\{\w+\}/g, 'unknown'), body);
  };

  test('a body that is refused leaves no secret: not in its place, not misspelt, not in a body of another form', async () => {
    const canary = 'Canary-0f-a-secret-1';
    for (const route of changes) {
      const places = [...textOf(route)].filter(({ of, isSecret }) => of === 'body' && isSecret);
      const bodies = [
        ...places.map(({ path }) => valueAt(path, canary)),
        { passwrod: canary },
        [canary],
        canary,
      ];
      for (const body of bodies) await send(route, JSON.stringify(body));
    }
    const telling = (await freehold.logEntries()).filter((entry) => JSON.stringify(entry).includes(canary));
    expect(telling.map(({ details }) => details)).toEqual([]);
  });
});
