// The load, in a process of its own: it does what the run orders, one order at a time, and reports what it saw.
import { Agent } from '../tests/setup/agent.ts';
import { Connection, type Response } from './connection.ts';
import {
  type Algorithm,
  assertClaims,
  assertManaged,
  authorizationQuery,
  floorRequests,
  Holdings,
  type ManagementOperation,
  machine,
  managementRequests,
  type Operation,
  password,
  paths,
  people,
} from './flow.ts';

export type Order =
  | { order: 'sign in'; issuer: string }
  | { order: 'load'; issuer: string; alg: Algorithm; operation: Operation; count: number }
  | { order: 'manage'; issuer: string; operation: ManagementOperation; count: number }
  | { order: 'ask the floor'; issuer: string; count: number };
export type LoadOrder = Exclude<Order, { order: 'sign in' }>;

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
  obey(order).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});

function obey(order: Order): Promise<Load | undefined> {
  if (order.order === 'sign in') return signIn(order.issuer);
  if (order.order === 'ask the floor') return askFloor(order);
  return order.order === 'load' ? load(order) : manage(order);
}

/** Every person signs in once, in a fresh browser, by the login page if there is one. */
async function signIn(issuer: string): Promise<undefined> {
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
  const { responses, ...measured } = await sendAll(held.requests(operation, count), issuer);
  held.receive(operation, responses);
  return measured;
}

async function manage({ issuer, operation, count }: Extract<Order, { order: 'manage' }>): Promise<Load> {
  const access_token = managementTokens.get(issuer) ?? (await askForManagementToken(issuer));
  const { host } = new URL(issuer);
  const { responses, ...measured } = await sendAll(
    managementRequests(operation, count, { host, access_token }),
    issuer,
  );
  for (const response of responses) assertManaged(response);
  return measured;
}

async function askFloor({ issuer, count }: Extract<Order, { order: 'ask the floor' }>): Promise<Load> {
  const { responses, ...measured } = await sendAll(floorRequests(count, new URL(issuer).host), issuer);
  for (const response of responses) assertClaims(response);
  return measured;
}

const managementTokens = new Map<string, string>();

async function askForManagementToken(issuer: string): Promise<string> {
  const audience = `${issuer}api/v2/`;
  const answer = await new Browser(issuer).postForm(paths.token, {
    grant_type: 'client_credentials',
    ...machine,
    audience,
  });
  const { access_token } = answer.json();
  if (typeof access_token !== 'string') throw new Error(`No token for the Management API: ${answer.text}`);
  managementTokens.set(issuer, access_token);
  return access_token;
}

/** All of them, over the connections at once. */
async function sendAll(requests: string[], issuer: string): Promise<Load & { responses: Response[] }> {
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
  return { responses, milliseconds, latencies, cpuMilliseconds: (user + system) / 1000 };
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
