import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { settingsTable } from './settings-names.ts';
import { settingsFrom } from './testing/parsed.ts';

const { parse, problems } = settingsFrom(tmpdir);

test('a mistaken name is refused with the nearest right one', () => {
  expect(problems({ FREEHOLD_ISUER: 'x', FREEHOLD_DATADIR: 'x' })).toEqual([
    'FREEHOLD_ISUER is no setting; did you mean FREEHOLD_ISSUER?',
    'FREEHOLD_DATADIR is no setting; did you mean FREEHOLD_DATA_DIR?',
  ]);
  expect(problems({}, '--prt', '1')).toContain('--prt is no flag; did you mean --port?');
  expect(problems({}, '--insecure')).toEqual(['--insecure is no flag; did you mean --insecure-allow-http?']);
});

test('flags without a value, with one too many, and stray words are refused', () => {
  expect(problems({}, '--port')).toEqual(['--port needs a value']);
  expect(problems({}, '--tenant=')).toEqual(['--tenant needs a value']);
  expect(problems({}, '--insecure-allow-http=no')).toEqual(['--insecure-allow-http takes no value']);
  expect(problems({}, '--https=yes')).toEqual(['--https takes no value']);
  expect(problems({}, 'start')).toEqual(['"start" is no flag of this command']);
});

test('what Kubernetes sets for services named freehold and freehold-… is no mistake', () => {
  const links = {
    FREEHOLD_SERVICE_HOST: '10.0.0.1',
    FREEHOLD_SERVICE_PORT_HTTP: '80',
    FREEHOLD_PORT: 'tcp://10.0.0.1:80',
    FREEHOLD_PORT_80_TCP_ADDR: '10.0.0.1',
    FREEHOLD_WEB_PORT_80_TCP: 'tcp://10.0.0.1:80',
  };
  expect(parse(links)).toEqual(parse());
  expect(problems({ FREEHOLD_PORT: '3000' })).toHaveLength(1);
});

// `vitest -u` writes the table anew; the words before it are written by hand.
test('docs/settings.md holds the table of the settings', async () => {
  const path = new URL('../../../../../docs/settings.md', import.meta.url);
  const page = readFileSync(path, 'utf8');
  const words = page.slice(0, page.indexOf('| '));
  await expect(words + settingsTable()).toMatchFileSnapshot(path.pathname);
});
