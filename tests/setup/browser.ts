import { build } from '../../scripts/build.mjs';
import { getChromium } from './chromium.ts';

/** Playwright's global set-up: builds the pages' assets; a missing browser is installed before the first spec. */
export default async function setUpBrowser(): Promise<void> {
  await build();
  getChromium();
}
