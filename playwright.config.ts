import { defineConfig } from '@playwright/test';
import { chromiumArguments, findChromium } from './tests/setup/chromium.ts';

const executablePath = findChromium();

export default defineConfig({
  testDir: 'tests/browser',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/setup/browser.ts',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  // For what never ends: no test is about how fast the machine is.
  timeout: 180_000,
  reporter: [['list'], ['json', { outputFile: '.build/reports/playwright.json' }]],
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    trace: 'off',
    actionTimeout: 60_000,
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { args: chromiumArguments, ...(executablePath ? { executablePath } : {}) },
  },
  projects: [
    {
      name: 'desktop light',
      use: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
    },
    {
      name: 'phone dark',
      use: {
        viewport: { width: 390, height: 844 },
        deviceScaleFactor: 3,
        isMobile: true,
        hasTouch: true,
        colorScheme: 'dark',
      },
    },
  ],
});
