import { Server as HttpServer } from 'node:http';
import fastify from 'fastify';
import { expect, test, vi } from 'vitest';
import { listen } from './listen.ts';

test('every address has the timeouts of the first', async () => {
  const server = fastify();
  const timeouts = { headersTimeout: 1001, requestTimeout: 1002, keepAliveTimeout: 1003 };
  Object.assign(server.server, timeouts);
  const listening = vi.spyOn(HttpServer.prototype, 'listen');
  await listen(server, { addresses: ['127.0.0.1', '127.0.0.2'], port: 0, tls: undefined });
  const servers = new Set(listening.mock.contexts);
  await server.close();
  listening.mockRestore();
  expect(servers.size).toBe(2);
  for (const each of servers) expect(each).toMatchObject(timeouts);
});
