// What the filters of the list mean in the words of the API's search.
import type { Query } from '../../api/request.ts';
import type { UrlState } from '../../parts/url-state.ts';

const day = 86_400_000;

/** What somebody typed: a search of the API's own grammar if it looks like one, else the beginning of a name or address. */
export function searchFor(typed: string): string | undefined {
  if (typed === '') return undefined;
  if (/[\w.]+:\S/.test(typed) || /\b(?:AND|OR|NOT)\b/.test(typed)) return `(${typed})`;
  const start = escaped(typed);
  return `(${['email', 'name', 'username', 'user_id', 'phone_number'].map((field) => `${field}:${start}*`).join(' OR ')})`;
}

/** Each character that the grammar means something by is meant literally. */
function escaped(text: string): string {
  return text.replace(/[+\-&|!(){}[\]^"~*?:\\/\s]/g, '\\$&');
}

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
