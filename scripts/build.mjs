// Builds what is missing or stale: a target is built again when the hash of its sources, of the lock file,
// of the compiler's settings or of this script has changed. Bundles appear whole (written aside, then renamed), so that a process started
// meanwhile never reads half a file. Knows no more of the packages than their entry files.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (/** @type {string} */ path) => join(root, path);

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string[]} sources folders or files whose change makes it stale
 * @property {string[]} outputs what must exist afterwards
 * @property {() => Promise<void>} build
 */

/** @type {Target[]} In this order: the page at /try and the login are bundled from the built client. */
const targets = [
  {
    name: 'client',
    sources: ['packages/client/src'],
    outputs: ['packages/client/dist/index.js'],
    build: () =>
      bundle('packages/client/src/index.ts', 'packages/client/dist/index.js', { platform: 'neutral' }),
  },
  {
    name: 'try',
    sources: ['packages/try/src', 'packages/client/src'],
    outputs: ['packages/server/dist/assets/try.js', 'packages/server/dist/assets/try.css'],
    build: async () => {
      await bundle('packages/try/src/main.ts', 'packages/server/dist/assets/try.js', {
        platform: 'browser',
        output: { minify: true },
      });
      copy('packages/try/src/try.css', 'packages/server/dist/assets/try.css');
    },
  },
  {
    name: 'assets',
    sources: ['packages/server/src/pages/assets'],
    outputs: filesOf('packages/server/src/pages/assets').map(builtAsset),
    build: async () => {
      for (const file of filesOf('packages/server/src/pages/assets')) copy(file, builtAsset(file));
    },
  },
  {
    name: 'dashboard',
    sources: ['src', 'index.html', 'vite.config.ts', 'package.json'].map(
      (path) => `packages/dashboard/${path}`,
    ),
    outputs: ['packages/server/dist/assets/dashboard/index.html'],
    build: buildDashboard,
  },
  {
    name: 'login',
    sources: ['examples/native/src', 'packages/client/src'],
    outputs: ['packages/server/dist/login.js'],
    build: () => bundle('examples/native/src/main.ts', 'packages/server/dist/login.js', { platform: 'node' }),
  },
  {
    name: 'server',
    sources: ['packages/server/src'],
    outputs: ['packages/server/dist/server.js'],
    build: () =>
      bundle('packages/server/src/main.ts', 'packages/server/dist/server.js', {
        platform: 'node',
        // Named by libraries, and never loaded: `pg` does without the first, and Fastify compiles schemas and is called
        // without a network only where somebody asks for it.
        external: [
          'pg-native',
          '@fastify/ajv-compiler',
          '@fastify/fast-json-stringify-compiler',
          'light-my-request',
        ],
        plugins: [httpByRequire],
        output: { banner: requireForCommonJs, comments: false },
      }),
  },
];

const requireForCommonJs =
  "import { createRequire as createRequireForBundle } from 'node:module';\n" +
  'const require = createRequireForBundle(import.meta.url);';

/**
 * `import` reads every export of a module of Node's, and `node:http` has one that loads undici when it is read: 5 MB.
 * @type {import('rolldown').Plugin}
 */
const httpByRequire = {
  name: 'http by require',
  resolveId: (name) => (/^(node:)?http$/.test(name) ? '\0http' : undefined),
  load: (id) => (id === '\0http' ? "module.exports = process.getBuiltinModule('node:http');" : undefined),
};

/** Brings every target up to date and names those that were built. */
export async function build() {
  const built = [];
  for (const target of targets) {
    const hash = hashOf([...target.sources, 'package-lock.json', 'tsconfig.base.json', 'scripts/build.mjs']);
    const mark = at(`.build/${target.name}.hash`);
    const fresh = existsSync(mark) && readFileSync(mark, 'utf8') === hash;
    if (fresh && target.outputs.every((output) => existsSync(at(output)))) continue;
    await target.build();
    write(mark, hash);
    built.push(target.name);
  }
  return built;
}

/**
 * @param {string} entry
 * @param {string} file
 * @param {import('rolldown').InputOptions & { output?: import('rolldown').OutputOptions }} options
 */
async function bundle(entry, file, { output, ...options }) {
  const rolldown = await import('rolldown');
  const { output: chunks } = await rolldown.build({
    input: at(entry),
    cwd: root,
    logLevel: 'warn',
    ...options,
    output: { format: 'esm', codeSplitting: false, ...output },
    write: false,
  });
  write(at(file), inAscii(chunks[0].code));
}

/** Vite bundles it; every file that the browser keeps is compressed ahead, as small as it gets. */
async function buildDashboard() {
  const { build: bundleWithVite } = await import('vite');
  const [aside, folder] = ['.build/dashboard', 'packages/server/dist/assets/dashboard'];
  // Test runners set another, by which React would be built for development.
  const { NODE_ENV = '' } = process.env;
  process.env.NODE_ENV = 'production';
  await bundleWithVite({
    configFile: at('packages/dashboard/vite.config.ts'),
    build: { outDir: at(aside), emptyOutDir: true },
  });
  process.env.NODE_ENV = NODE_ENV;
  await Promise.all(filesOf(`${aside}/assets`).map(compress));
  rmSync(at(folder), { recursive: true, force: true });
  mkdirSync(dirname(at(folder)), { recursive: true });
  renameSync(at(aside), at(folder));
}

/** @param {string} file */
async function compress(file) {
  const content = readFileSync(at(file));
  write(at(`${file}.br`), await promisify(brotliCompress)(content));
  write(at(`${file}.gz`), await promisify(gzip)(content, { level: 9 }));
}

/**
 * V8 keeps the text of a program: one character beyond Latin-1 anywhere in it doubles what that takes.
 * @param {string} code
 */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @param {string[]} paths */
function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesOf)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} The file itself, or every file below the folder but its tests. */
function filesOf(path) {
  if (!existsSync(at(path))) return [];
  const names = readdirSync(dirname(at(path)), { withFileTypes: true });
  if (names.find(({ name }) => name === basename(path))?.isFile()) return [path];
  return readdirSync(at(path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

/** @param {string} file */
function builtAsset(file) {
  return `packages/server/dist/assets/${basename(file)}`;
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  write(at(to), readFileSync(at(from)));
}

/** @param {string} file @param {string | Uint8Array} content */
function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, content);
  renameSync(aside, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of await build()) console.log(`built ${name}`);
}
