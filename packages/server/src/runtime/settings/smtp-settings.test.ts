import { describe, expect, test } from 'vitest';
import { parseSettings, SettingsError } from './settings.ts';
import { isSender, isSmtpUrl } from './smtp-settings.ts';

function settingsOf(environment: Record<string, string>, flags: string[] = []) {
  return parseSettings({ environment, arguments: flags, workingDirectory: '/srv' });
}

const from = 'Acme <login@acme.example>';

test.each([
  'smtp://localhost:1025',
  'smtp://smtp.example.com',
  'smtps://ada:secret@smtp.example.com:465/',
  'smtp://ada%40example.com:p%40ss@[::1]:25',
])('%s names a mail server', (url) => expect(isSmtpUrl(url)).toBe(true));

test.each([
  'http://smtp.example.com',
  'smtp.example.com:25',
  'smtp:smtp.example.com',
  'smtp://',
  'smtp://:secret@smtp.example.com',
  'smtp://a:%ff@smtp.example.com',
  'smtp://smtp.example.com/?pool=true',
  'smtp://smtp.example.com/path',
])('%s does not', (url) => expect(isSmtpUrl(url)).toBe(false));

test.each(['ada@example.com', from])('%s is a sender', (text) => expect(isSender(text)).toBe(true));
test.each(['ada', 'a@b\r\nBcc: c@d', 'A <a@b', 'a@b, c@d', ''])('%j is none', (text) =>
  expect(isSender(text)).toBe(false),
);

describe('RFC 3207: the connection is encrypted', () => {
  const of = (url: string, flags: string[] = []) =>
    settingsOf({ FREEHOLD_SMTP_URL: url, FREEHOLD_EMAIL_FROM: from }, flags).smtp;

  test('to every server but one on this machine', () => {
    expect(of('smtp://smtp.example.com')).toEqual({
      url: 'smtp://smtp.example.com',
      from,
      requiresTls: true,
      insecureAllowPlain: false,
    });
    expect(of('smtp://localhost:1025')?.requiresTls).toBe(false);
  });

  test('unless --insecure-allow-plain-smtp gives that up, which is told', () => {
    expect(of('smtp://mail.internal:25', ['--insecure-allow-plain-smtp'])).toMatchObject({
      requiresTls: false,
      insecureAllowPlain: true,
    });
  });
});

test('the server and the sender are set together, and an error repeats no password', () => {
  expect(() => settingsOf({ FREEHOLD_SMTP_URL: 'smtp://localhost' })).toThrow(
    'FREEHOLD_EMAIL_FROM must be set as well, because FREEHOLD_SMTP_URL is',
  );
  try {
    settingsOf({ FREEHOLD_SMTP_URL: 'smtp://a:hunter2@', FREEHOLD_EMAIL_FROM: from });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as SettingsError).message).toContain('FREEHOLD_SMTP_URL must be smtp://HOST:PORT');
    expect((error as SettingsError).message).not.toContain('hunter2');
  }
});
