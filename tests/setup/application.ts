// An application beside the server, on a loopback port of its own: it receives what browsers bring to its callback.
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Application {
  /** Without trailing slash. */
  origin: string;
  callback: string;
  /** The bodies that were posted to the callback, oldest first. */
  posted: URLSearchParams[];
  stop(): Promise<void>;
}

/**
 * `hostname`: a name of the loopback address; its pages belong to it. With `tls` it speaks https. `script`: JavaScript
 * that every page loads.
 */
export async function startApplication(
  hostname = 'localhost',
  tls?: { certificate: string; key: string },
  script = '',
): Promise<Application> {
  const posted: URLSearchParams[] = [];
  const answer: RequestListener = async (request, response) => {
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      posted.push(new URLSearchParams(body));
    }
    if (request.url === '/script.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(script === '' ? blankPage : `${blankPage}<script src="/script.js"></script>`);
  };
  const server = tls
    ? createHttpsServer({ cert: tls.certificate, key: tls.key }, answer)
    : createServer(answer);
  const address = hostname === '[::1]' ? '::1' : '127.0.0.1';
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const origin = `${tls ? 'https' : 'http'}://${hostname}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    callback: `${origin}/callback`,
    posted,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const blankPage =
  '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Application</title><h1>Application</h1>';
