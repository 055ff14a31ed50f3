// What the filters of the list mean in the words of the API's search.
import type { Query } from '../../api/request.ts';
import { searchFor } from '../../api/user-search.ts';
import type { UrlState } from '../../parts/url-state.ts';

const day = 86_400_000;

export function usersQuery(url: Pick<UrlState, 'get'>, now = Date.now()): Query {
  const seen = url.get('seen');
  const terms = [
    searchFor(url.get('q')),
    url.get('blocked') === '' ? undefined : `blocked:${url.get('blocked')}`,
    url.get('connection') === '' ? undefined : `identities.connection:"${url.get('connection')}"`,
    seen === 'never' ? 'NOT _exists_:last_login' : undefined,
    Number(seen) > 0 ? `last_login:[${new Date(now - Number(seen) * day).toISOString()} TO *]` : undefined,
  ].filter((term) => term !== undefined);
  return {
    q: terms.length === 0 ? undefined : terms.join(' AND '),
    sort: url.get('sort') || 'created_at:-1',
  };
}
