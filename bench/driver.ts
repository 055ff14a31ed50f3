// The load, in a process of its own: it does what the run orders, one order at a time, and reports what it saw.
import { Agent } from '../tests/setup/agent.ts';
import { Connection, type Response } from './connection.ts';
import { type Algorithm, authorizationQuery, Holdings, type Operation, password, people } from './flow.ts';

export type Order =
  | { order: 'sign in'; issuer: string }
  | { order: 'load'; issuer: string; alg: Algorithm; operation: Operation; count: number };

export interface Load {
  /** From the first request to the last answer. */
  milliseconds: number;
  /** Of each request, in no order. */
  latencies: number[];
  /** What the driver itself cost meanwhile. */
  cpuMilliseconds: number;
}

/** The peer's answers are its own. */
class Browser extends Agent {
  protected override judge(): void {}
}

const connectionCount = 64;
const sessionCookies = new Map<string, string[]>();
const holdings = new Map<string, Holdings>();

process.on('message', (order: Order) => {
  const done = order.order === 'sign in' ? signIn(order.issuer) : load(order);
  done.then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});

/** Every person signs in once, in a fresh browser, by the login page if there is one. */
async function signIn(issuer: string): Promise<void> {
  const cookies: string[] = [];
  for (const { email } of people) {
    const agent = new Browser(issuer);
    let answer = await agent.open(authorizationQuery('RS256', { login_hint: email }));
    if (answer.location === undefined) {
      answer = await agent.follow(
        await agent.submit(answer, { username: email, password, action: 'default' }),
      );
    }
    if (!answer.location?.searchParams.has('code')) throw new Error(`No code for ${email}: ${answer.text}`);
    const session = [...agent.cookies].filter(([name]) => name.includes('session'));
    cookies.push(session.map(([name, value]) => `${name}=${value}`).join('; '));
  }
  sessionCookies.set(issuer, cookies);
}

async function load({ issuer, alg, operation, count }: Extract<Order, { order: 'load' }>): Promise<Load> {
  const held = holdingsOf(issuer, alg);
  const requests = held.requests(operation, count);
  const responses: Response[] = [];
  const latencies: number[] = [];
  const port = Number(new URL(issuer).port);
  const connections = await Promise.all(Array.from({ length: connectionCount }, () => Connection.open(port)));
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
        const sentAt = performance.now();
        responses.push(await connection.send(request));
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const milliseconds = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const connection of connections) connection.close();
  held.receive(operation, responses);
  return { milliseconds, latencies, cpuMilliseconds: (user + system) / 1000 };
}

function holdingsOf(issuer: string, alg: Algorithm): Holdings {
  const key = `${issuer} ${alg}`;
  let held = holdings.get(key);
  if (held === undefined) {
    const cookies = sessionCookies.get(issuer);
    if (cookies === undefined) throw new Error('Nobody is signed in yet');
    held = new Holdings(alg, new URL(issuer).host, cookies);
    holdings.set(key, held);
  }
  return held;
}
