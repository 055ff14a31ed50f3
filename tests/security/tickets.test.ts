// Password reset bypass, host header in mails, secrets returned to the caller (abuse tests §2): a password changes by
// the mailed secret alone, once, and what is mailed leads to the issuer alone.
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import { newPkce, password, sampleTenant, tokenRequest, users } from '../setup/flow.ts';
import { linkSentTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const [ada, bob] = ['ada@example.com', 'bob@example.com'];
let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});
afterAll(() => freehold.stop());
beforeEach(() => freehold.clock.advance(3600));

const hashes = () => freehold.execute('select owner, password_hash from identity order by owner');
const agent = () => new Agent(freehold.issuer);

async function sendLink(email: string): Promise<URL> {
  const body = { client_id: 'spa', email, connection: defaultDatabaseName };
  const answer = await agent().postJson('/dbconnections/change_password', body);
  const link = await linkSentTo(freehold, email);
  expect(answer.text).not.toContain(link.searchParams.get('ticket'));
  return link;
}

/** The form of an open link, as it would be sent. */
async function formOf(link: URL): Promise<Record<string, string>> {
  const { text } = await agent().open(link);
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]));
}

const send = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  agent().postForm('/u/reset-password', fields, headers);

test('without the ticket, with another, or with another’s form, nothing changes', async () => {
  const before = hashes();
  const mine = await formOf(await sendLink(ada));
  const theirs = await formOf(await sendLink(bob));
  const attempts: Record<string, string>[] = [
    {},
    { password: 'Evil-horse-3' },
    { ...mine, ticket: '' },
    { ...mine, ticket: 'x'.repeat(43) },
    { ...mine, ticket: `${mine.ticket}x` },
    { ...mine, csrf: '' },
    { ...mine, csrf: theirs.csrf ?? '' },
    { ...theirs, csrf: mine.csrf ?? '' },
    { ...mine, ticket: `${mine.ticket?.slice(0, -1)}\0` },
  ];
  for (const fields of attempts) {
    const answer = await send({ ...fields, password: 'Evil-horse-3' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
  expect(hashes()).toEqual(before);
});

test('a form that another site sends is refused', async () => {
  const before = hashes();
  const form = { ...(await formOf(await sendLink(ada))), password: 'Evil-horse-3' };
  expect((await send(form, { origin: 'https://evil.example' })).status).toBe(400);
  expect((await send(form, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
  expect(hashes()).toEqual(before);
});

test('of ten that use one link at once one changes the password', async () => {
  const form = await formOf(await sendLink(ada));
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => send({ ...form, password: `Winning-horse-${index}` })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await freehold.logEntries()).filter(({ type }) => type === 'scp')).toHaveLength(1);
});

test('a link is of the address that it went to: once the user has another, it is none', async () => {
  const form = await formOf(await sendLink(bob));
  const before = hashes();
  freehold.execute("update identity set email = 'robert@example.com' where email = ?", bob);
  expect((await send({ ...form, password: 'Evil-horse-3' })).status).toBe(400);
  expect(hashes()).toEqual(before);
  freehold.execute("update identity set email = ? where email = 'robert@example.com'", bob);
});

test('one kind of one-time value is never taken for another', async () => {
  const ticket = (await sendLink(ada)).searchParams.get('ticket') ?? '';
  const before = hashes();
  expect((await agent().open(`/u/email-verification?ticket=${ticket}`)).status).toBe(400);
  expect((await agent().open(`/u/login?state=${ticket}`)).text).toContain('We could not find');
  const pkce = newPkce();
  expect((await agent().postForm('/oauth/token', tokenRequest(pkce, ticket))).status).toBe(403);
  const refresh = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: ticket };
  expect((await agent().postForm('/oauth/token', refresh)).status).toBe(403);
  expect(hashes()).toEqual(before);
});

test('whatever a request calls this server, links in mails lead to the issuer', async () => {
  const body = JSON.stringify({ client_id: 'spa', email: ada, connection: defaultDatabaseName });
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    forwarded: 'host=evil.example',
    host: new URL(freehold.issuer).host,
    origin: 'https://evil.example',
    referer: 'https://evil.example/',
  };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sending = request(
      { port: freehold.port, path: '/dbconnections/change_password', method: 'POST', headers },
      (response) => resolve(response.resume().statusCode),
    );
    sending.on('error', reject).end(body);
  });
  expect(status).toBe(200);
  expect((await linkSentTo(freehold, ada)).href.startsWith(freehold.issuer)).toBe(true);
});

test('the page of a link is stored nowhere, framed by nobody, and tells its address to nobody', async () => {
  const { headers } = await agent().open(await sendLink(ada));
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['referrer-policy']).toBe('same-origin');
});

test('a password that was never the user’s is not told to be: the old one is asked for nowhere', async () => {
  const { text } = await agent().open(await sendLink(ada));
  expect(text).not.toContain(password);
  expect(text.match(/type="password"/g)).toHaveLength(1);
});
