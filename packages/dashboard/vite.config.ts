import { defineConfig } from 'vite';

/** What stands for the nonce of a page's styles in the built index.html: the server puts a new one there each time. */
const noncePlaceholder = '{{nonce}}';

export default defineConfig({
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
