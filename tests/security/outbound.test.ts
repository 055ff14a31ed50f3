// Mirrors ZITADEL CVE-2025-67494, CVE-2026-27945; Logto CVE-2026-56739; Keycloak CVE-2026-4874, CVE-2026-1180,
// CVE-2020-10770; Casdoor CVE-2026-108572: the one way out, tried on real connections.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createOutbound,
  OutboundFailed,
  OutboundRefused,
} from '../../packages/server/src/runtime/network/outbound.ts';
import { makeTlsFiles } from '../setup/tls.ts';

const servers: (Server | TcpServer)[] = [];
const sockets: Socket[] = [];
let connections = 0;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freehold-outbound-'));
});
afterEach(async () => {
  connections = 0;
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});
afterAll(() => rm(folder, { recursive: true }));

/** Listens on a loopback address, and counts; returns the port. */
async function serve(server: Server | TcpServer, address = '127.0.0.1', port = 0): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

function listening(answer: RequestListener, address?: string, port?: number): Promise<number> {
  return serve(createServer(answer), address, port);
}

const strict = createOutbound({ insecureAllowPrivate: false });
const lax = createOutbound({ insecureAllowPrivate: true });
/** Names that mean, one after the other, these addresses. */
function resolving(insecureAllowPrivate: boolean, ...answers: string[][]) {
  let asked = 0;
  const outbound = createOutbound({
    insecureAllowPrivate,
    resolve: async () =>
      (answers[asked++] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });
  return { outbound, timesAsked: () => asked };
}

describe('OUT-1: where it may not go, nothing is connected to', () => {
  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::1]',
    '[::]',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    '１２７.0.0.1',
  ])('this machine as %s', async (host) => {
    const port = await listening((_request, response) => response.end('{}'));
    await expect(strict.send({ url: `https://${host}:${port}/` })).rejects.toThrow(OutboundRefused);
    expect(connections).toBe(0);
  });

  test.each([
    '169.254.169.254',
    '[fe80::1]',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '[::ffff:a9fe:a9fe]',
  ])('%s not even where private addresses are allowed', async (host) => {
    await expect(lax.send({ url: `http://${host}/latest/meta-data/` })).rejects.toThrow(OutboundRefused);
  });

  test.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/',
    'ftp://127.0.0.1/',
    'data:text/plain,x',
    'x',
    '',
  ])('the URL %j', async (url) => {
    await expect(lax.send({ url })).rejects.toThrow(OutboundRefused);
  });

  test('http, and a URL with a user name', async () => {
    await expect(strict.send({ url: 'http://example.com/' })).rejects.toThrow('not an https URL');
    await expect(strict.send({ url: 'https://me@example.com/' })).rejects.toThrow('user name');
  });

  test('a name with one public address and one that is not', async () => {
    for (const other of ['127.0.0.1', '10.0.0.1', '::1', '::ffff:10.0.0.1', '64:ff9b::a00:1']) {
      const { outbound } = resolving(false, ['93.184.215.14', other]);
      await expect(outbound.send({ url: 'https://rebind.example/' })).rejects.toThrow(
        `${other} is not a public address`,
      );
    }
  });

  test('the refusal names the flag where one would help, and no other', async () => {
    await expect(strict.send({ url: 'https://10.0.0.1/' })).rejects.toThrow(
      '10.0.0.1 is not a public address: --insecure-allow-private-outbound would allow it',
    );
    await expect(strict.send({ url: 'https://169.254.169.254/' })).rejects.toThrow(/not a public address$/);
  });
});

test('OUT-1: a name is resolved once, and what was judged is connected to, whatever it means next', async () => {
  const judged = await listening((_request, response) => response.end('judged'));
  await listening((_request, response) => response.end('another'), '127.0.0.2', judged);
  const { outbound, timesAsked } = resolving(true, ['127.0.0.1'], ['127.0.0.2']);
  const { body } = await outbound.send({ url: `http://rebind.example:${judged}/` });
  expect([body.toString(), timesAsked(), connections]).toEqual(['judged', 1, 1]);
});

test('OUT-1: a request goes out as it was written, and its answer comes back', async () => {
  const seen: unknown[] = [];
  const port = await listening((request, response) => {
    const { method, url, headers } = request;
    request.setEncoding('utf8').on('data', (body) => seen.push({ method, url, host: headers.host, body }));
    request.on('end', () => response.writeHead(201, { 'x-answer': 'yes' }).end('made'));
  });
  const answer = await lax.send({
    url: `http://127.0.0.1:${port}/path?query`,
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'sent',
  });
  expect([answer.status, answer.headers['x-answer'], answer.body.toString()]).toEqual([201, 'yes', 'made']);
  expect(seen).toEqual([{ method: 'POST', url: '/path?query', host: `127.0.0.1:${port}`, body: 'sent' }]);
});

test('OUT-1: a redirect is an answer, and is not followed', async () => {
  const target = await listening((_request, response) => response.end('inside'));
  const port = await listening((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${target}/` }).end();
  });
  const answer = await lax.send({ url: `http://127.0.0.1:${port}/` });
  expect([answer.status, answer.body.toString(), connections]).toEqual([302, '', 1]);
});

test('OUT-1: an answer of 1 MB is read, a byte more is not', async () => {
  const port = await listening((request, response) =>
    response.end(Buffer.alloc(Number(request.url?.slice(1)))),
  );
  expect((await lax.send({ url: `http://127.0.0.1:${port}/1048576` })).body).toHaveLength(1_048_576);
  await expect(lax.send({ url: `http://127.0.0.1:${port}/1048577` })).rejects.toThrow(OutboundFailed);
});

test('OUT-1: who never answers, or never ends, is left after five seconds', async () => {
  const silent = await serve(createTcpServer());
  const endless = await listening((_request, response) => {
    const dripping = setInterval(() => response.write('.'), 100);
    response.on('close', () => clearInterval(dripping));
  });
  const begun = performance.now();
  // Of one clock and in one loop: however slow the machine is, what is due earlier comes first.
  const tooLate = AbortSignal.timeout(9000);
  const { outbound } = resolving(true);
  const unresolved = createOutbound({ insecureAllowPrivate: true, resolve: () => new Promise(() => {}) });
  const answers = await Promise.allSettled([
    lax.send({ url: `http://127.0.0.1:${silent}/` }),
    lax.send({ url: `http://127.0.0.1:${endless}/` }),
    unresolved.send({ url: 'http://slow.example/' }),
    outbound.send({ url: 'http://nowhere.example/' }),
  ]);
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(OutboundFailed) });
  }
  expect(performance.now() - begun).toBeGreaterThan(4900);
  expect(tooLate.aborted).toBe(false);
});

test('OUT-1: nobody listens: failed, so that another try may succeed', async () => {
  const port = await listening(() => undefined);
  servers.pop()?.close();
  await expect(lax.send({ url: `http://127.0.0.1:${port}/` })).rejects.toThrow(OutboundFailed);
});

test('OUT-1: a certificate that nobody vouches for is refused, whatever the environment says', async () => {
  const { certificate: cert, key } = await makeTlsFiles(folder, 'localhost');
  const port = await serve(createHttpsServer({ cert, key }, (_request, response) => response.end('{}')));
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    const answer = lax.send({ url: `https://localhost:${port}/` });
    await expect(answer).rejects.toMatchObject({
      name: 'OutboundFailed',
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  }
});
