// A single-page application on http://localhost, as while one develops it, with an SDK's script on every page; the
// server on another port; and a browser.
import type { Browser } from '@playwright/test';
import { rolldown } from 'rolldown';
import { type Application, startApplication } from '../setup/application.ts';
import { launchChromium } from '../setup/chromium.ts';
import { orders, sampleTenant, spa, users } from '../setup/flow.ts';
import { RunningClock } from '../setup/running-clock.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

export interface SinglePage {
  application: Application;
  freehold: Freehold;
  browser: Browser;
  stop(): Promise<void>;
}

/** An API that lets its tokens be bound to a key. */
export const boundAudience = 'https://bound.example/';

/** `client`: what the client `spa` is told beside where its application is. */
export async function startSinglePage(
  script: string,
  client: Record<string, unknown> = {},
): Promise<SinglePage> {
  const application = await startApplication('localhost', undefined, script);
  const clients = [
    {
      ...spa,
      refresh_token: { policies: [{ audience: boundAudience, scope: ['read:orders'] }] },
      callbacks: [application.callback],
      allowed_logout_urls: [application.origin, `${application.origin}/`],
      web_origins: [application.origin],
      allowed_origins: [application.origin],
      ...client,
    },
  ];
  const proof_of_possession = { mechanism: 'dpop', required: false };
  const resourceServers = [
    orders,
    {
      ...orders,
      name: 'Bound',
      identifier: boundAudience,
      proof_of_possession,
      allow_online_access: true,
    },
  ];
  const freehold = await startFreehold({
    tenant: sampleTenant({ clients, resourceServers }),
    users,
    clock: new RunningClock(),
  });
  const browser = await launchChromium();
  return {
    application,
    freehold,
    browser,
    async stop() {
      await browser.close();
      await freehold.stop();
      await application.stop();
    },
  };
}

/** One script of a module and all that it imports, for an SDK that comes as modules only; a global has its exports. */
export async function bundle(input: string, global: string): Promise<string> {
  const build = await rolldown({
    input,
    cwd: import.meta.dirname,
    platform: 'browser',
    logLevel: 'silent',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  const { output } = await build.generate({ format: 'iife', name: global });
  await build.close();
  return output[0].code;
}
