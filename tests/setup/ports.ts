// Ports of servers whose address is told before they listen. They lie below those that systems give to outgoing
// connections, and each process of the tests begins at its own: what is found free is still free when it is used.
import { once } from 'node:events';
import { createServer } from 'node:net';

const [lowest, ports, portsOfOneProcess] = [11_000, 21_000, 100];
let next = process.pid * portsOfOneProcess;

/** Nobody listens there on the loopback interface, and this process has not found it before. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = lowest + (next++ % ports);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
