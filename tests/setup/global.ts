// Vitest's global set-up: builds the project and starts the one PostgreSQL of the run. Either failing fails it.
import type { TestProject } from 'vitest/node';
import { build } from '../../scripts/build.mjs';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await build();
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return () => postgres.remove();
}
