// Listening on every address that the settings name, and the end of it: `localhost` is both loopback addresses,
// whatever the machine's resolver makes of it. Knows connections, and nothing of what is asked on them.
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

export interface Listening {
  addresses: readonly string[];
  port: number;
  tls: { certificate: string; key: string } | undefined;
}

/** The address cannot be listened on; the message says what to change. */
class ListenRefused extends Error {
  override name = 'ListenRefused';
}

/** Milliseconds that requests in progress have once the server closes: `docker stop` kills after ten seconds. */
const longestDrain = 8000;

/**
 * The first address must be had; a further one that the machine does not have (no IPv6) is left out.
 * Throws ListenRefused.
 */
export async function listen(server: FastifyInstance, { addresses, port, tls }: Listening): Promise<void> {
  const [first = 'localhost', ...others] = addresses;
  const further: Server[] = [];
  const drains = [drainOf(server.server)];
  let closed: Promise<unknown> = Promise.resolve();
  server.addHook('preClose', async () => {
    for (const drain of drains) drain();
    closed = Promise.all(further.map(close));
  });
  server.addHook('onClose', async () => {
    await closed;
  });
  try {
    await server.listen({ host: first, port });
  } catch (cause) {
    throw refusal(cause, first, port);
  }
  for (const address of others) {
    const other = tls
      ? createHttpsServer({ cert: tls.certificate, key: tls.key }, server.routing)
      : createHttpServer(server.routing);
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server.server;
    Object.assign(other, { headersTimeout, requestTimeout, keepAliveTimeout });
    if (!(await tryToListen(other, address, port))) continue;
    further.push(other);
    drains.push(drainOf(other));
  }
}

/**
 * What is to be done when the server closes, beside what Node does itself: it would wait for connections on which
 * nothing was asked (browsers open such ahead of need), for those that clients keep after their answer, and for
 * requests that are never sent to their end.
 */
function drainOf(server: Server): () => void {
  // By the other end, because over TLS a request knows another object than its connection.
  const silent = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    silent.set(peer, socket);
    socket.once('close', () => silent.delete(peer));
  });
  server.on('request', ({ socket }: IncomingMessage) => silent.delete(peerOf(socket)));
  return () => {
    for (const socket of silent.values()) socket.destroy();
    const closingIdle = setInterval(() => server.closeIdleConnections(), 50);
    const closingAll = setTimeout(() => server.closeAllConnections(), longestDrain);
    server.once('close', () => {
      clearInterval(closingIdle);
      clearTimeout(closingAll);
    });
  };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

async function tryToListen(server: Server, host: string, port: number): Promise<boolean> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false;
    throw refusal(cause, host, port);
  }
}

function refusal(cause: unknown, host: string, port: number): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  const where = `port ${port} of ${host}`;
  switch (code) {
    case 'EADDRINUSE':
      return new ListenRefused(
        `Another program listens on ${where}. Stop it, or choose another port with PORT or --port.`,
        { cause },
      );
    case 'EACCES':
      return new ListenRefused(
        `This user may not listen on ${where}. Choose a port from 1024 with PORT or --port.`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenRefused(`${host} is no address of this machine: set HOST to one that is.`, { cause });
    default:
      return cause;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
