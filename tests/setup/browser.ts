import { getChromium } from './chromium.ts';

/** Playwright's global set-up: a missing browser is installed before the first spec, or the run fails. */
export default function setUpBrowser(): void {
  getChromium();
}
