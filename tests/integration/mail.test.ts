// Mail: stored with the change that it tells of, sent over SMTP after the commit, and shown by `freehold outbox` where
// no mail server is set.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { createSmtpTransport } from '../../packages/server/src/messages/smtp.ts';
import { createMailWriter, type MailTenant } from '../../packages/server/src/messages/write-mail.ts';
import { type Message, mailTemplates, newMessage } from '../../packages/server/src/model/message.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import { sampleTenant } from '../setup/flow.ts';
import { type MailServer, startMailServer } from '../setup/mail-server.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const url = 'https://login.example/u/reset-password?ticket=abc';
const mail: Message = {
  template: 'reset_email',
  to: 'ada@example.com',
  url,
  lifetime: 432_000,
  client_id: 'spa',
  client_name: 'Single page',
  connection: 'Username-Password-Authentication',
  connection_id: 'con_1',
  user_id: 'auth0|1',
};
const requester = { ip: '192.0.2.1', user_agent: 'test', hostname: 'localhost' };
const from = 'Acme <login@acme.example>';

const post = (freehold: Freehold, differs: Partial<Message> = {}) =>
  freehold.composed.unitOfWork.transaction(({ deliveries }) =>
    deliveries.add(
      newMessage({ ...mail, ...differs }, requester, { now: freehold.clock.now(), random: systemRandom }),
    ),
  );

describe('with a mail server', () => {
  let mailServer: MailServer;
  let freehold: Freehold;

  beforeEach(async () => {
    mailServer = await startMailServer({ user: 'acme', password: 'a p@ss' });
    freehold = await startFreehold({
      tenant: sampleTenant(),
      environment: {
        FREEHOLD_SMTP_URL: mailServer.url.replace('//', '//acme:a%20p%40ss@'),
        FREEHOLD_EMAIL_FROM: from,
      },
    });
  });
  afterEach(async () => {
    await freehold.stop();
    await mailServer.stop();
  });

  const waiting = () => freehold.stores.deliveries.list('mail', 10);

  test('a mail goes out in HTML and in plain text, from the sender that is set', async () => {
    await post(freehold);
    expect(mailServer.mails).toEqual([]);
    await freehold.composed.deliverDue();
    expect(mailServer.mails).toHaveLength(1);
    const [sent] = mailServer.mails;
    expect(sent).toMatchObject({ from: 'login@acme.example', to: ['ada@example.com'] });
    expect(sent?.headers.get('from')).toBe(from);
    expect(sent?.headers.get('subject')).toBe('Choose a new password');
    for (const text of [sent?.text, sent?.html]) {
      expect(text).toContain(url);
      expect(text).toContain('password of ada@example.com at Acme');
      expect(text).toContain('5 days');
    }
    expect(await waiting()).toEqual([]);
  });

  test('a mail server that is away is tried again, until it is back', async () => {
    await post(freehold);
    mailServer.refuseWith = 451;
    await freehold.composed.deliverDue();
    expect(await waiting()).toHaveLength(1);
    await freehold.composed.deliverDue();
    mailServer.refuseWith = undefined;
    freehold.clock.advance(10);
    await freehold.composed.deliverDue();
    expect([mailServer.mails.length, await waiting()]).toEqual([1, []]);
  });

  test('LG-3: a recipient who is refused for good is given up, and the tenant log says so', async () => {
    await post(freehold);
    mailServer.refuseWith = 550;
    await freehold.composed.deliverDue();
    expect(await waiting()).toEqual([]);
    const entry = (await freehold.logEntries()).at(-1);
    expect(entry).toMatchObject({
      type: 'fn',
      user_id: 'auth0|1',
      user_name: 'ada@example.com',
      client_id: 'spa',
      details: { template: 'reset_email' },
    });
    expect(JSON.stringify(entry)).not.toContain('ticket');
  });

  test('a code that has expired meanwhile is not sent', async () => {
    await post(freehold, { template: 'passwordless_email', code: '123456', url: undefined, lifetime: 180 });
    mailServer.refuseWith = 451;
    await freehold.composed.deliverDue();
    mailServer.refuseWith = undefined;
    freehold.clock.advance(180);
    await freehold.composed.deliverDue();
    expect([mailServer.mails, await waiting()]).toEqual([[], []]);
    expect((await freehold.logEntries()).at(-1)?.type).toBe('fn');
  });

  test('what waits is sealed in the database', async () => {
    await post(freehold);
    const [row] = freehold.execute('select * from delivery');
    expect(JSON.stringify(row)).not.toMatch(/reset-password|ada@/);
  });

  test('RFC 3207: where encryption is required and not offered, nothing is sent', async () => {
    const transport = createSmtpTransport({ url: mailServer.url, from, requiresTls: true });
    await expect(
      transport.send({ to: 'ada@example.com', subject: 'S', html: 'H', text: 'T' }),
    ).rejects.toThrow(/STARTTLS/);
    expect(mailServer.mails).toEqual([]);
  });
});

test('without a mail server mail waits, and `freehold outbox` shows it', async () => {
  const freehold = await startFreehold({ tenant: sampleTenant() });
  const printed: string[] = [];
  const outbox = () =>
    run({
      arguments: ['outbox'],
      environment: { FREEHOLD_DATA_DIR: freehold.folder },
      workingDirectory: freehold.folder,
      print: (text) => printed.push(text),
      serve: async () => {},
    });
  try {
    await outbox();
    expect(printed.splice(0)).toEqual(['No message waits.']);
    await post(freehold);
    freehold.clock.advance(1);
    await post(freehold, { template: 'passwordless_email', code: '123456', url: undefined, lifetime: 180 });
    await freehold.composed.deliverDue();
    await outbox();
    expect(printed).toHaveLength(2);
    expect(printed[0]).toContain(`To: ada@example.com\nSubject: Choose a new password\n`);
    expect(printed[0]).toContain(url);
    expect(printed[1]).toContain('123456');
  } finally {
    await freehold.stop();
  }
});

describe('what a mail says', () => {
  const tenant: MailTenant = {
    friendly_name: 'Acme',
    picture_url: null,
    support_email: 'help@acme.example',
    support_url: null,
  };
  const write = (differs: Partial<Message>, of: Partial<MailTenant> = {}) =>
    createMailWriter(() => ({ ...tenant, ...of }))({ ...mail, ...differs });

  test.each(mailTemplates)('EM-1: %s has a subject, both bodies, the link and where to ask', (template) => {
    const written = write({ template });
    expect(written.subject).not.toBe('');
    for (const text of [written.html, written.text]) {
      expect(text).toContain(url);
      expect(text).toContain('help@acme.example');
      expect(text).not.toMatch(/{{|{%|undefined|null/);
    }
  });

  test('a code stands in place of the link', () => {
    const { html, text, subject } = write({
      template: 'passwordless_email',
      code: '042137',
      url: undefined,
      lifetime: 180,
    });
    expect(subject).toBe('Your code for Single page');
    for (const body of [html, text]) {
      expect(body).toContain('042137');
      expect(body).toContain('3 minutes');
      expect(body).not.toContain('href');
    }
  });

  test('names are no markup and no header', () => {
    const name = 'A<script>alert(1)</script>\r\nBcc: eve@example.com {{ url }}';
    const { html, subject, text } = write({ template: 'passwordless_email', client_name: name });
    expect(subject).toBe('Log in to A<script>alert(1)</script> Bcc: eve@example.com {{ url }}');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;');
    // What stands in a value is not read as a template.
    expect(text).toContain('{{ url }}');
  });
});
