// What the Management API says of itself, for programs and for people.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../../packages/server/src/management/index.ts';
import { Agent } from '../../setup/agent.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  freehold = await startFreehold();
  agent = new Agent(freehold.issuer, freehold.port);
});
afterAll(() => freehold.stop());

test('the OpenAPI description has every route that is served, with its scopes', async () => {
  const answer = await agent.send('/api/v2/openapi.json');
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  const { openapi, paths } = answer.json() as {
    openapi: string;
    paths: Record<string, Record<string, { security: { bearer: string[] }[] }>>;
  };
  expect(openapi).toBe('3.1.0');
  for (const { path, method, scopes } of routes) {
    const operation = paths[path]?.[method.toLowerCase()];
    expect(operation?.security.flatMap(({ bearer }) => bearer)).toEqual(expect.arrayContaining([...scopes]));
  }
  expect(Object.values(paths).flatMap((methods) => Object.keys(methods))).toHaveLength(routes.length);
  expect(answer.text).not.toMatch(/"(?:secret|noEffect)":true/);
});

test('the reference shows each of them to people', async () => {
  const answer = await agent.send('/api/v2/docs', { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(200);
  for (const { path, summary } of routes) {
    expect(answer.text).toContain(path);
    expect(answer.text).toContain(summary);
  }
});
