// Ports of servers whose address is told before they listen. What is found free must still be free then: the ports lie
// below those that systems give to outgoing connections, and each process of the tests has a range of its own.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const lowest = 11_000;
const ranges = 210;
const portsOfOneRange = 100;

/** The first port of our range. This process listens there for as long as it runs, so that no other takes this range. */
let first: Promise<number> | undefined;
let given = 0;

/** Nobody listens there on the loopback interface, and it is given to nobody else until all others were given. */
export async function findFreePort(): Promise<number> {
  first ??= takeRange();
  for (;;) {
    given += 1;
    const port = (await first) + 1 + (given % (portsOfOneRange - 1));
    const server = await listenOn(port);
    if (server === undefined) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

async function takeRange(): Promise<number> {
  for (let range = process.pid; ; range += 1) {
    const port = lowest + (range % ranges) * portsOfOneRange;
    const server = await listenOn(port);
    if (server === undefined) continue;
    server.unref();
    return port;
  }
}

/** Undefined if somebody listens there. */
async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
