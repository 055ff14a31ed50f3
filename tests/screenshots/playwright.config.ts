import { defineConfig } from '@playwright/test';
import { chromiumArguments, findChromium } from '../setup/chromium.ts';

const executablePath = findChromium();

export default defineConfig({
  testDir: '.',
  globalSetup: '../setup/browser.ts',
  workers: 1,
  outputDir: '../../test-results',
  use: {
    browserName: 'chromium',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { args: chromiumArguments, ...(executablePath ? { executablePath } : {}) },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' } },
    {
      name: 'phone',
      use: {
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 2,
        isMobile: true,
        hasTouch: true,
        colorScheme: 'dark',
      },
    },
  ],
});
