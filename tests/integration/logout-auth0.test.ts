// Logging out by Auth0's /v2/logout.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { refreshRequest } from '../setup/flow.ts';
import {
  bye,
  expectSignedOutPage,
  hasSession,
  query,
  signInAtLeaver,
  startWithLeaver,
} from '../setup/logout.ts';
import type { Freehold } from '../setup/server.ts';

let freehold: Freehold;

beforeAll(async () => {
  freehold = await startWithLeaver();
});
afterAll(() => freehold.stop());

const signedIn = () => signInAtLeaver(freehold);

describe('/v2/logout', () => {
  test('LO-1, LO-2: the session ends, for every client, and the browser goes to returnTo', async () => {
    const { agent } = await signedIn();
    const cookies = [...agent.cookies.keys()];
    const answer = await agent.send(query('/v2/logout', { client_id: 'leaver', returnTo: bye }));
    expect([answer.status, answer.headers.location]).toEqual([302, bye]);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(cookies.filter((name) => !agent.cookies.has(name))).toEqual([`freehold_session_${freehold.port}`]);
    expect(await hasSession(freehold, agent)).toBe(false);
  });

  test('LO-1, SE-6: the session itself is gone, not the cookie alone', async () => {
    const { agent } = await signedIn();
    const copy = new Agent(freehold.issuer);
    for (const [name, value] of agent.cookies) copy.cookies.set(name, value);
    await agent.send('/v2/logout');
    expect(await hasSession(freehold, copy)).toBe(false);
  });

  test.each(['image', 'iframe', 'empty', 'script'])(
    'LO-1: as %s of another site it ends nothing, and still redirects',
    async (destination) => {
      const { agent } = await signedIn();
      const url = query('/v2/logout', { client_id: 'leaver', returnTo: bye });
      const answer = await agent.send(url, { headers: { 'sec-fetch-dest': destination } });
      expect([answer.status, answer.headers.location]).toEqual([302, bye]);
      expect(await hasSession(freehold, agent)).toBe(true);
      await agent.send(url, { headers: { 'sec-fetch-dest': 'document' } });
      expect(await hasSession(freehold, agent)).toBe(false);
    },
  );

  test("LO-2: without client_id the tenant's list counts, and only that", async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.send(query('/v2/logout', { returnTo: 'https://tenant.example/out' }));
    expect([answer.status, answer.headers.location]).toEqual([302, 'https://tenant.example/out']);
    expect((await agent.send(query('/v2/logout', { returnTo: bye }))).status).toBe(400);
    const foreign = query('/v2/logout', { client_id: 'leaver', returnTo: 'https://tenant.example/out' });
    expect((await agent.send(foreign)).status).toBe(400);
  });

  test('LO-3: no returnTo: the first Allowed Logout URL of the client that is no pattern', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.send('/v2/logout?client_id=leaver');
    expect([answer.status, answer.headers.location]).toEqual([302, bye]);
    expectSignedOutPage(await agent.send('/v2/logout?client_id=none'));
    expectSignedOutPage(await agent.send('/v2/logout'));
  });

  test.each([
    'https://evil.example/',
    'https://app.example/bye/',
    'https://app.example/case',
    'http://app.example/bye',
    'https://app.example:444/bye',
    'https://user@app.example/bye',
    'https://user:pass@app.example/bye',
    'https://app.example\\@evil.example/bye',
    'https:\\\\app.example/bye',
    'https://app.example/b\tye',
    '\thttps://app.example/bye',
    'https:app.example/bye',
    '//app.example/bye',
    '/bye',
    'javascript:alert(1)',
    'https://wild.example/out',
    'https://a.b.wild.example/out',
    'https://evil.example/.wild.example/out',
    'https://evil.example?.wild.example/out',
  ])('LO-4: %j is 400 and a page, and the session stays', async (returnTo) => {
    const { agent } = await signedIn();
    const answer = await agent.send(query('/v2/logout', { client_id: 'leaver', returnTo }));
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const shown = returnTo.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');
    expect(answer.text.replaceAll('&quot;', '"').replaceAll('&#39;', "'")).toContain(
      `The "returnTo" querystring parameter "${shown}" is not defined as a valid URL in "Allowed Logout URLs"`,
    );
    expect(await hasSession(freehold, agent)).toBe(true);
  });

  test.each([
    [`${bye}?a=b#c`, `${bye}?a=b#c`],
    ['HTTPS://APP.example/bye', bye],
    ['https://app.example:443/bye', bye],
    ['https://app.example/query?b=2', 'https://app.example/query?b=2'],
    ['https://app.example:8443/port', 'https://app.example:8443/port'],
    ['https://one.wild.example/out?x', 'https://one.wild.example/out?x'],
  ])('LO-5: %s is allowed, and leads to %s', async (returnTo, location) => {
    const answer = await new Agent(freehold.issuer).send(
      query('/v2/logout', { client_id: 'leaver', returnTo }),
    );
    expect([answer.status, answer.headers.location]).toEqual([302, location]);
  });

  test('LO-6: federated is accepted, with any value and with none', async () => {
    for (const federated of ['federated', 'federated=', 'federated=1']) {
      const answer = await new Agent(freehold.issuer).send(`/v2/logout?client_id=leaver&${federated}`);
      expect([answer.status, answer.headers.location]).toEqual([302, bye]);
    }
  });

  test('LO-4: an unknown client and a repeated returnTo are 400', async () => {
    const agent = new Agent(freehold.issuer);
    for (const search of ['client_id=nobody', `client_id=leaver&returnTo=${bye}&returnTo=${bye}`])
      expect((await agent.send(`/v2/logout?${search}`)).status).toBe(400);
  });

  test('LO-13: refresh tokens live on', async () => {
    const { agent, tokens } = await signedIn();
    await agent.send('/v2/logout');
    const refreshed = await agent.postForm(
      '/oauth/token',
      refreshRequest(tokens.refresh_token, { client_id: 'leaver' }),
    );
    expect(refreshed.status).toBe(200);
  });

  test('LO-13, LG-1: the log says slo, or flo with the reason; nothing where there was no session', async () => {
    const { agent } = await signedIn();
    await agent.send(query('/v2/logout', { client_id: 'leaver', returnTo: 'https://evil.example/' }));
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'flo',
      description: expect.stringContaining('is not defined as a valid URL'),
    });
    await agent.send('/v2/logout?client_id=leaver');
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'slo',
      client_id: 'leaver',
      user_id: 'auth0|0123456789abcdef01234567',
    });
    const before = (await freehold.logEntries()).length;
    await agent.send('/v2/logout?client_id=leaver');
    expect(await freehold.logEntries()).toHaveLength(before);
  });
});
