// What may be used once, used fifty times at once: against one process on SQLite and two on one PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import { activate, deviceGrant, getCodes, television } from '../setup/device.ts';
import {
  authorizationUrl,
  codeOf,
  getCode,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  strictSpa,
  type Tokens,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { createDatabase } from '../setup/postgres.ts';
import { type ServerProcess, startPair, startProcess } from '../setup/process.ts';

const times = 50;
const authorize = { scope: 'openid offline_access' };
const configuration = { tenant: sampleTenant({ clients: [spa, strictSpa, television] }), users };

const deployments = [
  {
    name: 'one process on SQLite',
    async start() {
      const server = await startProcess(configuration);
      return { servers: [server], remove: async () => void (await server.stop()) };
    },
  },
  {
    name: 'two processes on one PostgreSQL',
    async start() {
      const database = await createDatabase();
      const servers: ServerProcess[] = await startPair(database.url, configuration);
      const remove = async () => {
        await Promise.all(servers.map((server) => server.stop()));
        await database.drop();
      };
      return { servers, remove };
    },
  },
];

describe.each(deployments)('$name', ({ start }) => {
  let servers: ServerProcess[];
  let remove: () => Promise<void>;

  beforeAll(async () => {
    ({ servers, remove } = await start());
  });
  afterAll(() => remove());

  const redeemAtOnce = (fields: Record<string, string>) =>
    atOnce(
      servers.map((server) => server.newAgent()),
      (agent) => agent.postForm('/oauth/token', fields),
    );

  function firstServer(): ServerProcess {
    const [server] = servers;
    if (server === undefined) throw new Error('No server was started');
    return server;
  }

  /** The one success among refusals that are all the same. */
  function onlySuccess(answers: Answer[], refusal: Record<string, unknown>): Tokens {
    const successes = answers.filter(({ status }) => status === 200);
    expect(successes).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200).map(refusalOf);
    expect(refused).toEqual(Array.from({ length: times - 1 }, () => refusal));
    return JSON.parse(successes[0]?.text ?? '') as Tokens;
  }

  /** Every process refuses them. */
  async function expectDead({ access_token, refresh_token }: Tokens, client_id = 'spa'): Promise<void> {
    for (const server of servers) {
      const agent = server.newAgent();
      const userinfo = await agent.send('/userinfo', {
        headers: { authorization: `Bearer ${access_token}` },
      });
      expect(userinfo.status).toBe(401);
      expect(
        refusalOf(await agent.postForm('/oauth/token', refreshRequest(refresh_token, { client_id }))),
      ).toEqual(unknownRefreshToken);
    }
  }

  test('AC-10, AC-11: a code redeemed 50 times at once gives tokens once, and its owner’s replays end them', async () => {
    const server = firstServer();
    const { code, pkce } = await getCode(server, { agent: server.newAgent(), authorize });
    const tokens = onlySuccess(await redeemAtOnce(tokenRequest(pkce, code)), {
      status: 403,
      error: 'invalid_grant',
      error_description: 'Invalid authorization code',
    });
    await expectDead(tokens);
  });

  test('DV-10: a device code polled 50 times at once gives tokens once, and the other polls end them', async () => {
    const server = firstServer();
    const codes = await getCodes(server, { scope: 'openid offline_access' });
    await activate(server.newAgent(), codes);
    const fields = { grant_type: deviceGrant, client_id: 'tv', device_code: codes.device_code };
    const tokens = onlySuccess(await redeemAtOnce(fields), {
      status: 403,
      error: 'invalid_grant',
      error_description: 'Invalid or expired device code.',
    });
    await expectDead(tokens, 'tv');
  });

  test('DV-8, DV-9: a device that is confirmed and refused at once has one answer, on every server', async () => {
    const server = firstServer();
    const codes = await getCodes(server);
    const deciding = await Promise.all(
      ['accept', 'deny'].map(async (action) => {
        const agent = server.newAgent();
        await agent.logIn(authorizationUrl(server, newPkce()), 'ada@example.com', password);
        return { agent, action, page: await agent.send(codes.verification_uri_complete) };
      }),
    );
    await Promise.all(
      deciding.map(async ({ agent, action, page }) => agent.follow(await agent.submit(page, { action }))),
    );
    const fields = { grant_type: deviceGrant, client_id: 'tv', device_code: codes.device_code };
    const told: unknown[] = [];
    for (const each of [...servers, ...servers]) {
      const answer = await each.newAgent().postForm('/oauth/token', fields);
      told.push(answer.json().error ?? 'tokens');
    }
    const [first, ...others] = told;
    expect(['tokens', 'access_denied']).toContain(first);
    const due = first === 'tokens' ? 'invalid_grant' : 'access_denied';
    expect(others).toEqual(others.map(() => due));
  });

  test('RT-7, RR-3, RR-4: a rotating refresh token used 50 times at once is spent once: there is one successor', async () => {
    const server = firstServer();
    const { tokens } = await getTokens(server, { agent: server.newAgent(), authorize });
    const answers = await redeemAtOnce(refreshRequest(tokens.refresh_token));
    expect(answers.map(({ status }) => status)).toEqual(Array(times).fill(200));
    const successors = new Set(answers.map((answer) => String(answer.json().refresh_token)));
    expect(successors.size).toBe(1);
    const [next] = await redeemAtOnce(refreshRequest([...successors][0]));
    expect(next?.status).toBe(200);
    expect((await redeemAtOnce(refreshRequest(tokens.refresh_token))).map(refusalOf)).toEqual(
      Array(times).fill(unknownRefreshToken),
    );
    await expectDead(JSON.parse(next?.text ?? '') as Tokens);
  });

  test('RT-8, RR-8: without retry_safe one use of 50 succeeds, and the others end the family', async () => {
    const server = firstServer();
    const { tokens } = await getTokens(server, {
      agent: server.newAgent(),
      authorize: { ...authorize, client_id: 'strict' },
      token: { client_id: 'strict' },
    });
    const fields = refreshRequest(tokens.refresh_token, { client_id: 'strict' });
    const refreshed = onlySuccess(await redeemAtOnce(fields), unknownRefreshToken);
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    await expectDead(refreshed, 'strict');
  });

  test('LT-2: a login transaction resumed 50 times at once issues one code', async () => {
    const server = firstServer();
    const agent = server.newAgent();
    const pkce = newPkce();
    const page = await agent.open(authorizationUrl(server, pkce));
    const { location } = await agent.submit(page, {
      username: 'ada@example.com',
      password,
      action: 'default',
    });
    const agents = servers.map(({ port }) => agent.atPort(port));
    const answers = await atOnce(agents, (each) => each.send(location ?? ''));
    const codes = answers.filter((answer) => answer.location?.searchParams.has('code')).map(codeOf);
    expect(codes).toHaveLength(1);
    // AZ-66
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(times - 1);
    const redeemed = await agent.postForm('/oauth/token', tokenRequest(pkce, codes[0] ?? ''));
    expect(redeemed.status).toBe(200);
  });
});

/** Asked of the agents in turn, all before the first answer. */
function atOnce(agents: Agent[], ask: (agent: Agent) => Promise<Answer>): Promise<Answer[]> {
  const asked = Array.from({ length: times }, (_, index) => agents[index % agents.length]);
  return Promise.all(asked.filter((agent) => agent !== undefined).map(ask));
}

const unknownRefreshToken = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
};
