// How an answer travels: contract RM-1 to RM-11, LT-5.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer, decodeHtml } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  codeOf,
  getTokens,
  newPkce,
  password,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Ada is signed in here. */
let signedIn: Agent;
const pkce = newPkce();
const customScheme = 'com.app:/callback';

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [
        spa,
        {
          ...spa,
          name: 'Elsewhere',
          client_id: 'elsewhere',
          app_type: 'native',
          callbacks: ['https://elsewhere.example/callback', customScheme],
        },
        {
          ...spa,
          name: 'Wild',
          client_id: 'wild',
          callbacks: ['https://*.wild.example/callback', 'https://a.b.wild.example/callback'],
          web_origins: ['https://*.wild.example'],
        },
      ],
    }),
    users,
  });
  ({ agent: signedIn } = await getTokens(freehold));
});

afterAll(() => freehold.stop());

function authorize(overrides: Record<string, string | undefined>, agent = signedIn): Promise<Answer> {
  return agent.send(authorizationUrl(freehold, pkce, overrides));
}

/** The directives of the page's policy. */
function policyOf(answer: Answer): Record<string, string> {
  const policy = String(answer.headers['content-security-policy']);
  return Object.fromEntries(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

const everyPage = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': 'https: data:',
  'base-uri': "'none'",
};

describe('by redirect', () => {
  test('RM-1, RM-9: query is the default for a code, and may be said', async () => {
    for (const response_mode of [undefined, 'query']) {
      const { location } = await authorize({ response_mode });
      expect([...(location?.searchParams.keys() ?? [])]).toEqual(['code', 'state']);
      expect(location?.hash).toBe('');
    }
  });

  test('AZ-29, OAuth 2.0 Multiple Response Types §2.1: fragment', async () => {
    const { location } = await authorize({ response_mode: 'fragment' });
    expect(location?.search).toBe('');
    expect(location?.hash).toMatch(/^#code=[A-Za-z0-9_-]{52}&state=xyzABC123$/);
  });

  test('RM-11: an error takes the same way', async () => {
    const { location } = await authorize({ response_mode: 'fragment', connection: 'github' });
    expect(location?.search).toBe('');
    expect(location?.hash).toBe(
      '#error=invalid_request&error_description=the%20connection%20was%20not%20found&state=xyzABC123',
    );
  });

  test('a login page in between changes nothing', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { response_mode: 'fragment' });
    const { location } = await agent.logIn(url, 'ada@example.com', password);
    expect(location?.hash).toMatch(/^#code=/);
  });
});

describe('RM-5: form_post', () => {
  function formOf({ text }: Answer) {
    const [, attributes = '', content = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(text) ?? [];
    const inputs = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
    return { attributes, parameters: Object.fromEntries(inputs.map(([, name, value]) => [name, value])) };
  }

  test('a page whose form posts itself to the callback', async () => {
    const answer = await authorize({ response_mode: 'form_post' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toContain('no-store');
    const { attributes, parameters } = formOf(answer);
    expect(attributes).toContain('method="post"');
    expect(attributes).toContain(`action="${callback}"`);
    expect(parameters).toEqual({ code: expect.stringMatching(/^[A-Za-z0-9_-]{52}$/), state: 'xyzABC123' });
    expect(answer.text).toMatch(/<script[^>]* src="[^"]*form-post[^"]*\.js[^"]*"/);
    expect(answer.text).not.toMatch(/<script(?![^>]* src=)/);
  });

  test('LT-5: which may post to the callback’s origin and be framed by nobody', async () => {
    expect(policyOf(await authorize({ response_mode: 'form_post' }))).toEqual({
      ...everyPage,
      'frame-ancestors': "'none'",
      'form-action': 'https://app.example',
    });
  });

  test('RM-11: errors by the same way, escaped', async () => {
    const answer = await authorize({
      response_mode: 'form_post',
      audience: 'https://x.example/"><b>',
      state: '"><i>',
    });
    expect(answer.status).toBe(200);
    expect(formOf(answer).parameters).toEqual({
      error: 'access_denied',
      error_description: expect.stringContaining('Service not found: https://x.example/?'),
      state: expect.stringContaining('&quot;'),
    });
    expect(answer.text).not.toContain('"><i>');
  });

  test('OAuth 2.0 Form Post Response Mode §2: a redirect_uri of the native kind keeps its scheme', async () => {
    const answer = await authorize({
      client_id: 'elsewhere',
      redirect_uri: customScheme,
      response_mode: 'form_post',
    });
    expect(policyOf(answer)['form-action']).toBe('com.app:');
    expect(formOf(answer).attributes).toContain(`action="${customScheme}"`);
  });
});

describe('RM-6: web_message', () => {
  /** What the page's script reads: the answer and its addressee. */
  function messageOf({ text }: Answer): { target_origin: string; response: Record<string, string> } {
    const [, target_origin = '', response = ''] =
      /<body data-target-origin="([^"]*)" data-response="([^"]*)">/.exec(text) ?? [];
    return { target_origin, response: JSON.parse(decodeHtml(response)) as Record<string, string> };
  }
  const silent = { response_mode: 'web_message', prompt: 'none' };

  test('RM-9: a page with the code for the callback’s origin', async () => {
    const answer = await authorize(silent);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(messageOf(answer)).toEqual({
      target_origin: 'https://app.example',
      response: { code: expect.stringMatching(/^[A-Za-z0-9_-]{52}$/), state: 'xyzABC123' },
    });
    expect(answer.text).toMatch(/<script[^>]* src="[^"]*web-message[^"]*\.js[^"]*"/);
  });

  test('RM-10, LT-5: that origin alone may frame it, and window.opener is left alone', async () => {
    const answer = await authorize(silent);
    expect(policyOf(answer)).toEqual({
      ...everyPage,
      'frame-ancestors': 'https://app.example',
      'form-action': "'none'",
    });
    expect(answer.headers['x-frame-options']).toBeUndefined();
    expect(answer.headers['cross-origin-opener-policy']).toBe('unsafe-none');
  });

  test('RM-11, PR-2: errors in the same envelope', async () => {
    expect(messageOf(await authorize(silent, new Agent(freehold.issuer))).response).toEqual({
      error: 'login_required',
      error_description: 'Login required',
      state: 'xyzABC123',
    });
  });

  test('LT-5: nothing that is sent leaves the attribute', async () => {
    const state = '\'"></body><script>alert(1)</script><!--\u2028&quot;';
    const answer = await authorize({ ...silent, state });
    expect(answer.text).not.toContain('<script>alert');
    expect(messageOf(answer).response.state).toBe(state);
  });

  test.each([
    ['whose origin is not among the Allowed Web Origins', 'https://elsewhere.example/callback'],
    ['that has no origin', customScheme],
  ])('RM-7: no message for a callback %s, not even an error', async (_what, redirect_uri) => {
    for (const overrides of [
      {},
      { response_type: 'foo' },
      { connection: 'github' },
      { audience: 'https://x.example/' },
    ]) {
      const answer = await authorize({ ...silent, client_id: 'elsewhere', redirect_uri, ...overrides });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('The origin of redirect_uri is not in the list of Allowed Web Origins');
      expect(answer.text).not.toContain('web-message');
      expect(policyOf(answer)['frame-ancestors']).toBe("'none'");
    }
  });

  test('RM-8: a wildcard among the Allowed Web Origins stands for one label; the message goes to one origin', async () => {
    const wild = { ...silent, client_id: 'wild' };
    const answer = await authorize({ ...wild, redirect_uri: 'https://one.wild.example/callback' });
    expect(messageOf(answer)).toEqual({
      target_origin: 'https://one.wild.example',
      response: { code: expect.stringMatching(/^[A-Za-z0-9_-]{52}$/), state: 'xyzABC123' },
    });
    expect(policyOf(answer)['frame-ancestors']).toBe('https://one.wild.example');
    const deeper = await authorize({ ...wild, redirect_uri: 'https://a.b.wild.example/callback' });
    expect(deeper.status).toBe(400);
    expect(deeper.text).toContain('The origin of redirect_uri is not in the list of Allowed Web Origins');
  });

  test('RM-9: in a popup, after a login page', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { response_mode: 'web_message' });
    const answer = await agent.logIn(url, 'ada@example.com', password);
    expect(answer.status).toBe(200);
    expect(messageOf(answer).response.code).toMatch(/^[A-Za-z0-9_-]{52}$/);
  });
});

test('each way brings a code of its own', async () => {
  const codes = [codeOf(await authorize({})), codeOf(await authorize({}))];
  expect(new Set(codes).size).toBe(2);
});
