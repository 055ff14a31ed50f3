// People and applications that use a server until it is taken from them, and a ledger of what they were promised:
// whatever was answered must hold afterwards, and what went unanswered may have happened or not, but not by half.
import { expect } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  newPkce,
  type Pkce,
  password,
  refreshRequest,
  sampleTenant,
  type Tokens,
  tokenRequest,
} from '../setup/flow.ts';

/** However long a start takes: whoever waited comes again after it, and a code is redeemed then. */
export const patientTenant = sampleTenant({
  tenant: { refresh_token: { retry_window: 600 }, authorization_code_lifetime: 600 },
});

interface Redemption {
  code: string;
  pkce: Pkce;
}

/** One user's authorization, from the code to its end, as its application knows it. */
interface Authorization extends Redemption {
  email: string;
  /** `asked`: the request was sent and no answer came. */
  redeemed: 'no' | 'asked' | 'yes';
  /** The newest; none before the first answer. */
  tokens?: Tokens;
  spent: string[];
  refresh: 'idle' | 'asked';
  revoked: 'no' | 'asked' | 'yes';
}

const authorize = { scope: 'openid offline_access' };

/** 503: the write may have happened or not. */
class Unanswered extends Error {}

export class Ledger {
  readonly #issuer: string;
  readonly #port: number;
  readonly #users: string[] = [];
  readonly #authorizations: Authorization[] = [];
  #ended = false;
  #count = 0;
  #lives = 0;
  readonly #checked = { users: 0, codes: 0, tokens: 0, revocations: 0, unanswered: 0, retries: 0 };

  constructor({ issuer, port }: { issuer: string; port: number }) {
    this.#issuer = issuer;
    this.#port = port;
  }

  /** How many writes were answered so far. */
  get answered(): number {
    return this.#count;
  }

  /**
   * Works with `people` at a time until an answer fails to come; `onAnswer` is called after each answered write.
   * An answer of 503 counts as none.
   */
  async work(people: number, onAnswer: (answered: number) => void): Promise<void> {
    this.#ended = false;
    await Promise.all(
      Array.from({ length: people }, async () => {
        while (!this.#ended) {
          try {
            await this.#live(() => {
              this.#count += 1;
              onAnswer(this.#count);
            });
          } catch (error) {
            if (!isUnanswered(error)) throw error;
            this.#ended = true;
          }
        }
      }),
    );
  }

  /** Signs up, gets tokens, refreshes; every fourth person leaves the code for later, every other fourth revokes. */
  async #live(answered: () => void): Promise<void> {
    this.#lives += 1;
    const [leavesCode, revokes] = [this.#lives % 4 === 0, this.#lives % 4 === 2];
    const email = `user-${this.#lives}@example.com`;
    const agent = this.#newAgent();
    const pkce = newPkce();
    const page = expectAnswer(await agent.open(this.#signUpUrl(pkce)), 200);
    const signedUp = expectAnswer(await agent.submit(page, { email, password }), 303);
    this.#users.push(email);
    answered();
    const code = codeOf(expectAnswer(await agent.follow(signedUp), 302));
    const authorization: Authorization = {
      code,
      pkce,
      email,
      redeemed: 'no',
      spent: [],
      refresh: 'idle',
      revoked: 'no',
    };
    this.#authorizations.push(authorization);
    answered();
    if (leavesCode) return;
    authorization.redeemed = 'asked';
    const redeemed = expectAnswer(await agent.postForm('/oauth/token', tokenRequest(pkce, code)), 200);
    authorization.redeemed = 'yes';
    authorization.tokens = tokensOf(redeemed);
    answered();
    for (let count = 0; count < (revokes ? 1 : 3); count += 1) {
      await this.#refresh(agent, authorization, answered);
    }
    if (!revokes) return;
    authorization.revoked = 'asked';
    const { refresh_token = '' } = authorization.tokens;
    const fields = { client_id: 'spa', token: refresh_token };
    expectAnswer(await agent.postForm('/oauth/revoke', fields), 200);
    authorization.revoked = 'yes';
    answered();
  }

  async #refresh(agent: Agent, authorization: Authorization, answered: () => void): Promise<void> {
    const presented = authorization.tokens?.refresh_token ?? '';
    authorization.refresh = 'asked';
    const answer = await agent.postForm('/oauth/token', refreshRequest(presented));
    authorization.tokens = tokensOf(expectAnswer(answer, 200));
    authorization.refresh = 'idle';
    authorization.spent.push(presented);
    answered();
  }

  /** Checks every promise against the server as it is now, and forgets them. Returns how many there were so far. */
  async check(): Promise<Readonly<Record<string, number>>> {
    const users = this.#users.splice(0);
    this.#checked.users += users.length;
    const authorizations = this.#authorizations.splice(0);
    await Promise.all([
      ...users.map((email) => this.#expectUser(email)),
      ...authorizations.map((authorization) => this.#expectAuthorization(authorization)),
    ]);
    return this.#checked;
  }

  async #expectUser(email: string): Promise<void> {
    const answer = await this.#newAgent().logIn(this.#url(newPkce()), email, password);
    expect(answer.location?.searchParams.has('code'), `${email} can log in`).toBe(true);
  }

  async #expectAuthorization(authorization: Authorization): Promise<void> {
    const agent = this.#newAgent();
    if (authorization.redeemed === 'no') {
      this.#checked.codes += 1;
      return expectUnredeemed(agent, authorization);
    }
    if (authorization.redeemed === 'asked') {
      this.#checked.unanswered += 1;
      return expectAtMostOnce(agent, authorization);
    }
    if (authorization.revoked === 'yes') {
      this.#checked.revocations += 1;
      return expectDead(agent, authorization);
    }
    if (authorization.revoked === 'asked') {
      this.#checked.unanswered += 1;
      return expectWholeOrNothing(agent, authorization);
    }
    if (authorization.refresh === 'asked') this.#checked.retries += 1;
    else this.#checked.tokens += 1;
    await expectAlive(agent, authorization);
    // RT-8: what was spent before is spent still, and the family ends with the first of it that comes again.
    await expectReuseEndsFamily(agent, authorization);
    await expectRefused(agent, tokenRequest(authorization.pkce, authorization.code));
  }

  #newAgent(): Agent {
    return new Agent(this.#issuer, this.#port);
  }

  #url(pkce: Pkce): URL {
    return authorizationUrl({ issuer: this.#issuer }, pkce, authorize);
  }

  #signUpUrl(pkce: Pkce): URL {
    return authorizationUrl({ issuer: this.#issuer }, pkce, { ...authorize, screen_hint: 'signup' });
  }
}

/** 503 is what an unanswered request may become; everything else is wrong, whatever befalls the server. */
function expectAnswer(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  if (answer.status === 503) throw new Unanswered();
  throw new Error(`${answer.status} in place of ${status}: ${answer.text.slice(0, 300)}`);
}

/** Errors of the connection have a code. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Unanswered || (error instanceof Error && 'code' in error);
}

function tokensOf({ text }: Answer): Tokens {
  return JSON.parse(text) as Tokens;
}

async function expectRefused(agent: Agent, fields: Record<string, string>): Promise<void> {
  const answer = await agent.postForm('/oauth/token', fields);
  expect({ status: answer.status, error: answer.json().error }).toEqual({
    status: 403,
    error: 'invalid_grant',
  });
}

/** A code that was answered is good for one redemption. */
async function expectUnredeemed(agent: Agent, { pkce, code }: Redemption): Promise<void> {
  expect((await agent.postForm('/oauth/token', tokenRequest(pkce, code))).status).toBe(200);
  await expectRefused(agent, tokenRequest(pkce, code));
}

/** The unanswered redemption counts or does not; a second one never does. */
async function expectAtMostOnce(agent: Agent, { pkce, code }: Redemption): Promise<void> {
  const first = await agent.postForm('/oauth/token', tokenRequest(pkce, code));
  expect([200, 403]).toContain(first.status);
  await expectRefused(agent, tokenRequest(pkce, code));
}

async function userinfoStatus(agent: Agent, { tokens }: Authorization): Promise<number> {
  const headers = { authorization: `Bearer ${tokens?.access_token}` };
  return (await agent.send('/userinfo', { headers })).status;
}

async function expectDead(agent: Agent, authorization: Authorization): Promise<void> {
  expect(await userinfoStatus(agent, authorization)).toBe(401);
  await expectRefused(agent, refreshRequest(authorization.tokens?.refresh_token));
}

/** RR-4, RR-5: also where the answer to the last refresh was lost; and what it is given is good in its turn. */
async function expectAlive(agent: Agent, authorization: Authorization): Promise<void> {
  expect(await userinfoStatus(agent, authorization)).toBe(200);
  for (let count = 0; count < 2; count += 1) {
    const presented = authorization.tokens?.refresh_token ?? '';
    const refreshed = await agent.postForm('/oauth/token', refreshRequest(presented));
    expect(refreshed.status).toBe(200);
    authorization.tokens = tokensOf(refreshed);
    authorization.spent.push(presented);
  }
}

async function expectReuseEndsFamily(agent: Agent, authorization: Authorization): Promise<void> {
  await expectRefused(agent, refreshRequest(authorization.spent[0]));
  await expectDead(agent, authorization);
}

/** The unanswered write happened or not: the token that was sent with it is good, or everything of it is dead. */
async function expectWholeOrNothing(agent: Agent, authorization: Authorization): Promise<void> {
  const presented = refreshRequest(authorization.tokens?.refresh_token);
  const answer = await agent.postForm('/oauth/token', presented);
  expect([200, 403]).toContain(answer.status);
  expect(await userinfoStatus(agent, authorization)).toBe(answer.status === 200 ? 200 : 401);
}
