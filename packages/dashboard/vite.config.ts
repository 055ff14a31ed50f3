import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** What stands for the nonce of a page's styles in the built index.html: the server puts a new one there each time. */
const noncePlaceholder = '{{nonce}}';

/** The script that the page waits for before it is painted. Vite bundles modules alone, and these run afterwards. */
const colorScheme = (): Plugin => {
  const source = readFileSync(join(import.meta.dirname, 'src/color-scheme.js'), 'utf8');
  const fileName = `assets/color-scheme-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.js`;
  return {
    name: 'color-scheme',
    buildStart() {
      this.emitFile({ type: 'asset', fileName, source });
    },
    transformIndexHtml: () => [
      { tag: 'script', attrs: { src: `/dashboard/${fileName}` }, injectTo: 'head-prepend' },
    ],
  };
};

export default defineConfig({
  plugins: [colorScheme()],
  root: import.meta.dirname,
  base: '/dashboard/',
  logLevel: 'warn',
  html: { cspNonce: noncePlaceholder },
  build: {
    manifest: 'manifest.json',
    // The Content-Security-Policy lets no script and no worker come from a data: URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // These know light-dark(): what stands in for it elsewhere would not follow the scheme that one chooses here.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // React, Mantine and the SDK are in the first chunk; tests/integration/dashboard.test.ts holds what it weighs.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // Mantine marks what runs in browsers only; all of this does.
      onLog: (level, log, handle) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && handle(level, log),
    },
  },
});
