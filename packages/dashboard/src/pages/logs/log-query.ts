// What the filters mean in the words of the API's search.
import { logEvents } from '../../api/log-events.ts';
import { wordsFor } from '../../api/user-search.ts';
import type { UrlState } from '../../parts/url-state.ts';

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

const failures = Object.entries(logEvents)
  .filter(([, { kind }]) => kind !== 'success')
  .map(([type]) => type);

export function logQuery(url: Pick<UrlState, 'get'>, now = Date.now()): string | undefined {
  const [q, type, since, user, client] = ['q', 'type', 'since', 'user', 'client'].map((name) =>
    url.get(name),
  );
  const terms = [
    wordsFor(q ?? ''),
    typeTerm(type ?? ''),
    sinceTerm(since ?? '', now),
    user === '' ? undefined : `user_id:${quoted(user ?? '')}`,
    client === '' ? undefined : `client_id:${quoted(client ?? '')}`,
  ].filter((term) => term !== undefined);
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

function typeTerm(type: string): string | undefined {
  if (type === '') return undefined;
  return `type:(${(type === 'failures' ? failures : [type]).map(quoted).join(' OR ')})`;
}

/** Rounded to the minute, so that what is asked again in a moment is the same question. */
function sinceTerm(since: string, now: number): string | undefined {
  const [, count, unit = ''] = /^(\d+)([hd])$/.exec(since) ?? [];
  if (count === undefined) return undefined;
  const start = now - Number(count) * (units[unit] ?? 0);
  return `date:[${new Date(Math.floor(start / 60_000) * 60_000).toISOString()} TO *]`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
