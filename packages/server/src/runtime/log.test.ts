import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capped, createLog, type Log, loggedPath } from './log.ts';

function memoryLog(level = 'info'): { log: Log; lines: string[]; last: () => Record<string, unknown> } {
  const lines: string[] = [];
  const log = createLog({ level, destination: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

test('a log line is one JSON object with level, ISO time and message', () => {
  const { log, lines, last } = memoryLog();
  log.info({ client_id: 'abc' }, 'token issued');
  log.debug('not at this level');
  expect(lines).toHaveLength(1);
  expect(last()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    client_id: 'abc',
    msg: 'token issued',
  });
});

const secretNames = [
  ...[
    'token',
    'access_token',
    'refresh_token',
    'id_token_hint',
    'code',
    'code_verifier',
    'state',
    'login_hint',
  ],
  ...[
    'password',
    'client_secret',
    'clientSecret',
    'cookie',
    'Set-Cookie',
    'Authorization',
    'client_assertion',
  ],
];

test.each(secretNames)('%s is redacted at any depth that is logged', (name) => {
  const { log, lines, last } = memoryLog();
  log.info({ [name]: 'hunter2', kept: 'yes' });
  log.info({ a: { b: [{ c: { [name]: 'hunter2' } }] } });
  log.info({ a: { [name]: { deeper: ['hunter2'] } } });
  log.child({ [name]: 'hunter2' }).info('bound');
  log
    .child({ a: 1 })
    .child({ b: { [name]: 'hunter2' } }, { level: 'info' })
    .info({ [name]: 'hunter2' }, 'bound twice');
  expect(lines.join()).not.toContain('hunter2');
  expect(lines.join().match(/\[redacted\]/g)).toHaveLength(6);
  expect(last()).toMatchObject({ a: 1, b: { [name]: '[redacted]' }, msg: 'bound twice' });
});

test('no raw URL is logged: url, location and referer lose query, fragment and user name', () => {
  const { log, lines, last } = memoryLog();
  log.info({
    url: '/authorize?state=hunter2',
    headers: {
      location: 'https://a.example/cb#code=hunter2',
      referer: new URL('https://u:hunter2@a.example/x?y'),
    },
    elsewhere: new URL('https://a.example/?code=hunter2'),
  });
  expect(lines.join()).not.toContain('hunter2');
  expect(last()).toMatchObject({
    url: '/authorize',
    headers: { location: 'https://a.example/cb', referer: 'https://a.example/x' },
    elsewhere: 'https://a.example/',
  });
});

test('loggedPath strips query, fragment and user name, in any order and across lines', () => {
  expect(loggedPath('/oauth/token')).toBe('/oauth/token');
  expect(loggedPath('/a?b=c#d')).toBe('/a');
  expect(loggedPath('/a#b?c')).toBe('/a');
  expect(loggedPath('/a?b\nc?d')).toBe('/a');
  expect(loggedPath('http://user:password@host/a?b')).toBe('http://host/a');
  expect(loggedPath('//user:password@host/a')).toBe('//host/a');
  expect(loggedPath(`/${'a'.repeat(300)}`)).toContain('… (301 characters)');
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('?', '#'), (path, mark) => {
      expect(loggedPath(`${path}${mark}hunter2`)).not.toContain('hunter2');
    }),
  );
});

test('capped bounds the length and says how much there was', () => {
  expect(capped('short')).toBe('short');
  expect(capped('x'.repeat(200))).toBe('x'.repeat(200));
  expect(capped('x'.repeat(201))).toBe(`${'x'.repeat(200)}… (201 characters)`);
  expect(capped('abcdef', 3)).toBe('abc… (6 characters)');
});

test('capped spells out line breaks, ANSI escapes, bidirectional marks and lone surrogates', () => {
  expect(capped('a\r\nb')).toBe('a\\u{d}\\u{a}b');
  expect(capped('\u001b[31mred\u009b0m')).toBe('\\u{1b}[31mred\\u{9b}0m');
  expect(capped('\u202egnp.exe\u2066\u200b\ufeff')).toBe('\\u{202e}gnp.exe\\u{2066}\\u{200b}\\u{feff}');
  expect(capped('\u2028\u2029\0\x7f')).toBe('\\u{2028}\\u{2029}\\u{0}\\u{7f}');
  expect(capped('\ud83d\ude00', 1)).toBe('\\u{d83d}… (2 characters)');
  expect(capped('Grüße, 世界 😀')).toBe('Grüße, 世界 😀');
});

test('no string can forge a line or drive a terminal, wherever it stands in a record', () => {
  const { log, lines } = memoryLog();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      lines.length = 0;
      log.warn({ text, [text]: 1, list: [text] }, text);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+\n$/u);
      expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
    }),
  );
});

test('an error is logged with type, message, code, stack and cause, without what else it carries', () => {
  const { log, lines, last } = memoryLog();
  const cause = Object.assign(new TypeError('inner'), { code: 'ECONNREFUSED' });
  log.error(Object.assign(new Error('outer', { cause }), { detail: 'hunter2', code: '23505' }));
  expect(last()).toMatchObject({
    level: 'error',
    msg: 'outer',
    err: {
      type: 'Error',
      message: 'outer',
      code: '23505',
      cause: { type: 'TypeError', code: 'ECONNREFUSED' },
    },
  });
  expect(last().err).toHaveProperty('stack', expect.stringMatching(/^Error: outer\n {4}at /));
  log.child({ err: cause }).error({ err: cause }, 'bound');
  expect(last().err).toMatchObject({ type: 'TypeError', message: 'inner' });
  expect(lines.join()).not.toContain('hunter2');
});

test('what is no plain value is named, not opened; depth and breadth are bounded', () => {
  const { log, lines, last } = memoryLog();
  const circle: Record<string, unknown> = { name: 'hunter' };
  circle.circle = circle;
  log.info({
    circle,
    key: Buffer.from('hunter2'),
    map: new Map([['code', 'hunter2']]),
    list: Array.from({ length: 1_000 }, (_, index) => index),
    big: 10n,
    nothing: null,
  });
  expect(last()).toMatchObject({ key: '[Buffer]', map: '[Map]', big: '10', nothing: null });
  expect(last().list).toHaveLength(50);
  expect(lines[0]).toContain('[…]');
  expect(lines.join()).not.toContain('hunter2');
});
