// §3.5: what `q` finds among users, on both engines, whichever way it is looked for.
import { beforeEach, describe, expect, test } from 'vitest';
import { conditionOf } from '../../packages/server/src/management/search/condition.ts';
import { searchableUser, type UserSearch } from '../../packages/server/src/management/search/ports.ts';
import type { User } from '../../packages/server/src/model/user.ts';
import {
  type SearchLimits,
  SqlUserSearchStore,
} from '../../packages/server/src/storage/entities/user-search.ts';
import { client, connection, identity, user } from './builders.ts';
import { engines, start, useDatabase } from './databases.ts';

const people: Partial<User>[] = [
  {
    user_id: 'auth0|ada',
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    nickname: 'ada',
    user_metadata: {
      plan: { name: 'gold' },
      tags: ['a', 'b'],
      addresses: [{ city: 'Paris' }, { city: 'Rom' }],
    },
    created_at: start,
    last_login: start + 100,
    logins_count: 3,
  },
  {
    user_id: 'auth0|bob',
    email: 'Bob@Elsewhere.example',
    name: 'Bob',
    given_name: null,
    nickname: 'bobby',
    username: 'bob',
    blocked: true,
    user_metadata: {
      plan: { name: 'Gold' },
      level: 7,
      ratio: 0.5,
      on: true,
      nothing: null,
      empty: [],
      'k"e\\y': 'x',
    },
    app_metadata: { level: '7' },
    created_at: start + 86_400,
    logins_count: 10,
  },
  {
    user_id: 'sms|cleo',
    email: null,
    name: '+4912345',
    given_name: 'Élodie',
    nickname: '100%_[x]*?',
    phone_number: '+4912345',
    user_metadata: { text: 'a\0b', half: '\ud800', tags: [] },
    created_at: start + 2 * 86_400,
  },
];
const [ada, bob, cleo] = ['auth0|ada', 'auth0|bob', 'sms|cleo'];

const searches: [q: string, found: string[]][] = [
  ['', [ada, bob, cleo]],
  ['user_id:"auth0|ada"', [ada]],
  ['user_id:auth0*', [ada, bob]],
  ['email:"ADA@example.com"', [ada]],
  ['email:bob*', [bob]],
  ['email:*elsewhere*', [bob]],
  ['email.domain:"elsewhere.example"', [bob]],
  ['name:"ada lovelace"', [ada]],
  ['name:ADA*', [ada]],
  ['given_name:"ÉLODIE"', [cleo]],
  ['family_name:love*', [ada]],
  ['nickname:bobb*', [bob]],
  ['nickname:"100%_[x]*?"', [cleo]],
  ['nickname:*%_\\[x\\]\\**', [cleo]],
  ['nickname:*_%\\[*', []],
  ['username:bob', [bob]],
  ['phone_number:"+4912345"', [cleo]],
  ['blocked:true', [bob]],
  ['NOT blocked:true', [ada, cleo]],
  ['NOT email:ada*', [bob, cleo]],
  ['NOT NOT (NOT email:ada*)', [bob, cleo]],
  ['-email:ada* -email:bob*', [cleo]],
  ['_exists_:email', [ada, bob]],
  ['NOT _exists_:last_login', [bob, cleo]],
  ['logins_count:[3 TO 10}', [ada]],
  ['logins_count:10', [bob]],
  ['last_login:[2020 TO *]', [ada]],
  ['created_at:{2027-01-15 TO *]', [bob, cleo]],
  ['created_at:"2027-01-16"', [bob]],
  ['identities.connection:"sms"', [cleo]],
  ['identities.connection:sms OR name:bob', [bob, cleo]],
  ['identities.provider:auth0', [ada, bob]],
  ['identities.user_id:ada', [ada]],
  ['identities.isSocial:false AND name:bob', [bob]],
  ['organization_id:org_1', []],
  ['user_metadata.plan.name:"gold"', [ada]],
  ['user_metadata.plan.name:Gold', [bob]],
  ['user_metadata.plan:gold', []],
  ['user_metadata.tags:b', [ada]],
  ['user_metadata.addresses.city:"Rom"', [ada]],
  ['user_metadata.level:7', [bob]],
  ['user_metadata.ratio:0.5', [bob]],
  ['user_metadata.on:true', [bob]],
  ['app_metadata.level:7', [bob]],
  ['user_metadata.k\\"e\\\\y:x', [bob]],
  ['_exists_:user_metadata.nothing', []],
  ['_exists_:user_metadata.empty', []],
  ['_exists_:user_metadata.tags', [ada]],
  ['_exists_:user_metadata.plan', [ada, bob]],
  ['user_metadata.a.b.c.d.e.f.g.h.i.j:x', []],
  ['ada', [ada]],
  ['bob*', [bob]],
  ['"auth0|ada"', [ada]],
  ['lovel', [ada]],
  ['gold', []],
  ['name:(bob OR ada*) AND logins_count:[5 TO *]', [bob]],
  [`name:"x' or '1'='1"`, []],
];

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  beforeEach(async () => {
    await databases.current.write(async (stores) => {
      await stores.clients.upsert(client());
      await stores.connections.upsert(connection());
      await stores.connections.upsert(connection({ id: 'con_2', name: 'sms' }));
      for (const differs of people) {
        const person = user({ given_name: null, family_name: null, ...differs });
        const [provider = '', user_id = ''] = person.user_id.split('|');
        const of = provider === 'sms' ? { connection_id: 'con_2', connection: 'sms' } : {};
        const { email, username, phone_number } = person;
        await stores.users.insert(
          person,
          identity({ provider, user_id, owner: person.user_id, email, username, phone_number, ...of }),
          null,
        );
      }
    });
  });

  const search = async (q: string, differs: Partial<UserSearch> = {}, limits?: SearchLimits) => {
    const store = new SqlUserSearchStore(databases.current.database.read, limits);
    const condition = conditionOf(q, searchableUser);
    const found = await store.find({
      condition,
      sort: undefined,
      limit: 50,
      offset: 0,
      counted: true,
      ...differs,
    });
    return found && { ids: found.items.map(({ user }) => user.user_id), total: found.total };
  };

  test.each([
    ['by an index, or among few', undefined],
    ['step by step', { few: -1, step: 2, most: 100 }],
  ])('the same is found %s', async (_how, limits) => {
    const found: typeof searches = [];
    for (const [q] of searches) found.push([q, (await search(q, {}, limits))?.ids.toSorted() ?? []]);
    expect(found).toEqual(searches);
  });

  test('a page is of the whole, in the order that is asked for, and nothing sorts before everything', async () => {
    for (const limits of [undefined, { few: -1, step: 1, most: 100 }]) {
      for (const q of ['', '_exists_:name AND NOT user_id:nobody']) {
        const sorted = async (field: UserSearch['sort'], page = {}) =>
          (await search(q, { sort: field, ...page }, limits))?.ids;
        expect(await sorted({ field: 'email', descending: false })).toEqual([cleo, ada, bob]);
        expect(await sorted({ field: 'email', descending: true })).toEqual([bob, ada, cleo]);
        expect(await sorted({ field: 'last_login', descending: true })).toEqual([ada, cleo, bob]);
        expect(await sorted({ field: 'blocked', descending: true })).toEqual([bob, cleo, ada]);
        expect(await sorted({ field: 'created_at', descending: true }, { limit: 1, offset: 1 })).toEqual([
          bob,
        ]);
        expect(await sorted({ field: 'created_at', descending: true }, { limit: 1, offset: 3 })).toEqual([]);
      }
    }
  });

  test('a search that would look at too many rows is given up, unless its page is full before', async () => {
    const limits = { few: -1, step: 1, most: 2 };
    expect(await search('name:*nobody*', {}, limits)).toBeUndefined();
    expect(await search('name:*lovelace*', { limit: 1, counted: false }, limits)).toEqual({ ids: [ada] });
  });
});
