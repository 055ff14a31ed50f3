// An application's end of the back channel: a real server on loopback that notes what comes and answers as told.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RelyingParty {
  origin: string;
  received: Received[];
  /** What the next requests are answered with; one that is 0 gets no answer but a closed connection. */
  status: number;
  stop(): Promise<void>;
}

export async function startRelyingParty(): Promise<RelyingParty> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method, url, headers } = request;
    party.received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    if (party.status === 0) response.destroy();
    else response.writeHead(party.status, { location: `${party.origin}/elsewhere` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const party: RelyingParty = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    status: 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return party;
}
