// The end of the redirect: a port on this machine, open while the login lasts. "Loopback redirect URIs use the 'http'
// scheme and are constructed with the loopback IP literal and whatever port the client is listening on": RFC 8252 §7.3.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Page {
  status: number;
  heading: string;
  text: string;
}

export interface Loopback {
  /** The redirect URI. */
  url: string;
  close(): Promise<void>;
}

/** `answer` is given every URL that comes to the path, whoever has sent it. It must not throw. */
export async function listenOnLoopback(path: string, answer: (url: URL) => Promise<Page>): Promise<Loopback> {
  const server = createServer(async (request, response) => {
    const url = new URL(`http://127.0.0.1${request.url}`);
    const isCallback = request.method === 'GET' && url.pathname === path;
    const page = isCallback ? await answer(url) : { status: 404, heading: 'Not found', text: '' };
    response.writeHead(page.status, headers).end(htmlOf(page));
  });
  // "use the loopback IP literal rather than 'localhost' […] and only listen on the loopback network interface": §8.3.
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

function htmlOf({ heading, text }: Page): string {
  return `<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(heading)}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { min-height: 90vh; margin: 0; padding: 1.5rem; display: grid; place-content: center; text-align: center; }
  h1 { margin: 0 0 0.5rem; font-size: 1.5rem; }
  p { margin: 0; max-width: 40ch; overflow-wrap: anywhere; opacity: 0.75; }
</style>
<main><h1>${escapeHtml(heading)}</h1><p>${escapeHtml(text)}</p></main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
