// The token requests of the documentation's samples, byte by byte as each tool writes them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import { getCode, getTokens, type Pkce, sampleTenant, spa, users } from '../setup/flow.ts';
import { sendRaw } from '../setup/raw.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const yourApp = 'https://yourApp/callback';
const mobile = 'com.myclientapp://myclientapp.com/callback';
let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  const callbacks = [...spa.callbacks, yourApp, mobile];
  const client = { ...spa, client_id: 'xvt9yourClientId', name: 'Native', app_type: 'native', callbacks };
  freehold = await startFreehold({ tenant: sampleTenant({ clients: [spa, client] }), users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

interface Sample {
  code: string;
  code_verifier: string;
  redirect_uri: string;
}

const json = ({ code, code_verifier, redirect_uri }: Sample) =>
  `{"grant_type":"authorization_code","code_verifier": "${code_verifier}","code": "${code}","client_id": "xvt9yourClientId","redirect_uri": "${redirect_uri}" }`;
/** The order and the spaces of the mobile sample. */
const mobileJson = ({ code, code_verifier, redirect_uri }: Sample) =>
  `{"grant_type":"authorization_code","client_id": "xvt9yourClientId","code_verifier": "${code_verifier}","code": "${code}","redirect_uri": "${redirect_uri}" }`;
const rawForm = ({ code, code_verifier, redirect_uri }: Sample) =>
  `grant_type=authorization_code&client_id=xvt9yourClientId&code_verifier=${code_verifier}&code=${code}&redirect_uri=${redirect_uri}`;
const encodedForm = (sample: Sample) =>
  rawForm({ ...sample, redirect_uri: encodeURIComponent(sample.redirect_uri) });

const asJson = ['content-type: application/json'];
const asForm = ['content-type: application/x-www-form-urlencoded'];

/** Head lines beside Host, Content-Length and Connection, as each tool sends them, and its body. */
const samples: [tool: string, lines: string[], body: (sample: Sample) => string][] = [
  ['curl, JSON', ['User-Agent: curl/8.5.0', 'Accept: */*', ...asJson], json],
  ['curl, form', ['User-Agent: curl/8.5.0', 'Accept: */*', ...asForm], rawForm],
  [
    'C#, RestSharp',
    [
      'Accept: application/json, text/json, text/x-json',
      'User-Agent: RestSharp/106.0',
      'content-type: application/json',
      'Accept-Encoding: gzip, deflate',
    ],
    json,
  ],
  [
    'Go, JSON',
    ['User-Agent: Go-http-client/1.1', 'Content-Type: application/json', 'Accept-Encoding: gzip'],
    json,
  ],
  [
    'Go, form',
    [
      'User-Agent: Go-http-client/1.1',
      'Content-Type: application/x-www-form-urlencoded',
      'Accept-Encoding: gzip',
    ],
    rawForm,
  ],
  ['Java, Unirest', ['accept-encoding: gzip', 'user-agent: unirest-java/1.3.11', ...asJson], json],
  [
    'jQuery',
    [
      'Accept: */*',
      'Origin: https://app.example',
      'Referer: https://app.example/',
      'content-type: application/json',
    ],
    json,
  ],
  ['Node, request', ['accept: application/json', ...asJson], json],
  [
    'Node, axios',
    ['accept: application/json, text/plain, */*', 'user-agent: axios/1.7.0', ...asForm],
    encodedForm,
  ],
  ['PHP, JSON', ['Accept: */*', 'Accept-Encoding: deflate, gzip', ...asJson], json],
  ['PHP, form', ['Accept: */*', 'Accept-Encoding: deflate, gzip', ...asForm], rawForm],
  ['Python, http.client', ['Accept-Encoding: identity', ...asJson], json],
  [
    'Ruby, Net::HTTP',
    [
      'Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
      'Accept: */*',
      'User-Agent: Ruby',
      'Content-Type: application/json',
    ],
    json,
  ],
  [
    'Objective-C and Swift',
    [
      'Accept: */*',
      'Accept-Language: en-us',
      'User-Agent: App/1 CFNetwork/1 Darwin/1',
      'Content-Type: application/json',
    ],
    mobileJson,
  ],
  ['nothing but what is needed', asForm, encodedForm],
];

async function sampleOf(redirect_uri: string): Promise<Sample> {
  const authorize = { client_id: 'xvt9yourClientId', redirect_uri };
  const { code, pkce }: { code: string; pkce: Pkce } = await getCode(freehold, { agent, authorize });
  return { code, code_verifier: pkce.code_verifier, redirect_uri };
}

function post(lines: string[], body: string) {
  const head = [
    'POST /oauth/token HTTP/1.1',
    `host: localhost:${freehold.port}`,
    ...lines,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return sendRaw(freehold.port, `${head.join('\r\n')}\r\n\r\n${body}`);
}

test.each(samples)('SD-50, SD-51, SD-52, SD-56: %s', async (_tool, lines, body) => {
  const answer = await post(lines, body(await sampleOf(yourApp)));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('content-encoding')).toBeUndefined();
  expect(Object.keys(JSON.parse(answer.text) as object)).toEqual([
    'access_token',
    'id_token',
    'scope',
    'expires_in',
    'token_type',
  ]);
});

describe('SD-53: redirect_uri in a form', () => {
  test.each([
    ['raw', yourApp, rawForm],
    ['encoded', yourApp, encodedForm],
    ['raw, of a custom scheme', mobile, rawForm],
    ['encoded, of a custom scheme', mobile, encodedForm],
  ])('SD-53: %s', async (_what, redirect_uri, body) => {
    const answer = await post(asForm, body(await sampleOf(redirect_uri)));
    expect(answer.status).toBe(200);
  });
});

test('SD-54, TK-2: the trailing comma of the mobile sample is 400 invalid_request, and costs no code', async () => {
  const sample = await sampleOf(mobile);
  const withComma = mobileJson(sample).replace('" }', '", }');
  const refused = await post(asJson, withComma);
  expect([refused.status, JSON.parse(refused.text)]).toEqual([
    400,
    { error: 'invalid_request', error_description: 'The request body is not valid JSON' },
  ]);
  expect((await post(asJson, mobileJson(sample))).status).toBe(200);
});

test('SD-56: a body in chunks, as a streaming client sends it', async () => {
  const body = encodedForm(await sampleOf(yourApp));
  const half = body.length >> 1;
  const chunks = [body.slice(0, half), body.slice(half), ''];
  const head = [
    'POST /oauth/token HTTP/1.1',
    `host: localhost:${freehold.port}`,
    ...asForm,
    'transfer-encoding: chunked',
    'connection: close',
  ];
  const framed = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  const answer = await sendRaw(freehold.port, `${head.join('\r\n')}\r\n\r\n${framed}`);
  expect(answer.status).toBe(200);
});

test('SD-70, GL-3: every refusal is JSON with error and error_description, and nothing else', async () => {
  const sample = await sampleOf(yourApp);
  const refusals = [
    await post(asJson, '{'),
    await post(asForm, ''),
    await post(asForm, 'grant_type=x'),
    await post(asForm, rawForm({ ...sample, code: 'x' })),
    await post(asForm, rawForm({ ...sample, redirect_uri: mobile })),
    await post(['content-type: text/xml'], '<x/>'),
    await post(asForm, 'grant_type=authorization_code&client_id=nobody'),
    await post(asForm, `grant_type=${'x'.repeat(200_000)}`),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 403, 403, 400, 401, 413]);
  for (const { headers, text } of refusals) {
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    const word = expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(/^[a-z_]+$/), error_description: word });
  }
});

test('SD-11, WK-4: the sample link of the tutorial, whitespace removed, from the page to the tokens', async () => {
  const link = `/authorize?
    response_type=code&
    code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&
    code_challenge_method=S256&
    client_id=xvt9yourClientId&
    redirect_uri=${yourApp}&
    scope=openid%20profile&
    state=xyzABC123`.replaceAll(/\s/g, '');
  const answer = await agent.open(link);
  expect(answer.status).toBe(302);
  expect(answer.headers.location).toMatch(/^https:\/\/yourApp\/callback\?code=[\w-]+&state=xyzABC123$/);
  const code = answer.location?.searchParams.get('code') ?? '';
  const sample = {
    code,
    code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    redirect_uri: yourApp,
  };
  expect((await post(asForm, rawForm(sample))).status).toBe(200);
});
