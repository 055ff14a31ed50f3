// A web application beside the server, over https as the SDKs for servers expect it, and a browser that uses it.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Page } from '@playwright/test';
import { launchChromium } from '../setup/chromium.ts';
import { confidential, sampleTenant, users } from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold, trust } from '../setup/https-server.ts';
import { findFreePort } from '../setup/ports.ts';
import { makeTlsFiles } from '../setup/tls.ts';

export interface WebApplications {
  freehold: HttpsFreehold;
  /** Of each application, without trailing slash. */
  origins: string[];
  /** A page of a browser of its own. */
  newPage(): Promise<Page>;
  stop(): Promise<void>;
}

export interface WebApplication {
  /** A path of the application. */
  callback: string;
  /** In the tenant file, beside the callback and what confidential clients have. */
  client?: Record<string, unknown>;
  /** A path of the application that hears of logouts. */
  backchannelLogout?: string;
  /** The application, once it is known where the server and the application itself are. */
  listener(freehold: HttpsFreehold, origin: string): RequestListener;
}

export async function startWebApplications(applications: WebApplication[]): Promise<WebApplications> {
  const ports = await Promise.all(applications.map(findFreePort));
  const origins = ports.map((port) => `https://localhost:${port}`);
  const clients = applications.map(({ callback, client, backchannelLogout }, index) => ({
    ...confidential,
    callbacks: [`${origins[index]}${callback}`],
    allowed_logout_urls: [origins[index], `${origins[index]}/`],
    ...(backchannelLogout === undefined
      ? {}
      : { oidc_logout: { backchannel_logout_urls: [`${origins[index]}${backchannelLogout}`] } }),
    ...client,
  }));
  const tenant = sampleTenant({ tenant: { pushed_authorization_requests_supported: true }, clients });
  const freehold = await startHttpsFreehold({ tenant, users, flags: ['--insecure-allow-private-outbound'] });
  const folder = await mkdtemp(join(tmpdir(), 'freehold-application-'));
  const { certificate: cert, key } = await makeTlsFiles(folder, 'localhost');
  trust(cert);
  const servers = applications.map(({ listener }, index) =>
    createServer({ cert, key }, listener(freehold, origins[index] ?? '')).listen(ports[index], '127.0.0.1'),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const browser = await launchChromium();
  return {
    freehold,
    origins,
    newPage: () => browser.newPage({ ignoreHTTPSErrors: true }),
    async stop() {
      await browser.close();
      for (const server of servers) server.close().closeAllConnections();
      await freehold.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** An application of `Request` and `Response` as one for Node's server. One that throws answers with what it threw. */
export function listenerOf(origin: string, answer: (request: Request) => Promise<Response>): RequestListener {
  return async (request, response) => {
    const answered = await requestOf(origin, request)
      .then(answer)
      .catch((error: unknown) => new Response(inspect(error), { status: 500 }));
    // Each cookie is a line of its own.
    response.writeHead(answered.status, [...answered.headers].flat());
    response.end(Buffer.from(await answered.arrayBuffer()));
  };
}

async function requestOf(origin: string, request: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  return new Request(origin + request.url, { method: request.method ?? 'GET', headers, ...body });
}
