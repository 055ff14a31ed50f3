// The end of a process that is asked to stop: what was accepted is answered, nothing holds it up, and it says 0.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, Agent as ConnectionPool, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { selfSignedCertificate } from '../../packages/server/src/runtime/cryptography/certificate.ts';
import {
  authorizationUrl,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { makeFolder, type ServerProcess, startProcess } from '../setup/process.ts';

const configuration = { tenant: sampleTenant(), users };

/** A request whose headers the server has read, as its `100 Continue` shows; the body is still to come. */
async function beginRequest(server: ServerProcess, path: string, cookie: string): Promise<ClientRequest> {
  const { host } = new URL(server.issuer);
  const request = httpRequest({
    host: '127.0.0.1',
    port: server.port,
    path,
    method: 'POST',
    agent: new ConnectionPool({ keepAlive: true }),
    headers: {
      host,
      cookie,
      expect: '100-continue',
      'content-type': 'application/x-www-form-urlencoded',
    },
  });
  request.flushHeaders();
  await once(request, 'continue');
  return request;
}

async function finishRequest(request: ClientRequest, fields: Record<string, string>): Promise<number> {
  const answered = once(request, 'response');
  request.end(new URLSearchParams(fields).toString());
  const [response] = await answered;
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

/** The server may cut it off: that is what the tests are about. */
function unmoved(socket: Socket): Socket {
  return socket.on('error', () => undefined);
}

async function openConnection(server: ServerProcess): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.port });
  await once(socket, 'connect');
  return unmoved(socket);
}

/** More than are hashed at a time, and far fewer than a slow machine hashes in the eight seconds that a stop may take. */
const inLine = 8;

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: every request that was accepted is answered in full, then the process exits with 0',
  async (signal) => {
    const server = await startProcess({ ...configuration, environment: { LOG_LEVEL: 'info' } });
    const { tokens } = await getTokens(server, {
      agent: server.newAgent(),
      authorize: { scope: 'openid offline_access' },
    });
    const logins = await Promise.all(
      Array.from({ length: inLine }, async () => {
        const agent = server.newAgent();
        const page = await agent.open(authorizationUrl(server, newPkce()));
        const hidden = [...page.text.matchAll(/name="(state|csrf)" value="([^"]*)"/g)];
        const cookie = [...agent.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
        return { request: await beginRequest(server, '/u/login', cookie), fields };
      }),
    );
    const refresh = await beginRequest(server, '/oauth/token', '');
    const stopped = server.stop(signal);
    await server.told((output) => output.includes('stopping'));
    const statuses = await Promise.all([
      finishRequest(refresh, refreshRequest(tokens.refresh_token)),
      ...logins.map(({ request, fields }) =>
        finishRequest(request, { ...fields, username: 'ada@example.com', password, action: 'default' }),
      ),
    ]);
    expect(statuses).toEqual([200, ...logins.map(() => 303)]);
    expect(await stopped).toEqual({ code: 0, signal: null });
  },
);

/** The server has read its headers, and waits for its body. */
async function beginRawRequest(socket: Socket, { issuer }: ServerProcess): Promise<void> {
  const head = ['POST /oauth/token HTTP/1.1', `host: ${new URL(issuer).host}`, 'connection: close'];
  head.push('content-type: application/x-www-form-urlencoded', 'content-length: 5', 'expect: 100-continue');
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
}

/** Closed by the other end; what came before is not looked at. */
const isClosed = (socket: Socket) => once(socket.resume(), 'close');

/**
 * Asks the server to stop, which lets go of these connections while it still waits for the end of a request on
 * another; answers that request, and ends.
 */
async function expectLetGo(server: ServerProcess, idle: Socket[], asking: Socket): Promise<void> {
  await beginRawRequest(asking, server);
  const letGo = idle.map(isClosed);
  const stopped = server.stop();
  await Promise.all(letGo);
  const answered = once(asking, 'data');
  asking.write('a=b&c');
  expect(String(await answered)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await stopped).toEqual({ code: 0, signal: null });
}

test('SIGTERM: connections on which nothing was asked, and those kept after an answer, do not hold it up', async () => {
  const server = await startProcess(configuration);
  const silent = await openConnection(server);
  const kept = await openConnection(server);
  kept.write(`GET /health HTTP/1.1\r\nhost: ${new URL(server.issuer).host}\r\n\r\n`);
  await once(kept, 'data');
  await expectLetGo(server, [silent, kept], await openConnection(server));
});

test('SIGTERM: over TLS, connections without a handshake or a request do not hold it up', async () => {
  const folder = await makeFolder();
  const server = await startProcess({ folder, environment: await tlsFiles(folder) });
  const raw = await openConnection(server);
  const [silent, asking] = [await openTls(server), await openTls(server)];
  await expectLetGo(server, [raw, silent], asking);
  await rm(folder, { recursive: true });
});

async function openTls(server: ServerProcess): Promise<Socket> {
  const socket = connectTls({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  return unmoved(socket);
}

async function tlsFiles(folder: string): Promise<Record<string, string>> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = selfSignedCertificate({
    privateKey,
    publicKey,
    commonName: 'localhost',
    notBefore: Math.floor(Date.now() / 1000) - 60,
    notAfter: Math.floor(Date.now() / 1000) + 3600,
    serial: Buffer.alloc(16, 1),
  });
  const [FREEHOLD_TLS_CERT, FREEHOLD_TLS_KEY] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  await writeFile(
    FREEHOLD_TLS_CERT,
    `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  );
  await writeFile(FREEHOLD_TLS_KEY, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { FREEHOLD_TLS_CERT, FREEHOLD_TLS_KEY };
}

test('SIGTERM: a request that is never sent to its end does not hold it up for ever', async () => {
  const server = await startProcess(configuration);
  const slow = await openConnection(server);
  slow.write(
    `POST /oauth/token HTTP/1.1\r\nhost: ${new URL(server.issuer).host}\r\ncontent-length: 10\r\n\r\n`,
  );
  await server.newAgent().send('/health');
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  slow.destroy();
});
