// Listening on every address that the settings name: `localhost` is both loopback addresses, whatever the machine's
// resolver makes of it.
import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { FastifyInstance } from 'fastify';

export interface Listening {
  addresses: readonly string[];
  port: number;
  tls: { certificate: string; key: string } | undefined;
}

/** The first address must be had; a further one that the machine does not have (no IPv6) is left out. */
export async function listen(server: FastifyInstance, { addresses, port, tls }: Listening): Promise<void> {
  const [first = 'localhost', ...others] = addresses;
  const further: Server[] = [];
  server.addHook('onClose', async () => {
    await Promise.all(further.map(close));
  });
  await server.listen({ host: first, port });
  for (const address of others) {
    const other = tls
      ? createHttpsServer({ cert: tls.certificate, key: tls.key }, server.routing)
      : createHttpServer(server.routing);
    if (await tryToListen(other, address, port)) further.push(other);
  }
}

async function tryToListen(server: Server, host: string, port: number): Promise<boolean> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false;
    throw error;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
