// What the filters mean in the words of the API's search.
import { logEvents } from '../../api/log-events.ts';
import { wordsFor } from '../../api/user-search.ts';
import type { UrlState } from '../../parts/url-state.ts';

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

const failures = Object.entries(logEvents)
  .filter(([, { kind }]) => kind !== 'success')
  .map(([type]) => type);

/** Those in which somebody was kept out, as the filter "failed_logins". */
const failedLogins = ['f', 'fp', 'fu', 'fepft', 'fepotpft', 'limit_wc', 'limit_mu'];

/** Who or what an entry is about: the name in the URL, and the field of the API's search. */
export const subjects = {
  user: 'user_id',
  client: 'client_id',
  connection: 'connection_id',
  organization: 'organization_id',
} as const;
export type Subject = keyof typeof subjects;
export const subjectNames = Object.keys(subjects) as Subject[];

export const subjectWords: Readonly<Record<Subject, string>> = {
  user: 'User',
  client: 'Application',
  connection: 'Connection',
  organization: 'Organization',
};

/** Everything by which the log is narrowed, as it stands in the URL. */
export const logFilters = ['q', 'type', 'since', 'from', 'until', ...subjectNames] as const;

export function logQuery(url: Pick<UrlState, 'get'>, now = Date.now()): string | undefined {
  const terms = [
    wordsFor(url.get('q')),
    typeTerm(url.get('type')),
    sinceTerm(url.get('since'), now),
    betweenTerm(url.get('from'), url.get('until')),
    ...subjectNames.map((name) =>
      url.get(name) === '' ? undefined : `${subjects[name]}:${quoted(url.get(name))}`,
    ),
  ].filter((term) => term !== undefined);
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

function typeTerm(type: string): string | undefined {
  if (type === '') return undefined;
  const types = { failures, failed_logins: failedLogins }[type] ?? [type];
  return `type:(${types.map(quoted).join(' OR ')})`;
}

/** Rounded to the minute, so that what is asked again in a moment is the same question. */
function sinceTerm(since: string, now: number): string | undefined {
  const [, count, unit = ''] = /^(\d+)([hd])$/.exec(since) ?? [];
  if (count === undefined) return undefined;
  const start = now - Number(count) * (units[unit] ?? 0);
  return `date:[${new Date(Math.floor(start / 60_000) * 60_000).toISOString()} TO *]`;
}

/** ISO 8601; what is no time leaves that end open. */
function betweenTerm(from: string, until: string): string | undefined {
  const [start, end] = [from, until].map((time) => (Number.isNaN(Date.parse(time)) ? '*' : time));
  return start === '*' && end === '*' ? undefined : `date:[${start} TO ${end}]`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
