// Vitest's global set-up: builds the project, sees to a browser for the SDKs that need one, and starts the one
// PostgreSQL of the run. Each of these failing fails it.
import type { TestProject } from 'vitest/node';
import { build } from '../../scripts/build.mjs';
import { getChromium } from './chromium.ts';
import { forgetExceptionsSeen, reportUnusedExceptions } from './openapi.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await build();
  getChromium();
  forgetExceptionsSeen();
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.remove();
    const { vitest } = project;
    const ofAllProjects = await vitest.globTestSpecifications();
    if (vitest.state.getFiles().length === ofAllProjects.length) reportUnusedExceptions();
  };
}
