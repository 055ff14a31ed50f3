// Many people at once: password hashing is the costly thing that strangers can ask for, so it waits in a bounded line
// while everything else goes on being answered.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import { authorizationUrl, newPkce, password, sampleTenant } from '../setup/flow.ts';
import { type ServerProcess, startProcess } from '../setup/process.ts';

const people = 1000;
const atOnce = 200;
/** As password-hashing.ts has it: those hashed and those waiting, in all; and of one address. */
const mostInLine = 258;
const mostOfOneAddress = 64;

// Cheap to verify, and each is hashed anew with Argon2id at its first login.
const password_hash = '$2b$04$OI7NMQ1Ovkjvm7LyDPicPejOwJJhYe9oe6s1LOYk.ZCq2LfpNYYwG';

const emailOf = (person: number) => `person-${person}@example.com`;
const addressOf = (person: number) => `10.0.${person >> 8}.${person & 255}`;

let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess({
    tenant: sampleTenant(),
    users: Array.from({ length: people }, (_, person) => ({ email: emailOf(person), password_hash })),
    environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1', LOG_LEVEL: 'fatal' },
  });
});
afterAll(() => server.stop());

interface Visit {
  agent: Agent;
  fields: Record<string, string>;
  action: string;
  address: string;
}

/** A person in front of the login form, everything filled in. */
async function visit(person: number, address = addressOf(person)): Promise<Visit> {
  const agent = server.newAgent();
  const page = await agent.open(authorizationUrl(server, newPkce()));
  const hidden = [...page.text.matchAll(/name="(state|csrf)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1] ?? '';
  return {
    agent,
    action,
    address,
    fields: { ...fields, username: emailOf(person), password, action: 'default' },
  };
}

function submit({ agent, action, fields, address }: Visit): Promise<Answer> {
  return agent.postForm(action, fields, { 'x-forwarded-for': address });
}

async function expectCode({ agent }: Visit, answer: Answer): Promise<void> {
  expect(answer.status).toBe(303);
  expect((await agent.follow(answer)).location?.searchParams.has('code')).toBe(true);
}

let hashed = 0;

/** How many more people are logged in while a request is answered that needs no password. */
async function overtaken(): Promise<number> {
  const before = hashed;
  expect((await server.newAgent().send('/.well-known/jwks.json')).status).toBe(200);
  return hashed - before;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Infinity;

test(`PW-20: ${people} people log in, ${atOnce} at once, and the event loop answers others meanwhile`, {
  timeout: 600_000,
}, async () => {
  const meanwhile: number[] = [];
  for (let first = 0; first < people; first += atOnce) {
    const visits = await Promise.all(Array.from({ length: atOnce }, (_, index) => visit(first + index)));
    await Promise.all(
      visits.map(async (each) => {
        const answer = await submit(each);
        hashed += 1;
        // While those behind in the line are hashed.
        meanwhile.push(await overtaken());
        await expectCode(each, answer);
      }),
    );
  }
  expect(meanwhile).toHaveLength(people);
  expect(median(meanwhile)).toBeLessThan(10);
});

/** Those beyond the line are turned away with a page that says so; nobody gets anything else. */
async function expectTurnedAway(visits: Visit[], limit: number): Promise<Visit[]> {
  const answers = await Promise.all(visits.map(submit));
  const turnedAway = visits.filter((_, index) => answers[index]?.status === 503);
  expect(turnedAway.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 303).length).toBeGreaterThanOrEqual(limit);
  for (const { status, headers, text } of answers.filter((answer) => answer.status !== 303)) {
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('</html>');
  }
  return turnedAway;
}

test('PW-20: one address has its share of the line, and others are served meanwhile', {
  timeout: 600_000,
}, async () => {
  const visits = await Promise.all(Array.from({ length: 150 }, (_, person) => visit(person, '192.0.2.1')));
  const neighbour = await visit(people - 1, '192.0.2.2');
  const crowd = expectTurnedAway(visits, mostOfOneAddress);
  await expectCode(neighbour, await submit(neighbour));
  const [first] = await crowd;
  if (first === undefined) throw new Error('Nobody was turned away');
  await expectCode(first, await submit(first));
});

test('PW-20: the whole line has an end; whoever is turned away logs in later on the same form', {
  timeout: 600_000,
}, async () => {
  const visits = await Promise.all(Array.from({ length: 500 }, (_, person) => visit(person)));
  const turnedAway = await expectTurnedAway(visits, mostInLine);
  const later = turnedAway.slice(0, atOnce);
  await Promise.all(later.map(async (each) => expectCode(each, await submit(each))));
});
