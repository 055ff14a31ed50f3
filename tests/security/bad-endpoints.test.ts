// What each endpoint answers to the wrong method, media type, body, client and origin: every route of the server, read
// from its router, so that none is forgotten.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { sampleTenant, spa, users } from '../setup/flow.ts';
import { type RawAnswer, sendRaw } from '../setup/raw.ts';
import { routesOf } from '../setup/routes.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import {
  badAuthentications,
  badClients,
  endpoints,
  firstAdministratorPath,
  otherEndpoints,
  pages,
  publicPaths,
} from './endpoints.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

const everyMethod = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS'];
const unreadable = [
  [json, '{'],
  [json, '[]'],
  [json, '"x"'],
  [json, 'null'],
  [json, '{"client_name":"\\u0000"}'],
  [form, '%zz'],
  ['text/plain', 'x'],
  ['application/xml', '<a/>'],
] as const;

let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  const tenant = sampleTenant({
    tenant: {
      pushed_authorization_requests_supported: true,
      flags: { enable_dynamic_client_registration: true },
    },
  });
  const bare = { ...spa, name: 'Bare', client_id: 'bare', grant_types: [] };
  tenant.clients = [...(tenant.clients as unknown[]), bare];
  freehold = await startFreehold({ tenant, users });
  agent = new Agent(freehold.issuer);
});
afterAll(() => freehold.stop());

function post(path: string, body: string, contentType = form, headers = {}): Promise<Answer> {
  return agent.send(path, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body });
}

function expectOAuthError(
  answer: Answer,
  [status, error, error_description]: [status: number, error: string, error_description: string],
): void {
  expect([answer.status, answer.json()]).toEqual([status, { error, error_description }]);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers.pragma).toBe('no-cache');
}

/** The code and the words, in OAuth's members or in those of /dbconnections (SU-6). */
function wordsOf(answer: Answer): unknown[] {
  const { error, error_description, code, description } = answer.json();
  return [error ?? code, error_description ?? description];
}

function raw(lines: string[], body: string | Buffer = ''): Promise<RawAnswer> {
  const head = Buffer.from(
    [...lines, `Host: localhost:${freehold.port}`, 'Connection: close', '', ''].join('\r\n'),
  );
  return sendRaw(freehold.port, Buffer.concat([head, Buffer.from(body)]));
}

test('every route of the server is described here, with its methods', () => {
  const described = [
    ...[...endpoints, ...otherEndpoints].map(({ path, methods, hasPreflight }) => [
      path,
      hasPreflight ? [...methods, 'OPTIONS'] : methods,
    ]),
    ...Object.entries(pages),
    ...publicPaths.map((path) => [path, /^\/(?:assets|dashboard)/.test(path) ? ['GET'] : ['GET', 'HEAD']]),
    [firstAdministratorPath, ['POST']],
  ] as [string, string[]][];
  const answering = routesOf(freehold).map(({ path, methods }): [string, string[]] => {
    const isEndpoint = [...endpoints, ...otherEndpoints].some((endpoint) => endpoint.path === path);
    // The refusals of all other methods are routes too.
    const [, expected = []] = described.find(([other]) => other === path) ?? [];
    return [path, isEndpoint ? methods.filter((method) => expected.includes(method)) : methods];
  });
  const sorted = (list: [string, string[]][]) =>
    list.map(([path, methods]) => `${path} ${methods.sort()}`).sort();
  expect(sorted(answering)).toEqual(sorted(described));
});

describe.each([...endpoints, ...otherEndpoints])('$path', ({ path, methods, hasPreflight }) => {
  const allowed = hasPreflight ? [...methods, 'OPTIONS'] : methods;

  test.each(everyMethod.filter((method) => !allowed.includes(method)))(
    'TK-4: %s is 405 method_not_allowed',
    async (method) => {
      const answer = await agent.send(path, { method, headers: { origin: 'https://app.example' } });
      expect([answer.status, ...wordsOf(answer)]).toEqual([
        405,
        'method_not_allowed',
        `Only ${methods.join(' and ')} is allowed here`,
      ]);
      expect(answer.headers.allow).toBe(allowed.join(', '));
    },
  );

  test('TK-4: HEAD is 405', async () => {
    expect((await agent.send(path, { method: 'HEAD' })).status).toBe(405);
  });

  test('a body that cannot be read is 4xx in JSON', async () => {
    for (const method of methods.filter((other) => ['POST', 'PUT'].includes(other))) {
      for (const [contentType, body] of unreadable) {
        const answer = await agent.send(path, { method, headers: { 'content-type': contentType }, body });
        expect([contentType, answer.status >= 400 && answer.status < 500]).toEqual([contentType, true]);
        expect(wordsOf(answer)).toEqual([expect.any(String), expect.any(String)]);
      }
    }
  });
});

describe.each(endpoints)('$path', ({ path, methods, takesJson, clients, fields, refusal }) => {
  test('CO-6: no origin that is nobody’s may read anything, whatever is asked', async () => {
    for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example']) {
      for (const method of [...methods, 'OPTIONS', 'PUT']) {
        const { headers } = await agent.send(path, { method, headers: { origin } });
        const granted = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
        expect([origin, method, granted]).toEqual([origin, method, []]);
      }
    }
  });

  const notJson = 'The request body is not valid JSON';
  const notObject = 'The request body must be a JSON object';
  const unknownType = 'The request body must be application/x-www-form-urlencoded or application/json';
  const notPercentEncoded = 'The request has a parameter that is not percent-encoded UTF-8';
  const nul = 'The request has a parameter with a NUL or an ill-formed character';

  test.each([
    ['JSON with a trailing comma', '{"grant_type":"authorization_code",}', json, notJson],
    ['JSON that ends early', '{"grant_type":"authoriz', json, notJson],
    ['JSON in single quotes', "{'grant_type':'x'}", json, notJson],
    ['JSON deeper than any stack', '['.repeat(9_000), json, notJson],
    ['a form that calls itself JSON', 'grant_type=x', json, notJson],
    ['an empty body that calls itself JSON', '', json, notJson],
    ['a JSON array', '[]', json, notObject],
    ['a JSON string', '"grant_type"', json, notObject],
    ['JSON null', 'null', json, notObject],
    ['plain text', 'grant_type=x', 'text/plain', unknownType],
    ['a multipart form', '--x--', 'multipart/form-data; boundary=x', unknownType],
    ['XML', '<a/>', 'application/xml', unknownType],
    ['no media type', 'x', 'nonsense', unknownType],
    ['a broken percent-encoding', 'grant_type=%zz', form, notPercentEncoded],
    ['half a percent-encoding', 'grant_type=%', form, notPercentEncoded],
    ['percent-encoded octets that are not UTF-8', 'grant_type=%c3%28', form, notPercentEncoded],
    ['a percent-encoded surrogate', 'grant_type=%ed%a0%80', form, notPercentEncoded],
    ['an overlong percent-encoding', 'grant_type=%c0%af', form, notPercentEncoded],
    ['a NUL in a value', 'grant_type=x%00y', form, nul],
    ['a NUL in a name', 'grant_type=x&a%00=y', form, nul],
  ])(
    'TK-2, TK-3, RFC 6749 §5.2: %s is 400 invalid_request',
    async (_name, body, contentType, description) => {
      expectOAuthError(await post(path, body, contentType), [400, 'invalid_request', description]);
    },
  );

  test.each([form, json])(
    'TK-3: octets that are not UTF-8 in %s are 400 invalid_request',
    async (contentType) => {
      const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
      const lines = [
        `POST ${path} HTTP/1.1`,
        `Content-Type: ${contentType}`,
        `Content-Length: ${body.length}`,
      ];
      const { status, text } = await raw(lines, body);
      const error_description = 'The request body is not UTF-8';
      expect([status, JSON.parse(text)]).toEqual([400, { error: 'invalid_request', error_description }]);
    },
  );

  test('TK-3: a body without a media type is 400 invalid_request', async () => {
    const { status, text } = await raw([`POST ${path} HTTP/1.1`, 'Content-Length: 12'], 'grant_type=x');
    expect([status, JSON.parse(text)]).toEqual([
      400,
      { error: 'invalid_request', error_description: unknownType },
    ]);
  });

  test('10 MB are refused, announced or in chunks', async () => {
    const tooLarge = [413, { error: 'invalid_request', error_description: 'The request body is too large' }];
    const lines = [`POST ${path} HTTP/1.1`, `Content-Type: ${form}`];
    const announced = await raw([...lines, 'Content-Length: 10485760'], 'a=');
    expect([announced.status, JSON.parse(announced.text)]).toEqual(tooLarge);
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    const chunked = await raw([...lines, 'Transfer-Encoding: chunked'], chunk.repeat(160));
    expect([chunked.status, JSON.parse(chunked.text)]).toEqual(tooLarge);
  });

  test('GL-10: a parameter that comes twice is 400 invalid_request', async () => {
    const twice = `${new URLSearchParams({ ...fields, client_id: 'spa' })}&unheard_of=a&unheard_of=b`;
    expectOAuthError(await post(path, twice), [
      400,
      'invalid_request',
      "Parameter 'unheard_of' must not be repeated",
    ]);
  });

  test(`TK-1: a body of JSON is ${takesJson ? 'read' : '400 invalid_request'}`, async () => {
    const answer = await post(path, JSON.stringify({ ...fields, client_id: 'nobody' }), json);
    const formOnly = 'The request body must be application/x-www-form-urlencoded';
    if (!takesJson) expectOAuthError(answer, [400, 'invalid_request', formOnly]);
    else
      expect([answer.status, answer.json().error]).toEqual([
        401,
        clients === 'none' ? 'invalid_token' : 'invalid_client',
      ]);
  });

  const wrong =
    clients === 'none' ? [] : clients === 'named' ? badClients : [...badClients, ...badAuthentications];
  if (wrong.length > 0) {
    test.each(wrong)(
      'CA-1, CA-13, RFC 6749 §2.3: %s is refused, and stands in the log',
      async (_what, named, authorization, due) => {
        const before = (await freehold.logEntries()).length;
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
        const answer = await agent.postForm(path, { ...fields, ...named }, headers);
        expectOAuthError(answer, due);
        // RFC 6749 §5.2: the challenge is for whoever tried the header.
        const challenge =
          due[0] === 401 && authorization !== undefined ? 'Basic realm="Freehold"' : undefined;
        expect(answer.headers['www-authenticate']).toBe(challenge);
        const entries = (await freehold.logEntries()).slice(before);
        expect(entries.map(({ type, description }) => [type, description])).toEqual([[refusal, due[2]]]);
      },
    );
  }
});

describe('a grant that the client does not have', () => {
  test('TK-9: every grant that discovery lists is 403 unauthorized_client', async () => {
    const discovery = (await agent.send('/.well-known/openid-configuration')).json();
    const grants = (discovery.grant_types_supported as string[]).filter((grant) => grant !== 'implicit');
    expect(grants.length).toBeGreaterThan(3);
    for (const grant_type of grants) {
      const answer = await agent.postForm('/oauth/token', { grant_type, client_id: 'bare' });
      expectOAuthError(answer, [
        403,
        'unauthorized_client',
        `Grant type '${grant_type}' not allowed for the client.`,
      ]);
      expect((await freehold.logEntries()).at(-1)).toMatchObject({
        type: expect.stringMatching(/^fe/),
        client_id: 'bare',
      });
    }
  });

  test('DV-4: nor does it get a device code', async () => {
    const answer = await agent.postForm('/oauth/device/code', { client_id: 'bare' });
    expect([answer.status, answer.json().error]).toEqual([403, 'unauthorized_client']);
  });
});

describe.each(Object.entries(pages))('the page %s', (path, methods) => {
  const others = everyMethod.filter((method) => !methods.includes(method));

  test('any other method finds nothing, and nothing is changed by it', async () => {
    const before = (await freehold.logEntries()).length;
    for (const method of others) {
      const answer = await agent.send(path, { method, headers: { accept: 'text/html' } });
      expect([method, answer.status, answer.headers.location, answer.headers['set-cookie']]).toEqual([
        method,
        404,
        undefined,
        undefined,
      ]);
    }
    expect(await freehold.logEntries()).toHaveLength(before);
  });

  if (methods.includes('POST')) {
    test.each([
      ['%zz', form],
      ['{', json],
      ['x', 'text/plain'],
      ['a=%00', form],
    ])('a POST of %j as %s is a page, 400', async (body, contentType) => {
      const answer = await post(path, body, contentType);
      expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.text).toContain('invalid_request');
    });

    test('a POST of 10 MB is a page, 413', async () => {
      const { status, headers } = await raw(
        [`POST ${path} HTTP/1.1`, `Content-Type: ${form}`, 'Content-Length: 10485760'],
        'a=',
      );
      expect([status, headers.get('content-type')]).toEqual([413, 'text/html; charset=utf-8']);
    });
  }
});

test.each(publicPaths)('%s is for reading alone', async (path) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS']) {
    const answer = await agent.send(path, { method });
    expect([method, answer.status, answer.headers['access-control-allow-origin']]).toEqual([
      method,
      404,
      undefined,
    ]);
  }
});
