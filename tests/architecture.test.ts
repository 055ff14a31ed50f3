// The arrows of ARCHITECTURE.md, as data, and the few rules of the house that the linter cannot see.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const server = 'packages/server/src/';

/** What a folder may import: folders whole, folders for their types alone, npm packages. */
const arrows: Record<string, { ours: string; types?: string; npm: string }> = {
  runtime: { ours: '', npm: 'zod pino bcryptjs' },
  model: { ours: 'runtime', npm: 'zod' },
  oauth: { ours: 'model runtime', npm: '' },
  login: { ours: 'model runtime', types: 'oauth', npm: '' },
  deliveries: { ours: 'model runtime', types: 'oauth', npm: '' },
  messages: { ours: 'model runtime', npm: 'nodemailer liquidjs' },
  configuration: { ours: 'model runtime', types: 'oauth', npm: 'zod yaml' },
  management: { ours: 'model runtime configuration oauth login', npm: 'zod' },
  storage: {
    ours: 'model runtime',
    types: 'oauth login configuration deliveries management',
    npm: 'kysely pg',
  },
  pages: { ours: 'model', npm: 'preact preact-render-to-string' },
  http: { ours: 'runtime model oauth login management pages', npm: 'fastify @fastify' },
};

const applications = ['packages/client/src/', 'packages/try/src/', 'packages/dashboard/src/'];
const files = [server, ...applications, 'tests/', 'scripts/']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => folder + name),
  )
  .filter((path) => /\.(tsx?|mjs)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const isTest = (path: string) => /\.test\.tsx?$/.test(path);
const shipped = files.filter(({ path }) => path.startsWith('packages/') && !isTest(path));
const inServer = shipped.filter(({ path }) => path.startsWith(server));

const importPattern =
  /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^import\s+()'([^']+)'|\bimport\(\s*'([^']+)'/gm;
const words = (list = '') => list.split(' ').filter(Boolean);

function trespasses({ path, text }: { path: string; text: string }): string[] {
  const folder = path.slice(server.length).split('/')[0] ?? '';
  if (folder.includes('.')) return [];
  const arrow = arrows[folder];
  if (!arrow) return [`${path}: the folder ${folder} has no row in the table of arrows`];
  const wrong: string[] = [];
  for (const [, type, from, , bare, dynamic] of text.matchAll(importPattern)) {
    const target = from ?? bare ?? dynamic ?? '';
    const allowed = [folder, ...words(arrow.ours), ...(type ? words(arrow.types) : [])];
    if (target.startsWith('.')) {
      const there = new URL(target, `file:///${path}`).pathname.slice(1 + server.length).split('/')[0] ?? '';
      if (!allowed.includes(there)) wrong.push(`${path} imports ${target}`);
    } else if (!target.startsWith('node:') && !words(arrow.npm).includes(target.split('/')[0] ?? '')) {
      wrong.push(`${path} imports ${target}`);
    }
  }
  return wrong;
}

/** The places, `path: text`, where the pattern occurs. */
function findAll(pattern: RegExp, among: typeof files): string[] {
  return among.flatMap(({ path, text }) => [...text.matchAll(pattern)].map(([found]) => `${path}: ${found}`));
}

test('every folder of the server imports only what the table of arrows allows, types included', () => {
  const folders = new Set(
    inServer
      .map(({ path }) => path.slice(server.length).split('/'))
      .flatMap(([folder, file]) => (file ? folder : [])),
  );
  expect([...folders].sort()).toEqual(Object.keys(arrows).sort());
  expect(inServer.flatMap(trespasses)).toEqual([]);
});

test('time, randomness and the environment come in from outside: only runtime, main and cli reach for them', () => {
  const others = inServer.filter(
    ({ path }) => !/^(runtime\/|main\.ts$|cli\.ts$)/.test(path.slice(server.length)),
  );
  expect(findAll(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.env\b/g, others)).toEqual([]);
});

/** What may come of these modules elsewhere: listening, looking at addresses, names of statuses, and types. */
const withoutConnections = /^(type \w+|createServer( as \w+)?|STATUS_CODES|isIP|isIPv6|BlockList)$/;
const connecting =
  /^import (?:type )?(?:\* as \w+|\w+|\{([^}]*)\}) from 'node:(?:https?|http2|net|tls|dgram|dns(?:\/promises)?)'/gm;

test('OUT-1: one file opens connections to addresses that somebody stored', () => {
  const others = inServer.filter(({ path }) => path !== `${server}runtime/network/outbound.ts`);
  const imported = others.flatMap(({ path, text }) =>
    [...text.matchAll(connecting)].flatMap(([line, names]) => {
      if (line.startsWith('import type')) return [];
      const given = (names ?? line).split(',').map((name) => name.trim());
      return given
        .filter((name) => name !== '' && !withoutConnections.test(name))
        .map((name) => `${path}: ${name}`);
    }),
  );
  expect(imported).toEqual([]);
  expect(findAll(/\b(?:fetch|WebSocket|EventSource|XMLHttpRequest)\(/g, others)).toEqual([]);
});

test('neither types nor lint are ever switched off', () => {
  const others = files.filter(({ path }) => path !== 'tests/architecture.test.ts');
  expect(
    findAll(/\bas any\b|\bas unknown as\b|@ts-(?:ignore|nocheck|expect-error)|biome-ignore/g, others),
  ).toEqual([]);
});

test('a file is short enough to be read at once: 300 lines at most', () => {
  const long = shipped.filter(({ text }) => text.split('\n').length > 301);
  expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length} lines`)).toEqual([]);
});
