// Whatever is searched for, both engines find the same users, at once and step by step, and nothing but that: no query
// makes a statement that an engine refuses.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchableLog } from '../../packages/server/src/management/logs/ports.ts';
import { conditionOf } from '../../packages/server/src/management/search/condition.ts';
import { MalformedQuery } from '../../packages/server/src/management/search/parse.ts';
import {
  searchableUser,
  type UserSortField,
  userSortFields,
} from '../../packages/server/src/management/search/ports.ts';
import { openDatabase } from '../../packages/server/src/storage/database.ts';
import { SqlLogReader } from '../../packages/server/src/storage/entities/log-reader.ts';
import { SqlUserSearchStore } from '../../packages/server/src/storage/entities/user-search.ts';
import { client, connection, identity, requester, user } from './builders.ts';
import { type EmptyDatabase, engines, OpenedDatabase, start } from './databases.ts';

const opened: OpenedDatabase[] = [];
const empty: EmptyDatabase[] = [];
const texts = ['ada', 'Ada L.', 'bob', 'ÉLO', 'a%_*?[b', "o'hara", 'a"b', 'x\\y', 'Ⅷ', '10', 'true', '😀'];

beforeAll(async () => {
  for (const { create } of engines) {
    const database = await create();
    empty.push(database);
    const one = new OpenedDatabase(database.url, await openDatabase(database.url));
    opened.push(one);
    await fill(one);
  }
});
afterAll(async () => {
  for (const { database } of opened) await database.close();
  for (const database of empty) await database.drop();
});

const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!;

async function fill(database: OpenedDatabase): Promise<void> {
  await database.write(async (stores) => {
    await stores.clients.upsert(client());
    await stores.connections.upsert(connection());
    for (const [index, text] of texts.entries()) {
      const person = user({
        user_id: `auth0|${index}`,
        email: index % 4 === 3 ? null : `${index}@${at(['example.com', 'Example.ORG'], index)}`,
        name: text,
        given_name: index % 3 === 0 ? null : at(texts, index + 1),
        family_name: null,
        nickname: at(texts, index + 2),
        username: index % 2 === 0 ? null : `user${index}`,
        blocked: index % 5 === 0,
        created_at: start + index * 43_200,
        last_login: index % 2 === 0 ? null : start + (index % 3),
        logins_count: index % 4,
        user_metadata: {
          a: text,
          b: { c: [index, { d: at(texts, index + 3) }] },
          e: index % 2 === 0,
          n: null,
        },
      });
      const { email, username } = person;
      await stores.users.insert(
        person,
        identity({ user_id: String(index), owner: person.user_id, email, username }),
        null,
      );
      await stores.log.write(
        { type: at(['s', 'fp', 'slo'], index), user_id: `auth0|${index % 4}`, description: text },
        requester,
      );
    }
  });
}

const text = fc.oneof(
  fc.constantFrom(
    ...texts,
    '1',
    '3',
    'false',
    'auth0',
    '2027',
    '2027-01-16',
    '2027-01-17T12:00:00Z',
    'example.com',
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const value = fc.oneof(
  text.map((each) => JSON.stringify(each)),
  text.map((each) => each.replace(/[\s+\-!(){}[\]^"~*:\\]/g, '\\$&')),
  text.map((each) => `${each.replace(/[\s+\-!(){}[\]^"~*:\\]/g, '\\$&')}*`),
  text.map((each) => `*${each.replace(/[\s+\-!(){}[\]^"~*:\\]/g, '\\$&')}*`),
  fc.tuple(text, text).map(([from, to]) => `[${JSON.stringify(from)} TO ${JSON.stringify(to)}}`),
  text.map((from) => `{${JSON.stringify(from)} TO *]`),
);

function queries(fields: readonly string[]): fc.Arbitrary<string> {
  const term = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...fields), value).map((parts) => parts.join(':')) },
    { weight: 1, arbitrary: value },
    { weight: 1, arbitrary: fc.constantFrom(...fields).map((field) => `_exists_:${field}`) },
  );
  const { query } = fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      term,
      fc
        .tuple(tie('query'), fc.constantFrom(' AND ', ' OR ', ' ', ' -'), tie('query'))
        .map((p) => `(${p.join('')})`),
      tie('query').map((inner) => `NOT (${inner})`),
    ),
  }));
  return query;
}

/** Undefined where the query is refused, before any database is asked. */
function meaning<Condition>(parse: () => Condition): Condition | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedQuery);
    return undefined;
  }
}

describe('both engines, at once and step by step', () => {
  const metadata = [
    'user_metadata.a',
    'user_metadata.b.c',
    'user_metadata.b.c.d',
    'user_metadata.e',
    'app_metadata.x',
  ];
  const userFields = Object.keys(searchableUser.fields).filter((name) => !name.endsWith('_metadata'));

  test('find the same users', async () => {
    const sort = fc.option(
      fc.record({ field: fc.constantFrom<UserSortField>(...userSortFields), descending: fc.boolean() }),
      { nil: undefined },
    );
    let found = 0;
    await fc.assert(
      fc.asyncProperty(queries([...userFields, ...metadata]), sort, async (q, order) => {
        const condition = meaning(() => conditionOf(q, searchableUser));
        if (condition === undefined) return;
        const answers: unknown[] = [];
        for (const { database } of opened) {
          for (const limits of [undefined, { few: -1, step: 5, most: 1000 }]) {
            const search = { condition, sort: order, limit: 50, offset: 0, counted: true };
            const answer = await new SqlUserSearchStore(database.read, limits).find(search);
            const ids = answer?.items.map(({ user: { user_id } }) => user_id) ?? [];
            found += ids.length;
            answers.push({ ids: order === undefined ? ids.toSorted() : ids, total: answer?.total });
          }
        }
        for (const answer of answers) expect(answer).toEqual(answers[0]);
      }),
      { numRuns: 400 },
    );
    expect(found).toBeGreaterThan(1000);
  });

  test('find the same log entries', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(queries(Object.keys(searchableLog.fields)), fc.boolean(), async (q, oldestFirst) => {
        const condition = meaning(() => conditionOf(q, searchableLog));
        if (condition === undefined) return;
        const answers: unknown[] = [];
        for (const { database } of opened) {
          for (const limits of [undefined, { step: 5, most: 1000 }]) {
            const search = { condition, oldestFirst, limit: 50, offset: 0 };
            const entries = await new SqlLogReader(database.read, limits).find(search);
            found += entries?.length ?? 0;
            answers.push(entries?.map(({ description }) => description));
          }
        }
        // The ids are of each database.
        if (!/log_id/.test(q)) for (const answer of answers) expect(answer).toEqual(answers[0]);
      }),
      { numRuns: 400 },
    );
    expect(found).toBeGreaterThan(1000);
  });
});
