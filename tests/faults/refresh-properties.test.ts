// RR-15: the properties of a refresh token family over generated interleavings of tabs that share what they hold, requests
// at once, answers lost and doubled, time and a thief: one process on SQLite, and two on one PostgreSQL.
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import { getTokens, refreshRequest, refusalOf, sampleTenant, spa, users } from '../setup/flow.ts';
import { createDatabase } from '../setup/postgres.ts';
import { startPair } from '../setup/process.ts';
import { startFreehold } from '../setup/server.ts';
import {
  acceptAtOnce,
  type Exchange,
  type Family,
  isSpent,
  liveTokens,
  newFamily,
  type Rules,
} from './family-model.ts';

const window = 60;
/** By client_id. */
const clients: Record<string, Rules & { refresh_token: Record<string, unknown> }> = {
  safe: { window, late: true, refresh_token: {} },
  immediate: { window: 0, late: true, refresh_token: { retry_window: 0 } },
  leeway: { window, late: false, refresh_token: { retry_safe: false, leeway: window } },
  strict: { window: 0, late: false, refresh_token: { retry_safe: false } },
};
const tenant = sampleTenant({
  clients: Object.entries(clients).map(([client_id, { refresh_token }]) => ({
    ...spa,
    name: client_id,
    client_id,
    refresh_token: { rotation_type: 'rotating', ...refresh_token },
  })),
});

/** Servers of one tenant, each reached by an agent, and a clock that all of them go by. */
interface World {
  agents: Agent[];
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

const worlds = [
  {
    name: 'one process on SQLite',
    runs: 150,
    /** To the second. */
    steps: [0, 1, window - 1, window, window + 1, 10 * window],
    async start(): Promise<World> {
      const freehold = await startFreehold({ tenant, users });
      const { agent } = await getTokens(freehold, {
        authorize: { client_id: 'safe' },
        token: { client_id: 'safe' },
      });
      return {
        agents: [agent],
        advance: async (seconds) => freehold.clock.advance(seconds),
        stop: () => freehold.stop(),
      };
    },
  },
  {
    name: 'two processes on one PostgreSQL',
    runs: 40,
    /** Far from the end of the window: the clock of these goes by itself too. */
    steps: [0, 25, 10 * window],
    async start(): Promise<World> {
      const database = await createDatabase();
      const [one, other] = await startPair(database.url, { tenant, users });
      const token = { client_id: 'safe' };
      const { agent } = await getTokens(one, { agent: one.newAgent(), authorize: token, token });
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return {
        agents: [agent, agent.atPort(other.port)],
        // To move everything that has happened into the past is to move the clock.
        advance: async (seconds) => {
          await client.query(
            `update refresh_token_family set spent_at = spent_at - $1, box_ends_at = box_ends_at - $1,
              absolute_at = absolute_at - $1, idle_at = idle_at - $1, ends_at = ends_at - $1`,
            [seconds],
          );
        },
        async stop() {
          await client.end();
          await Promise.all([one.stop(), other.stop()]);
          await database.drop();
        },
      };
    },
  },
];

/** One request: the owner always presents the newest token it has; the thief whatever it has got hold of. */
interface Request {
  who: 'owner' | 'thief';
  /** Of the thief's tokens, from the newest; wraps around. */
  which: number;
  isLost: boolean;
  server: number;
}

type Act =
  | { kind: 'present'; requests: Request[] }
  | { kind: 'advance'; seconds: number }
  /** The thief copies one of the tokens that the owner has had. */
  | { kind: 'steal'; which: number };

function acts(steps: number[], withThief: boolean): fc.Arbitrary<Act[]> {
  const request = fc.record<Request>({
    who: withThief ? fc.constantFrom('owner', 'owner', 'thief') : fc.constant('owner'),
    which: fc.oneof(fc.constant(0), fc.nat(5)),
    isLost: fc.boolean(),
    server: fc.nat(1),
  });
  const kinds: fc.Arbitrary<Act>[] = [
    fc.record({ kind: fc.constant('present'), requests: fc.array(request, { minLength: 1, maxLength: 1 }) }),
    fc.record({ kind: fc.constant('present'), requests: fc.array(request, { minLength: 2, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('advance'), seconds: fc.constantFrom(...steps) }),
  ];
  if (withThief)
    kinds.push(fc.record({ kind: fc.constant('steal'), which: fc.oneof(fc.constant(0), fc.nat(3)) }));
  return fc.array(fc.oneof(...kinds), { minLength: 3, maxLength: 20 });
}

const refused = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
};

/** One family, its two parties, and everything that is asserted of them. */
class Run {
  readonly #world: World;
  readonly #client_id: string;
  readonly #rules: Rules;
  /** What may have happened; nearly always one. */
  #families: Family[];
  #now = 0;
  /** Newest first. */
  readonly #held: Record<Request['who'], string[]>;
  /** (b): whose next presentation of the newest token it has must end the family. */
  readonly #doomed = { owner: false, thief: false };
  #thiefHasActed = false;

  constructor(world: World, client_id: string, rules: Rules, first: string) {
    this.#world = world;
    this.#client_id = client_id;
    this.#rules = rules;
    this.#families = [newFamily(first)];
    this.#held = { owner: [first], thief: [] };
  }

  static async start(world: World, client_id: string, rules: Rules): Promise<Run> {
    const [agent] = world.agents;
    if (agent === undefined) throw new Error('No server');
    const authorize = { client_id, scope: 'openid offline_access' };
    const { tokens } = await getTokens(agent, { agent, authorize, token: { client_id } });
    return new Run(world, client_id, rules, tokens.refresh_token ?? '');
  }

  async act(act: Act): Promise<void> {
    if (act.kind === 'advance') {
      await this.#world.advance(act.seconds);
      this.#now += act.seconds;
    } else if (act.kind === 'steal') {
      const { owner, thief } = this.#held;
      thief.unshift(owner[act.which % owner.length] ?? '');
      this.#doomed.thief = false;
    } else {
      await this.#present(act.requests);
    }
  }

  async #present(wanted: Request[]): Promise<void> {
    const able = wanted.filter(({ who }) => this.#held[who].length > 0);
    // With no window a client that asks twice at once is answered twice, and must keep the later answer.
    const requests = this.#rules.window > 0 ? able : able.slice(0, 1);
    const exchanges = await Promise.all(requests.map((request) => this.#exchange(request)));
    const before = this.#families;
    this.#families = acceptAtOnce(before, exchanges, this.#now, this.#rules);
    expect(this.#families, 'RR-3 to RR-7').not.toEqual([]);
    // (c)
    for (const family of this.#families) expect(liveTokens(family).length).toBeLessThanOrEqual(1);
    const isStolen = requests.some(({ who }) => who === 'thief');
    this.#thiefHasActed ||= isStolen;
    // (a)
    if (this.#rules.late && !this.#thiefHasActed) {
      for (const { answered } of exchanges) expect(answered).toBeDefined();
    }
    const [request, exchange] = [requests[0], exchanges[0]];
    if (requests.length === 1 && request && exchange) await this.#judge(request, exchange);
    else if (requests.length > 1) this.#doomed.owner = this.#doomed.thief = false;
    requests.forEach(({ who, isLost }, index) => {
      const answered = exchanges[index]?.answered;
      if (isLost || answered === undefined || this.#held[who][0] === answered) return;
      this.#held[who].unshift(answered);
      // Whoever came by a newer token with an older one of its own is no longer the one that was outrun.
      this.#doomed[who] = false;
    });
  }

  /** (b), of a request that was alone. */
  async #judge({ who }: Request, { presented, answered }: Exchange): Promise<void> {
    const other = who === 'owner' ? 'thief' : 'owner';
    if (this.#doomed[who] && presented === this.#held[who][0]) {
      expect(answered, '(b)').toBeUndefined();
      await this.expectDead();
    }
    const [newest] = this.#held[other];
    // Whoever holds neither the token that was exchanged nor what came of it holds one that others have outrun.
    const outrun = answered !== undefined && newest !== undefined && ![presented, answered].includes(newest);
    if (outrun) this.#doomed[other] = true;
  }

  async #exchange({ who, which, server }: Request): Promise<Exchange> {
    const held = this.#held[who];
    const presented = (who === 'owner' ? held[0] : held[which % held.length]) ?? '';
    return { presented, answered: await this.#ask(presented, server) };
  }

  async #ask(presented: string, server: number): Promise<string | undefined> {
    const { agents } = this.#world;
    const fields = refreshRequest(presented, { client_id: this.#client_id });
    const answer = await agents[server % agents.length]?.postForm('/oauth/token', fields);
    if (answer?.status === 200) return String(answer.json().refresh_token);
    expect(answer && refusalOf(answer)).toEqual(refused);
    return undefined;
  }

  async expectDead(): Promise<void> {
    for (const token of new Set([...this.#held.owner, ...this.#held.thief])) {
      expect(await this.#ask(token, 0), '(b)').toBeUndefined();
    }
  }

  /** (a): at the end the owner holds a live token, or obtains one by presenting what it has. */
  async expectOwnerGoesOn(): Promise<void> {
    for (let count = 0; count < 2; count += 1) {
      await this.act({
        kind: 'present',
        requests: [{ who: 'owner', which: 0, isLost: false, server: count }],
      });
    }
    const [newest = ''] = this.#held.owner;
    for (const family of this.#families) {
      expect(isSpent(family, newest)).toBe(false);
      expect(liveTokens(family)).toEqual([newest]);
    }
  }
}

describe.each(worlds)('$name', ({ start, runs, steps }) => {
  let world: World;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world.stop());

  const check = (withThief: boolean, names: string[], numRuns: number) =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), acts(steps, withThief), async (client_id, script) => {
        const rules = clients[client_id];
        if (rules === undefined) throw new Error(`No client ${client_id}`);
        const run = await Run.start(world, client_id, rules);
        for (const act of script) await run.act(act);
        if (!withThief) await run.expectOwnerGoesOn();
      }),
      { numRuns },
    );

  test(
    'RR-15 (a), (c): whatever is lost or doubled, the owner goes on, and at most one token lives',
    {
      timeout: 600_000,
    },
    () => check(false, ['safe', 'immediate'], runs),
  );

  test(
    'RR-15 (b), (c): a thief and the owner cannot both go on unseen, and at most one token lives',
    {
      timeout: 600_000,
    },
    () => check(true, Object.keys(clients), 2 * runs),
  );
});
