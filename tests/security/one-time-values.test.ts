// Mirrors Better Auth CVE-2026-114607, CVE-2026-110862, CVE-2026-121802; mod_auth_openidc CVE-2021-32791; Keycloak
// CVE-2026-1529: every value that we mint opens the one door that it was made for, and only as it was made.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { doors } from './doors.ts';
import { type Ground, type Minted, mint, prepareGround } from './minted-values.ts';

let ground: Ground;
let minted: Minted;
beforeAll(async () => {
  ground = await prepareGround();
  minted = await mint(ground);
});
afterAll(() => ground.freehold.stop());

describe.each(Object.entries(doors))('%s', (_name, door) => {
  test('opens for what was made for it', async () => {
    const fresh = await mint(ground);
    for (const kind of door.opensFor)
      expect(await door.opens(fresh.values[kind], ground, fresh), kind).toBe(true);
  });

  test('opens for nothing else that we mint', async () => {
    for (const [kind, value] of Object.entries(minted.values)) {
      if (door.opensFor.some((home) => home === kind)) continue;
      expect(await door.opens(value, ground, minted), kind).toBe(false);
    }
  });

  test('opens for no value with one character changed, cut off or added', async () => {
    for (const kind of door.opensFor) {
      const value = minted.values[kind];
      const { spelling = String } = door;
      const others = [
        ...[...value].map((_, index) => changedAt(value, index)),
        value.slice(1),
        value.slice(0, -1),
        `${value}A`,
        `A${value}`,
        value.repeat(2),
        value.toLowerCase(),
      ];
      for (const changed of others.filter((other) => spelling(other) !== spelling(value)))
        expect(await door.opens(changed, ground, minted), `${kind}: ${changed} for ${value}`).toBe(false);
    }
  });
});

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The least bit of the character, which a careless decoder of base64url passes over at the end. */
function changedAt(value: string, index: number): string {
  const position = alphabet.indexOf(value.charAt(index));
  const other = position < 0 ? 'A' : alphabet.charAt(position ^ 1);
  return `${value.slice(0, index)}${other}${value.slice(index + 1)}`;
}

test('RV-3, RV-7: /oauth/revoke says nothing of any value, and revokes for nothing but a refresh token', async () => {
  const { values } = await mint(ground);
  const { freehold } = ground;
  const agent = new Agent(freehold.issuer);
  for (const [kind, token] of Object.entries(values)) {
    if (kind === 'refresh token') continue;
    const answer = await agent.postForm('/oauth/revoke', { client_id: 'spa', token });
    expect([kind, answer.status, answer.text]).toEqual([kind, 200, '']);
  }
  const headers = { authorization: `Bearer ${values['opaque access token']}` };
  expect((await agent.send('/userinfo', { headers })).status).toBe(200);
  const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: values['refresh token'] };
  expect((await agent.postForm('/oauth/token', fields)).status).toBe(200);
});

test('no value is stored in the database as it is', async () => {
  const { values } = await mint(ground);
  const { freehold } = ground;
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(`${freehold.folder}/freehold.db`, { readOnly: true });
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from "${String(name)}"`).all());
  database.close();
  expect(rows.length).toBeGreaterThan(10);
  const stored = JSON.stringify(rows);
  // The sid and the kid are names, not secrets; a one-time password waits in its mail.
  const { sid: _sid, kid: _kid, 'one-time password': _mailed, ...secrets } = values;
  for (const [kind, value] of Object.entries(secrets)) expect(stored.includes(value), kind).toBe(false);
});
