// §3.7: what is found in the log, on both engines, by an index or step by step.
import { beforeEach, describe, expect, test } from 'vitest';
import { type LogSearch, searchableLog } from '../../packages/server/src/management/logs/ports.ts';
import { conditionOf } from '../../packages/server/src/management/search/condition.ts';
import type { LogEvent } from '../../packages/server/src/model/events.ts';
import { SqlLogReader } from '../../packages/server/src/storage/entities/log-reader.ts';
import { requester } from './builders.ts';
import { engines, start, useDatabase } from './databases.ts';

/** As what nobody can look for is kept. */
const nobody = 'no\ufffdbody';
/** A minute apart. */
const events: LogEvent[] = [
  { type: 's', description: 'first', user_id: 'auth0|1', client_id: 'spa', client_name: 'Single page' },
  { type: 'fp', description: 'Wrong password', user_id: 'auth0|1', user_name: 'ada@example.com' },
  { type: 'fu', description: 'no\0body', user_name: 'No\0body' },
  { type: 'slo', description: 'out', user_id: 'auth0|2', connection: 'db', connection_id: 'con_1' },
  { type: 's', description: 'last', user_id: 'auth0|1', strategy: 'auth0', strategy_type: 'database' },
];
const minute = (at: number) => new Date((start + 60 * at) * 1000).toISOString();

const searches: [q: string, found: string[]][] = [
  ['', ['last', 'out', nobody, 'Wrong password', 'first']],
  ['type:s', ['last', 'first']],
  ['type:s AND user_id:"auth0|1" AND client_id:spa', ['first']],
  ['type:(s OR slo)', ['last', 'out', 'first']],
  ['NOT type:s', ['out', nobody, 'Wrong password']],
  ['user_id:"auth0|1"', ['last', 'Wrong password', 'first']],
  [`date:[${minute(1)} TO ${minute(3)}]`, ['out', nobody, 'Wrong password']],
  [`date:{* TO "${minute(1)}"}`, ['first']],
  ['date:2027-01-15', ['last', 'out', nobody, 'Wrong password', 'first']],
  ['date:2027-01-16', []],
  [`date:[${minute(2)} TO *] OR type:fp`, ['last', 'out', nobody, 'Wrong password']],
  ['description:"Wrong password"', ['Wrong password']],
  ['description:"wrong password"', []],
  ['description:Wro*', ['Wrong password']],
  ['user_name:*example*', ['Wrong password']],
  ['client_name:"Single page"', ['first']],
  ['connection:db AND connection_id:con_1', ['out']],
  ['strategy_type:database', ['last']],
  ['_exists_:user_id', ['last', 'out', 'Wrong password', 'first']],
  [
    'NOT _exists_:organization_id AND ip:192.0.2.1 AND hostname:id.example',
    ['last', 'out', nobody, 'Wrong password', 'first'],
  ],
  ['ada', ['Wrong password']],
  ['slo', ['out']],
  ['user_name:No?body', []],
  ['user_name:"No\ufffdbody"', [nobody]],
];

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  beforeEach(async () => {
    for (const event of events) {
      await databases.current.write((stores) => stores.log.write(event, requester));
      databases.current.clock.advance(60);
    }
  });

  const search = async (
    q: string,
    differs: Partial<LogSearch> = {},
    limits?: { step: number; most: number },
  ) => {
    const reader = new SqlLogReader(databases.current.database.read, limits);
    const condition = conditionOf(q, searchableLog);
    const found = await reader.find({ condition, oldestFirst: false, limit: 50, offset: 0, ...differs });
    return found?.map(({ description }) => description);
  };

  test.each([
    ['at once', undefined],
    ['step by step', { step: 2, most: 100 }],
  ])('the newest come first, and are found %s', async (_how, limits) => {
    const found: typeof searches = [];
    for (const [q] of searches) found.push([q, ((await search(q, {}, limits)) ?? []) as string[]]);
    expect(found).toEqual(searches);
  });

  test('a page is of the whole, in either order', async () => {
    for (const limits of [undefined, { step: 2, most: 100 }]) {
      for (const q of ['_exists_:type', '']) {
        expect(await search(q, { limit: 2, offset: 1 }, limits)).toEqual(['out', nobody]);
        expect(await search(q, { limit: 2, offset: 1, oldestFirst: true }, limits)).toEqual([
          'Wrong password',
          nobody,
        ]);
        expect(await search(q, { limit: 2, offset: 3 }, limits)).toEqual(['Wrong password', 'first']);
        expect(await search(q, { limit: 2, offset: 5 }, limits)).toEqual([]);
      }
    }
  });

  test('a search that would look at too many entries is given up, unless its page is full before', async () => {
    const limits = { step: 1, most: 3 };
    expect(await search('client_id:nobody', {}, limits)).toBeUndefined();
    expect(await search('_exists_:connection', { limit: 1 }, limits)).toEqual(['out']);
  });

  test('entries come by their id, and behind one of them', async () => {
    const { logReader } = databases.current.read;
    const all = await logReader.listAfter('', 100);
    expect(all.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
    expect(await logReader.listAfter(all[1]!.log_id, 2)).toEqual(all.slice(2, 4));
    expect(await logReader.get(all[2]!.log_id)).toEqual(all[2]);
    expect(await logReader.get('0')).toBeUndefined();
  });
});
