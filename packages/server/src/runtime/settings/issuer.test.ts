import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { settingsFrom } from './testing/parsed.ts';

const { parse, problems } = settingsFrom(tmpdir);

test.each([
  'http://localhost:3000',
  'http://app.localhost',
  'http://127.0.0.1/',
  'http://127.9.9.9:8',
  'http://[::1]:3000',
])('a loopback issuer may be http: %s', (text) => {
  expect(parse({ FREEHOLD_ISSUER: text }).issuer).toBe(new URL(text).href);
});

test.each([
  'http://example.com',
  'http://10.0.0.1',
  'http://localhost.example.com',
  'http://[::2]',
  'http://0.0.0.0',
  'http://xlocalhost',
])('any other http issuer is refused unless --insecure-allow-http: %s', (text) => {
  expect(problems({ FREEHOLD_ISSUER: text })).toEqual([
    expect.stringMatching(/^FREEHOLD_ISSUER .*--insecure-allow-http/),
  ]);
  const settings = parse({ FREEHOLD_ISSUER: text }, '--insecure-allow-http');
  expect([settings.issuer, settings.insecureAllowHttp]).toEqual([new URL(text).href, true]);
});
